import { describe, expect, it } from "vitest";
import { crc32c } from "../../src/io/crc32c.ts";
import { chanceOf } from "../cases/domains.ts";
import { plainCrc } from "./snapshot/file.ts";

const bytes = (length: number, of: (i: number) => number) => Uint8Array.from({ length }, (_, i) => of(i));

describe("crc32c", () => {
  it.each([
    ["32 bytes of zeros", bytes(32, () => 0), 0x8a9136aa],
    ["32 bytes of ones", bytes(32, () => 0xff), 0x62a8ab43],
    ["32 ascending bytes", bytes(32, (i) => i), 0x46dd794e],
    ["32 descending bytes", bytes(32, (i) => 31 - i), 0x113fdb5c],
    [
      "the check value of the catalogue of CRCs, 123456789",
      new TextEncoder().encode("123456789"),
      0xe3069283,
    ],
    ["nothing", new Uint8Array(), 0],
  ])("is that of RFC 3720, B.4: %s", (_, given, expected) => {
    expect(crc32c(given)).toBe(expected);
  });

  it("is that of bit by bit, of every length, wherever the bytes lie, and in pieces", () => {
    const chance = chanceOf(1);
    const all = bytes(200, () => Math.floor(chance() * 256));
    for (let length = 0; length < 100; length++) {
      for (const start of [0, 1, 3, 8]) {
        const part = all.subarray(start, start + length);
        expect(crc32c(part)).toBe(plainCrc(part));
        const cut = Math.floor(chance() * length);
        expect(crc32c(part.subarray(cut), crc32c(part.subarray(0, cut)))).toBe(plainCrc(part));
      }
    }
  });
});
