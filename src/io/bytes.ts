/** Bytes that are given, of whatever realm they are; and what to do about what was bytes before. */
import { FormatError } from "../check/errors.js";
import { describe } from "../check/options.js";

/**
 * A copy of bytes, which nobody changes while they are checked, and in which numbers are aligned.
 *
 * @param what they are of: "a snapshot"
 * @throws FormatError for what is no bytes, with how to make some of it
 */
export function bytesOf(who: string, what: string, given: unknown): Uint8Array<ArrayBuffer> {
  try {
    // By what it holds, not by its class: each realm has its own, as in `vm` and the tests of jest.
    if (!ArrayBuffer.isView(given)) return new Uint8Array(ArrayBuffer.prototype.slice.call(given, 0));
    return new Uint8Array(new Uint8Array(given.buffer, given.byteOffset, given.byteLength));
  } catch (cause) {
    const mend = mendOf(given);
    throw new FormatError(`${who}: got ${describe(given)}; needs the bytes of ${what}.${mend}`, { cause });
  }
}

/** What bytes become on their way through text or JSON, and what brings them back. */
function mendOf(given: unknown): string {
  const from = (values: string) => ` Turn it back into bytes: Uint8Array.from(${values}).`;
  if (typeof given === "string") {
    return /^[\w+/-]+=*\s*$/.test(given.slice(-64))
      ? ` It may be base64; if so:${from("atob(text), (letter) => letter.charCodeAt(0)").slice(26)}`
      : " Read the file as bytes, not as text.";
  }
  if (typeof given !== "object" || given === null) return "";
  if (Array.isArray(given)) return from("list");
  if ("arrayBuffer" in given) return " Give await value.arrayBuffer().";
  if ("then" in given) return " Await it.";
  if ("data" in given) return from("value.data");
  return "0" in given ? from("Object.values(value)") : "";
}
