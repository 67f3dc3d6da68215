/** Errors look further back than a runtime's stacks reach, and leave its limit as it was. */
import { afterEach, describe, expect, it } from "vitest";
import { OptionError } from "../../src/check/errors.ts";

const limit = Error.stackTraceLimit;
afterEach(() => {
  Object.defineProperty(Error, "stackTraceLimit", { value: limit, writable: true, configurable: true });
});

const framesOf = (error: Error) => (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));

/** An error below that many calls. */
const below = (calls: number): Error => (calls === 0 ? new OptionError("sample") : below(calls - 1));

describe("an error's stack", () => {
  it("has frames behind the ten that V8 keeps", () => {
    Error.stackTraceLimit = 10;
    expect(framesOf(below(25)).length).toBeGreaterThan(20);
    expect(Error.stackTraceLimit).toBe(10);
  });

  it.each([0, 1, 50, Number.POSITIVE_INFINITY])("leaves a limit of %d as it was", (chosen) => {
    Error.stackTraceLimit = chosen;
    const error = below(3);
    expect(Error.stackTraceLimit).toBe(chosen);
    if (chosen === 0) expect(framesOf(error)).toEqual([]);
  });

  it("is made where intrinsics are frozen", () => {
    Object.defineProperty(Error, "stackTraceLimit", { value: 10, writable: false, configurable: true });
    expect(below(3).message).toBe("sample");
  });
});
