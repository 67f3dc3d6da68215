import { describe, expect, it } from "vitest";
import { bytesOf } from "../src/runtime/load.inline.ts";

describe("the engine's bytes", () => {
  const withoutPlatform = {};

  it.each([0, 1, 2, 3, 4, 255, 1001])("come out of their hex digits when there are %d of them", (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + 7) & 255);
    const hex = Buffer.from(bytes).toString("hex");
    expect(Buffer.from(bytesOf(hex, withoutPlatform)).equals(bytes)).toBe(true);
  });

  it("come from the platform's decoder where it has one", () => {
    const decoded = new Uint8Array([1, 2]);
    expect(bytesOf("0102", { fromHex: () => decoded })).toBe(decoded);
  });
});
