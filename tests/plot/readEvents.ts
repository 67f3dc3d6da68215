/** Event files as plain data, read by the specifications alone, not by what writes them. */

/** CRC-32C bit by bit (RFC 3720, appendix B.4). */
function crc(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0x82f63b78 : 0);
  }
  return ~rest >>> 0;
}

const masked = (sum: number) =>
  Number(((BigInt(sum >>> 15) | (BigInt(sum) << 17n)) + 0xa282ead8n) & 0xffffffffn);

/** The records of a TFRecord file. @throws Error where a checksum does not hold */
export function records(file: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    const data = file.subarray(at + 12, at + 12 + length);
    if (view.getUint32(at + 8, true) !== masked(crc(file.subarray(at, at + 8))))
      throw new Error("length is damaged");
    if (view.getUint32(at + 12 + length, true) !== masked(crc(data))) throw new Error("data is damaged");
    found.push(data);
    at += 16 + length;
  }
  return found;
}

type Wire = number | Uint8Array;

/** The fields of a message by their numbers. */
export function fields(message: Uint8Array): Map<number, Wire[]> {
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const found = new Map<number, Wire[]>();
  let at = 0;
  const varint = () => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = message[at++] as number;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  };
  const read = (kind: number): Wire => {
    if (kind === 0) return varint();
    const length = kind === 1 ? 8 : kind === 5 ? 4 : varint();
    at += length;
    if (at > message.length) throw new Error("a field ends behind its message");
    if (kind === 1) return view.getFloat64(at - 8, true);
    if (kind === 5) return view.getFloat32(at - 4, true);
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const head = varint();
    const list = found.get(head >>> 3) ?? [];
    list.push(read(head & 7));
    found.set(head >>> 3, list);
  }
  return found;
}

const text = (wire: Wire | undefined) => new TextDecoder().decode(wire as Uint8Array);

export interface ReadEvent {
  readonly seconds: number;
  readonly step: number;
  readonly version?: string;
  readonly scalars: Record<string, number>;
  readonly histograms: readonly string[];
  readonly texts: Record<string, string>;
}

/** The events of a file. */
export const readEvents = (file: Uint8Array): ReadEvent[] =>
  records(file).map((one) => {
    const event = fields(one);
    const values = (event.get(5) ?? []).flatMap((summary) => fields(summary as Uint8Array).get(1) ?? []);
    const read = values.map((value) => fields(value as Uint8Array));
    const tagged = (field: number) =>
      read.flatMap((value) =>
        value.has(field) ? [[text(value.get(1)?.[0]), value.get(field)?.[0] as Wire] as const] : [],
      );
    return {
      seconds: event.get(1)?.[0] as number,
      step: (event.get(2)?.[0] as number | undefined) ?? 0,
      ...(event.has(3) && { version: text(event.get(3)?.[0]) }),
      scalars: Object.fromEntries(tagged(2)) as Record<string, number>,
      histograms: tagged(5).map(([tag]) => tag),
      texts: Object.fromEntries(
        tagged(8).map(([tag, tensor]) => [tag, text(fields(tensor as Uint8Array).get(8)?.[0])]),
      ),
    };
  });
