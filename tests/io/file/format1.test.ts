/** A model file of format 1, frozen when it was written: what MODELFILE.md promises to read. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Weights } from "../../../src/index.ts";
import { inspect, load } from "../../../src/io/index.ts";

interface Given {
  readonly file: string;
  readonly people: readonly object[];
  readonly species: readonly string[];
  readonly answers: readonly { readonly label: string; readonly outputs: readonly number[] }[];
  readonly weights: string;
  readonly trained: string;
  readonly metadata: object;
}

const given = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../given/modelFiles/format1.json"), "utf8"),
) as Given;
const bytes = new Uint8Array(Buffer.from(given.file, "base64"));

function hashOf(weights: Weights): string {
  const hash = createHash("sha256");
  for (const [name, { data }] of Object.entries(weights)) hash.update(name).update(data);
  return hash.digest("hex");
}

describe("a model file of format 1", () => {
  it("answers as it did when it was written", async () => {
    const served = await load(bytes);
    expect(hashOf(served.model.weights())).toBe(given.weights);
    const answers = (await served.predict(given.people.slice(0, 3))) as unknown as typeof given.answers;
    expect(answers.map(({ label, outputs }) => ({ label, outputs: [...outputs] }))).toEqual(given.answers);
    expect([served.metadata, served.missing, served.madeBy]).toEqual([given.metadata, [], "wasmgrad 0.1.0"]);
  });

  it("trains on to the weights that it would have trained to then", async () => {
    const { encoders, labels, model } = await load(bytes);
    const x = (encoders[""] as { transform(rows: unknown): Float32Array }).transform(given.people);
    const y = labels[""]?.transform(given.species as string[]);
    await model.fit({ x, y } as never, { epochs: 4, batchSize: 6, resume: true, health: false });
    expect(hashOf(model.weights())).toBe(given.trained);
  });

  it("is known as what it is", async () => {
    expect(await inspect(bytes)).toMatchObject({ kind: "model", format: 1, madeBy: "wasmgrad 0.1.0" });
  });
});
