/** Typed arrays, of whatever realm they are: each has classes of its own, as in `vm` and the tests of jest. */

/** What a typed array is called, as "Float32Array", whose class or subclass it is; undefined of all else. */
export const arrayKind = (value: unknown): string | undefined =>
  // By what the language itself knows of it: an array cannot tell this wrong.
  ArrayBuffer.isView(value)
    ? Reflect.get(Object.getPrototypeOf(Uint8Array.prototype) as object, Symbol.toStringTag, value)
    : undefined;

/** Whether it holds numbers from 0 to 255, a byte each. */
export const isBytes = (value: unknown): value is Uint8Array | Uint8ClampedArray =>
  arrayKind(value)?.startsWith("Uint8") === true;
