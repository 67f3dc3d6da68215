/** Whether files are refused as they should be: with a FormatError, and before anything is changed. */
import { expect } from "vitest";
import { FormatError, type Model, type RestoreOptions } from "../../../src/index.ts";
import { weightBits } from "../../given/models.ts";

/** All that a snapshot holds, as one text: equal only where every bit of it is. */
export const everything = (model: Model): string => Buffer.from(model.snapshot()).toString("base64");

/** The message with which a file is refused. @throws when it is accepted, or changes the model */
export function refusalOf(model: Model, bytes: unknown, options: RestoreOptions = {}): string {
  const [before, weights] = [everything(model), weightBits(model)];
  try {
    model.restore(bytes as Uint8Array, options);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    expect(weightBits(model)).toEqual(weights);
    expect(everything(model)).toBe(before);
    expect((error as Error).message.length).toBeLessThan(700);
    return (error as Error).message;
  }
  throw new Error("was not refused");
}
