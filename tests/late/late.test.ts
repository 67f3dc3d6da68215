/** A part that is imported when a call needs it, or provided where it cannot be imported. */
import { describe, expect, it } from "vitest";
import { UnsupportedError } from "../../src/index.ts";
import { Late } from "../../src/late.ts";

const part = { answer: 42 };

describe("a late part", () => {
  it("is imported once, when it is needed", async () => {
    let imports = 0;
    const late = new Late("sample", async () => {
      imports++;
      return part;
    });
    expect([late.loaded, imports]).toEqual([undefined, 0]);
    expect(await late.load("fit")).toBe(part);
    expect(await late.load("fit")).toBe(part);
    expect([late.loaded, imports]).toEqual([part, 1]);
  });

  it("that cannot be imported is an error that names the call, the part and the line to write; not the next time", async () => {
    const cause = new TypeError("import() is not allowed in service workers");
    let isForbidden = true;
    const late = new Late("sample", async () => {
      if (isForbidden) throw cause;
      return part;
    });
    const error = await late.load("fit").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error as Error).cause).toBe(cause);
    expect((error as Error).message).toBe(
      'fit: needs the package\'s part "sample", and import() of it failed here. ' +
        'Write `import "wasmgrad/complete";` beside your import of wasmgrad.',
    );
    isForbidden = false;
    expect(await late.load("fit")).toBe(part);
  });

  it("that was provided is not imported", async () => {
    const late = new Late<typeof part>("sample", () => Promise.reject(new Error("no import()")));
    late.provide(part);
    expect(late.loaded).toBe(part);
    expect(await late.load("fit")).toBe(part);
  });
});
