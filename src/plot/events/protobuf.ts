/** Messages of Protocol Buffers as bytes: https://protobuf.dev/programming-guides/encoding. */

/** A part of a message: one field. */
export type Field = Uint8Array;

const text = new TextEncoder();

/** Bytes behind each other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Seven bits a byte, the lowest first. A safe integer of at least 0. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

const [VARINT, EIGHT_BYTES, BYTES, FOUR_BYTES] = [0, 1, 2, 5];
const head = (field: number, kind: number) => varint(field * 8 + kind);

/** A field that is an integer of at least 0. */
export const integerField = (field: number, value: number): Field =>
  Uint8Array.from([...head(field, VARINT), ...varint(value)]);

function fixed(field: number, kind: number, bytes: number, write: (view: DataView) => void): Field {
  const view = new DataView(new ArrayBuffer(bytes));
  write(view);
  return joined([Uint8Array.from(head(field, kind)), new Uint8Array(view.buffer)]);
}

export const doubleField = (field: number, value: number): Field =>
  fixed(field, EIGHT_BYTES, 8, (view) => view.setFloat64(0, value, true));

export const floatField = (field: number, value: number): Field =>
  fixed(field, FOUR_BYTES, 4, (view) => view.setFloat32(0, value, true));

/** A field that is bytes, or a message of fields. */
export function bytesField(field: number, ...parts: readonly Uint8Array[]): Field {
  const content = joined(parts);
  return joined([Uint8Array.from([...head(field, BYTES), ...varint(content.length)]), content]);
}

export const textField = (field: number, value: string): Field => bytesField(field, text.encode(value));

/** A repeated field of doubles, packed. */
export function doublesField(field: number, values: readonly number[]): Field {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => view.setFloat64(8 * i, value, true));
  return bytesField(field, new Uint8Array(view.buffer));
}
