/** A file that was changed is refused, whatever it was that changed. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile, dense, input, type Model, sequential, sgd } from "../../../src/index.ts";
import { chanceOf } from "../../cases/domains.ts";
import { howMany } from "../../given/depth.ts";
import { weightBits } from "../../given/models.ts";
import { headerOf, partsOf, plainCrc, sealed } from "./file.ts";
import { refusalOf } from "./refused.ts";

const modelOf = (units: number) =>
  compile(sequential(input(2), dense(units, "tanh"), dense(1)), {
    loss: "meanSquaredError",
    optimizer: sgd(),
  });

let small: Model;
let large: Model;
beforeAll(async () => {
  // Thousands of errors, of which nobody reads the stack.
  Error.stackTraceLimit = 0;
  small = await modelOf(1);
  large = await modelOf(700);
});

/** Whether a file with one more change is refused, and by nothing but a FormatError. */
function isRefused(model: Model, bytes: Uint8Array): boolean {
  try {
    model.restore(bytes);
    return false;
  } catch (error) {
    return (error as Error).name === "FormatError";
  }
}

afterAll(() => {
  Error.stackTraceLimit = 10;
});

describe("a changed snapshot is refused", () => {
  it("whichever bit it is that was flipped, of all of a small file", () => {
    const good = small.snapshot();
    const before = weightBits(small);
    const accepted: number[] = [];
    for (let bit = 0; bit < good.length * 8; bit++) {
      good[bit >> 3] = good[bit >> 3]! ^ (1 << (bit & 7));
      if (!isRefused(small, good)) accepted.push(bit);
      good[bit >> 3] = good[bit >> 3]! ^ (1 << (bit & 7));
    }
    expect(accepted).toEqual([]);
    expect(weightBits(small)).toEqual(before);
    expect(() => small.restore(good)).not.toThrow();
  });

  it("whichever bits of a larger one", () => {
    const good = large.snapshot();
    const chance = chanceOf(3);
    for (let trial = 0; trial < howMany(300, 5000); trial++) {
      const bit = Math.floor(chance() * good.length * 8);
      const bytes = good.slice();
      bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
      expect(isRefused(large, bytes), `bit ${bit}`).toBe(true);
    }
  });

  it("when the signs of two weights were flipped, which the checksum of format 1 did not find", () => {
    const good = large.snapshot();
    const start = good.length - partsOf(good).data.length;
    const chance = chanceOf(7);
    const weights = partsOf(good).data.length / 4;
    for (let trial = 0; trial < howMany(200, 2000); trial++) {
      const one = Math.floor(chance() * weights);
      const other = (one + 1 + Math.floor(chance() * (weights - 1))) % weights;
      const bytes = good.slice();
      for (const at of [one, other]) bytes[start + 4 * at + 3] = bytes[start + 4 * at + 3]! ^ 0x80;
      expect(isRefused(large, bytes), `${one}, ${other}`).toBe(true);
    }
  });

  it("when it is cut short anywhere, or longer", () => {
    const good = small.snapshot();
    for (let length = 0; length < good.length; length++) {
      expect(isRefused(small, good.subarray(0, length)), `${length}`).toBe(true);
    }
    expect(refusalOf(small, Uint8Array.from([...good, 0, 0, 0, 0]))).toContain("the file is too long");
  });

  it("with what it is that was changed", () => {
    const good = small.snapshot();
    const { data } = partsOf(good);
    const flipped = good.slice();
    flipped[good.length - 1] = flipped[good.length - 1]! ^ 1;
    expect(refusalOf(small, flipped)).toBe(
      'restore: the checksum of "dense_2/bias" is another; the bytes were changed.',
    );
    const renamed = good.slice();
    renamed[200] = renamed[200]! ^ 1;
    expect(refusalOf(small, renamed)).toBe(
      "restore: the checksum of the header is another; the bytes were changed.",
    );
    expect(data.length).toBe(20);
  });
});

describe("the checksums of a snapshot", () => {
  it("are CRC-32C of each tensor, and of the header without that field", () => {
    const good = large.snapshot();
    const digits: string = headerOf(good).__metadata__.crc32c;
    const { text, data } = partsOf(good);
    const { __metadata__: _, ...tensors } = headerOf(good);
    const hex = (bytes: Uint8Array) => plainCrc(bytes).toString(16).padStart(8, "0");
    const own = Object.values(tensors as Record<string, { data_offsets: [number, number] }>).map(
      ({ data_offsets }) => hex(data.subarray(...data_offsets)),
    );
    expect(digits.slice(8)).toBe(own.join(""));
    expect(digits.slice(0, 8)).toBe(hex(new TextEncoder().encode(text.replace(digits.slice(0, 8), ""))));
    expect(sealed({ text, data })).toEqual(good);
  });

  it("are those of the file: one less, one more or in capitals is refused", () => {
    const { text, data } = partsOf(small.snapshot());
    const digits: string = JSON.parse(text).__metadata__.crc32c;
    for (const other of [digits.slice(8), `${digits}00000000`, digits.slice(0, -1), ""]) {
      expect(refusalOf(small, sealed({ text: text.replace(digits, other), data }))).toMatch(/checksum/);
    }
    const capitals = small.snapshot();
    const place = Buffer.from(capitals).indexOf(digits);
    capitals.set(new TextEncoder().encode(digits.toUpperCase()), place);
    expect(digits.toUpperCase()).not.toBe(digits);
    expect(refusalOf(small, capitals)).toMatch(/checksum/);
  });
});
