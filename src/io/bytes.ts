/** Bytes that are given, of whatever realm they are. */
import { FormatError } from "../check/errors.js";
import { describe } from "../check/options.js";

/**
 * A copy of bytes, which nobody changes while they are checked, and in which numbers are aligned.
 *
 * @param what they are of: "a snapshot"
 * @throws FormatError for what is no bytes, with how to make some of what they become on their way through text
 */
export function bytesOf(who: string, what: string, given: unknown): Uint8Array<ArrayBuffer> {
  try {
    // By what it holds, not by its class: each realm has its own, as in `vm` and the tests of jest.
    if (!ArrayBuffer.isView(given)) return new Uint8Array(ArrayBuffer.prototype.slice.call(given, 0));
    return new Uint8Array(new Uint8Array(given.buffer, given.byteOffset, given.byteLength));
  } catch (cause) {
    throw new FormatError(`${who}: got ${describe(given)}; needs the bytes of ${what}.${mendOf(given)}`, {
      cause,
    });
  }
}

function mendOf(given: unknown): string {
  const from = (values: string) => ` Turn it back: Uint8Array.from(${values}).`;
  if (typeof given === "string") {
    return `${from("atob(it), (letter) => letter.charCodeAt(0)")} That is for base64; a file is read as bytes, not as text.`;
  }
  const keys = Object(given);
  if ("arrayBuffer" in keys) return " Give await it.arrayBuffer().";
  // What JSON makes of a Buffer, and of a typed array.
  return "data" in keys ? from("it.data") : 0 in keys ? from("Object.values(it)") : "";
}
