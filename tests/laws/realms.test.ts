/** Arrays of another realm, as in `vm` and the tests of jest, are arrays: each realm has classes of its own. */
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { jsonLinesLog } from "../../src/callbacks/textLog.js";
import { arrayKind, isBytes } from "../../src/check/arrayKind.js";
import { Dataset, standardScaler, takeRows } from "../../src/data/index.js";
import { compile, dense, input, sequential } from "../../src/index.js";
import { logLoss } from "../../src/metrics/index.js";

type Kind = "Float32Array" | "Uint8Array" | "Uint8ClampedArray" | "Float64Array";

/** The same numbers in an array of another realm. */
function foreign<A extends ArrayLike<number>>(kind: Kind, values: ArrayLike<number>): A {
  return runInNewContext(`${kind}.from(values)`, { values: Array.from(values) }) as A;
}

const numbers = [0, 1, 1, 0, 1, 1, 0, 0];
const labels = [0, 1, 1, 0];
const train = async (x: Float32Array | Uint8Array, y: Uint8Array | Float32Array, dataMemory?: number) => {
  const model = await compile(sequential(input(2), dense(2, "softmax")), { loss: "crossEntropy", seed: 1 });
  await model.fit({ x, y }, { epochs: 2, batchSize: 2, ...(dataMemory === undefined ? {} : { dataMemory }) });
  return { model, weights: model.weights() };
};

describe("an array of another realm", () => {
  const x = foreign<Uint8Array>("Uint8Array", numbers);

  it("is no instance of this realm's classes, and is known for what it is", () => {
    expect(x instanceof Uint8Array).toBe(false);
    expect(arrayKind(x)).toBe("Uint8Array");
    expect([x, foreign("Uint8ClampedArray", [1])].every(isBytes)).toBe(true);
    expect([foreign("Float32Array", [1]), Buffer.alloc(1), []].map(arrayKind)).toEqual([
      "Float32Array",
      "Uint8Array",
      undefined,
    ]);
  });

  it("does not tell wrong what it is", () => {
    const liar = Object.defineProperty(new Float64Array(2), Symbol.toStringTag, { value: "Uint8Array" });
    expect(arrayKind(liar)).toBe("Float64Array");
    expect(arrayKind({ [Symbol.toStringTag]: "Uint8Array" })).toBeUndefined();
    expect(arrayKind(new DataView(new ArrayBuffer(8)))).toBeUndefined();
  });

  it.each([undefined, 64])("trains to the same weights, with dataMemory %s", async (dataMemory) => {
    const own = await train(Uint8Array.from(numbers), Uint8Array.from(labels), dataMemory);
    for (const kind of ["Uint8Array", "Float32Array", "Uint8ClampedArray", "Float64Array"] as const) {
      const { weights } = await train(foreign(kind, numbers), foreign(kind, labels), dataMemory);
      expect(weights, kind).toEqual(own.weights);
    }
    const y = Float32Array.from(await own.model.predict(Uint8Array.from(numbers)));
    expect(await own.model.predict(x)).toEqual(y);
  });

  it("sets weights", async () => {
    const { model, weights } = await train(Uint8Array.from(numbers), Uint8Array.from(labels));
    const [name, { data }] = Object.entries(weights)[0] as [string, { data: Float32Array }];
    model.setWeights({
      [name]: foreign<Uint8Array>(
        "Uint8Array",
        Array.from(data, (_, i) => i),
      ),
    });
    expect(Array.from(model.weights()[name]?.data ?? [])).toEqual(Array.from(data, (_, i) => i));
  });

  it("stays of bytes in datasets, and is copied on arrival", async () => {
    const examples = [x.subarray(0, 2), x.subarray(2, 4)].map((row) => ({ row }));
    for await (const { row } of Dataset.fromIterable(examples).batch(2)) {
      expect(row).toEqual(Uint8Array.from(numbers.slice(0, 4)));
    }
    expect(takeRows({ x }, [1], { rows: 4 }).x).toEqual(Uint8Array.from(numbers.slice(2, 4)));
  });

  it("is text that a stream gives", async () => {
    const bytes = foreign<Uint8Array>("Uint8Array", Buffer.from("1,2\n3,4\n"));
    const stream = () => new Response(bytes as Uint8Array<ArrayBuffer>).body as ReadableStream<Uint8Array>;
    const lines: string[] = [];
    for await (const line of Dataset.fromFile(stream)) lines.push(line);
    expect(lines).toEqual(["1,2", "3,4"]);
  });

  it("is taken by metrics, encoders and logs", async () => {
    const predicted = [0.9, 1e-9];
    const scored = (given: Float32Array) => logLoss(given, [1, 1]);
    expect(scored(foreign("Float32Array", predicted))).toBe(scored(Float32Array.from(predicted)));
    const scaler = standardScaler();
    expect(scaler.fitTransform(x, { columns: 2 })).toEqual(
      standardScaler().fitTransform(Uint8Array.from(numbers), { columns: 2 }),
    );
    const lines: string[] = [];
    const log = jsonLinesLog({ write: (line) => lines.push(line) });
    const report = { epoch: 1, loss: 0.5, recall: foreign("Float32Array", [1, 0]) };
    await log.onEpochEnd?.(report as never, {} as never);
    expect(lines).toEqual(['{"epoch":1,"loss":0.5,"recall":[1,0]}\n']);
  });
});
