/**
 * Takes files of format 2 apart and puts them together again with every checksum made right: written from SNAPSHOT.md, and not
 * with what the library writes and checks them by.
 */

/** CRC-32C bit by bit, as RFC 3720 has it. */
export function plainCrc(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0x82f63b78 : 0);
  }
  return (rest ^ 0xffffffff) >>> 0;
}

const hex = (checksum: number) => checksum.toString(16).padStart(8, "0");
const PREFIX = '{"__metadata__":{"crc32c":"';

/** What a header holds, to be changed into anything. */
// biome-ignore lint/suspicious/noExplicitAny: what it is changed into is no longer of any type
export type Anything = any;

export interface Parts {
  /** The header as it is written, with the spaces behind it. */
  text: string;
  data: Uint8Array;
}

export function partsOf(bytes: Uint8Array): Parts {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return { text: new TextDecoder().decode(bytes.subarray(8, 8 + length)), data: bytes.slice(8 + length) };
}

export const headerOf = (bytes: Uint8Array): Anything => JSON.parse(partsOf(bytes).text);
export const stateOf = (bytes: Uint8Array): Anything => JSON.parse(headerOf(bytes).__metadata__.wasmgrad);

/** The ranges of the tensors that a header lists, as far as there are any, in the order of their bytes. */
function rangesOf(text: string): readonly [number, number][] {
  try {
    return Object.entries<Anything>(JSON.parse(text))
      .flatMap(([name, one]) => (name === "__metadata__" ? [] : [one.data_offsets as [number, number]]))
      .sort(([a, b], [c, d]) => a - c || b - d);
  } catch {
    return [];
  }
}

/** The file of a header and data. Checksums are made right wherever there is room for them. */
export function sealed({ text, data }: Parts): Uint8Array<ArrayBuffer> {
  const sums = rangesOf(text).map((range) => {
    try {
      return hex(plainCrc(data.subarray(...range)));
    } catch {
      return "00000000";
    }
  });
  const end = text.indexOf('"', PREFIX.length);
  const isOwn = text.startsWith(PREFIX) && end >= PREFIX.length + 8;
  const filled = isOwn
    ? `${PREFIX}00000000${sums
        .join("")
        .padEnd(end - PREFIX.length - 8, "0")
        .slice(0, end - PREFIX.length - 8)}${text.slice(end)}`
    : text;
  const header = new TextEncoder().encode(filled);
  if (isOwn) {
    const rest = new Uint8Array([
      ...header.subarray(0, PREFIX.length),
      ...header.subarray(PREFIX.length + 8),
    ]);
    header.set(new TextEncoder().encode(hex(plainCrc(rest))), PREFIX.length);
  }
  const bytes = new Uint8Array(8 + header.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  bytes.set(data, 8 + header.length);
  return bytes;
}

/** A header as text, its metadata first and with room for as many checksums as it lists tensors. */
export function textOf(header: Anything): string {
  const { __metadata__: metadata, ...tensors } = header;
  const crc32c = "0".repeat(8 * (1 + Object.keys(tensors).length));
  return JSON.stringify({ __metadata__: { ...metadata, crc32c }, ...tensors });
}

/** A file with another header, as if the library had written it. */
export function withHeader(bytes: Uint8Array, change: (header: Anything) => void): Uint8Array<ArrayBuffer> {
  const header = headerOf(bytes);
  change(header);
  return sealed({ text: textOf(header), data: partsOf(bytes).data });
}

/** A file with another state. */
export const withState = (bytes: Uint8Array, change: (state: Anything) => void): Uint8Array<ArrayBuffer> =>
  withHeader(bytes, ({ __metadata__: metadata }) => {
    const state = JSON.parse(metadata.wasmgrad);
    change(state);
    metadata.wasmgrad = JSON.stringify(state);
  });

/** Sets a field by its path: `progress.sums[3]`. */
export const put =
  (path: string, value: unknown) =>
  (root: Anything): void => {
    const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
    const last = keys.pop() as string;
    const at = keys.reduce((inner, key) => inner[key], root);
    at[last] = value;
  };
