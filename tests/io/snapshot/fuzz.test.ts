/**
 * A fuzz target for what reads snapshots: files of both formats with seeded mutations, half of them with the checksums made
 * right. Each is accepted, or refused with a FormatError that leaves the model as it was; and the work is bounded by the
 * size of the file: bytes that are allocated, and turns of what reads it, both counted. `npm run test:deep` tries 10,000.
 */

import { readFileSync } from "node:fs";
import { Session } from "node:inspector";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adam, compile, dense, dropout, input, type Model, sequential } from "../../../src/index.ts";
import { chanceOf } from "../../cases/domains.ts";
import { howMany } from "../../given/depth.ts";
import { rowsOf, weightBits } from "../../given/models.ts";
import { type Anything, headerOf, partsOf, sealed, textOf } from "./file.ts";
import { bytesOf } from "./networks.ts";

const data = { x: rowsOf(45, 6), y: rowsOf(45, 3, 2) };
const ready = () =>
  compile(sequential(input(6), dense(8, "relu"), dropout(0.25), dense(3)), {
    loss: "meanSquaredError",
    metrics: ["meanAbsoluteError"],
    optimizer: adam({ learningRate: 0.01 }),
    seed: 5,
  });

/** What is put in the place of a value: what readers believed once, and the edges of numbers. */
const STRANGE: readonly unknown[] = [
  { length: 1e8 },
  { real: 5 },
  [],
  {},
  null,
  true,
  "x",
  "5",
  "NaN",
  "__proto__",
  -1,
  -0,
  0.5,
  1e300,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  Number.MAX_SAFE_INTEGER,
  [[[[]]]],
  Array(100).fill(0),
  "x".repeat(1000),
];

type Chance = () => number;
const below = (chance: Chance, limit: number) => Math.floor(chance() * limit);
const oneOf = <T>(chance: Chance, list: readonly T[]) => list[below(chance, list.length)] as T;

/** Changes one place, drawn at random, of what JSON holds. */
function changeJson(chance: Chance, root: Anything): void {
  let at = root;
  for (;;) {
    const keys = Object.keys(at);
    const key = keys.length > 0 ? oneOf(chance, keys) : "new";
    const inner = at[key];
    if (typeof inner === "object" && inner !== null && chance() < 0.8) at = inner;
    else {
      const act = below(chance, 5);
      if (act === 0) delete at[key];
      else if (act === 1)
        at[oneOf(chance, ["constructor", "new", "toString", "step"])] = oneOf(chance, STRANGE);
      else if (act === 2 && typeof inner === "number") at[key] = inner + oneOf(chance, [-1, 1, 2 ** 32, 0.5]);
      else if (act === 3 && Array.isArray(at)) at.push(inner);
      else at[key] = structuredClone(oneOf(chance, STRANGE));
      return;
    }
  }
}

/** Changes bytes: flips, overwrites, cuts, repeats, moves. */
function changeBytes(chance: Chance, given: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = Array.from(given);
  for (let times = 1 + below(chance, 4); times > 0 && bytes.length > 0; times--) {
    const at = below(chance, bytes.length);
    const act = below(chance, 6);
    if (act === 0) bytes[at] = bytes[at]! ^ (1 << below(chance, 8));
    else if (act === 1)
      bytes[at] = oneOf(chance, [0, 255, 0x22, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d, 0x5c, 0x2d, 0x30, 0x39]);
    else if (act === 2) bytes.splice(at, 1 + below(chance, 20));
    else if (act === 3) bytes.splice(at, 0, ...bytes.slice(at, at + below(chance, 40)));
    else if (act === 4) bytes.length = at;
    else bytes.splice(below(chance, 16), 1, below(chance, 256));
  }
  return Uint8Array.from(bytes);
}

/** A file of format 2 that differs in its header, its state or its bytes, most with right checksums. */
function mutant2(chance: Chance, good: Uint8Array): Uint8Array<ArrayBuffer> {
  const act = below(chance, 5);
  if (act === 0) return changeBytes(chance, good);
  const { data, text } = partsOf(good);
  if (act === 1)
    return sealed({
      text: new TextDecoder().decode(changeBytes(chance, new TextEncoder().encode(text))),
      data,
    });
  if (act === 2) return sealed({ text, data: changeBytes(chance, data) });
  const header = headerOf(good);
  if (act === 3) changeJson(chance, header);
  else {
    const state = JSON.parse(header.__metadata__.wasmgrad);
    for (let times = 1 + below(chance, 2); times > 0; times--) changeJson(chance, state);
    header.__metadata__.wasmgrad = JSON.stringify(state);
  }
  const isWhole = typeof header.__metadata__ === "object" && header.__metadata__ !== null;
  return sealed({ text: isWhole ? textOf(header) : JSON.stringify(header), data });
}

function mutant1(chance: Chance, good: Uint8Array): Uint8Array<ArrayBuffer> {
  let bytes = changeBytes(chance, good);
  if (chance() < 0.7 && good.length > 16) {
    const length = new DataView(good.buffer).getUint32(8, true);
    const header = JSON.parse(new TextDecoder().decode(good.subarray(16, 16 + length)));
    changeJson(chance, header);
    const text = new TextEncoder().encode(JSON.stringify(header).padEnd(length, " "));
    const size = text.length - (text.length % 4) + 4;
    bytes = new Uint8Array(16 + size + good.length - 16 - length).fill(0x20);
    bytes.set(good.subarray(0, 16));
    bytes.set(text, 16);
    bytes.set(good.subarray(16 + length), 16 + size);
    new DataView(bytes.buffer).setUint32(8, size, true);
  }
  if (bytes.length >= 16) {
    const view = new DataView(bytes.buffer);
    let hash = 0x811c9dc5;
    for (let at = 16; at + 4 <= bytes.length; at += 4)
      hash = Math.imul(hash ^ view.getUint32(at, true), 0x01000193);
    view.setUint32(12, hash >>> 0, true);
  }
  return bytes;
}

/** Bytes of typed arrays and buffers that a call allocates, and entries of sets and maps that it makes. */
function allocatedBy(call: () => void): number {
  let bytes = 0;
  const constructors = [
    "ArrayBuffer",
    "Uint8Array",
    "Uint32Array",
    "Int32Array",
    "Float32Array",
    "Float64Array",
  ] as const;
  const originals = constructors.map((name) => globalThis[name]);
  constructors.forEach((name, i) => {
    (globalThis as Anything)[name] = new Proxy(originals[i] as Anything, {
      construct(target, given, self) {
        const made = Reflect.construct(target, given, self);
        const isView =
          given[0] instanceof (originals[0] as Anything) || given[0] instanceof SharedArrayBuffer;
        if (!isView) bytes += made.byteLength;
        return made;
      },
    });
  });
  try {
    call();
  } finally {
    constructors.forEach((name, i) => {
      (globalThis as Anything)[name] = originals[i];
    });
  }
  return bytes;
}

/** Counts how often each block of the sources of src/io and src/check was entered: the turns of all of their loops. */
class Turns {
  readonly #session = new Session();

  #post(method: string, given: object = {}): Anything {
    let result: Anything;
    this.#session.post(method, given, (error, reply) => {
      if (error) throw error;
      result = reply;
    });
    return result;
  }

  start(): void {
    this.#session.connect();
    this.#post("Profiler.enable");
    this.#post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** Turns since the last time. */
  take(): number {
    const { result } = this.#post("Profiler.takePreciseCoverage");
    const own = result.filter(({ url }: Anything) => /src\/(io|check)\//.test(url));
    const counts = own.flatMap(({ functions }: Anything) =>
      functions.flatMap(({ ranges }: Anything) => ranges.map(({ count }: Anything) => count)),
    );
    return counts.reduce((a: number, b: number) => a + b, 0);
  }

  end(): void {
    this.#post("Profiler.stopPreciseCoverage");
    this.#session.disconnect();
  }
}

let model: Model;
const turns = new Turns();
const { stackTraceLimit } = Error;
beforeAll(async () => {
  Error.stackTraceLimit = 0;
  model = await ready();
  await model.fit(data, { epochs: 4, batchSize: 10, maxSteps: 7 });
  turns.start();
});
afterAll(() => {
  turns.end();
  Error.stackTraceLimit = stackTraceLimit;
});

const format1 = () =>
  bytesOf(
    JSON.parse(readFileSync(new URL("../../given/snapshots/format1.json", import.meta.url), "utf8")).inEpoch
      .stopped,
  );

describe.each([
  [2, mutant2, () => model.snapshot({ attachments: { note: "n", list: [1, 2, 3] } })],
  [1, mutant1, format1],
] as const)("mutated files of format %d", (format, mutant, good) => {
  it("are accepted or refused with a FormatError, the weights unchanged and the work bounded", () => {
    const chance = chanceOf(17 + format);
    const from = good();
    model.restore(from);
    const before = JSON.stringify(weightBits(model));
    let [accepted, most, perByte] = [0, 0, 0];
    const messages = new Set<string>();
    const trials = howMany(250, 5000);
    turns.take();
    for (let trial = 0; trial < trials; trial++) {
      const bytes = mutant(chance, from);
      const options = oneOf(chance, [{}, { weightsOnly: true }, { newSettings: true }]);
      let error: Anything;
      const allocated = allocatedBy(() => {
        try {
          model.restore(bytes, options);
        } catch (thrown) {
          error = thrown;
        }
      });
      most = Math.max(most, allocated / (bytes.length + 4096));
      if (error === undefined) {
        // What is still a snapshot, as with another attachment, is taken back.
        accepted++;
        model.restore(from);
      } else {
        expect(error.name, `${trial}: ${error.stack}`).toBe("FormatError");
        expect(error.message.length).toBeLessThan(1000);
        messages.add(error.message.replace(/[\d"].*/, ""));
      }
      if (trial % 50 === 49) {
        expect(JSON.stringify(weightBits(model)), `${trial}`).toBe(before);
        perByte = Math.max(perByte, turns.take() / 50 / from.length);
      }
    }
    expect(({} as Anything).new).toBeUndefined();
    // A copy of the file, numbers that lay askew, and the tables of the checksum.
    expect(most).toBeLessThan(2);
    // Each byte is looked at a few times: a loop that a file leads astray turns without end.
    expect(perByte).toBeGreaterThan(0.1);
    expect(perByte).toBeLessThan(5);
    expect(accepted).toBeLessThan(trials / 4);
    expect(messages.size).toBeGreaterThan(20);
    console.log(
      `format ${format}: ${trials} files, ${accepted} accepted, ${messages.size} kinds of refusal, at most ` +
        `${most.toFixed(2)} bytes allocated and ${perByte.toFixed(2)} turns for each byte`,
    );
  });
});
