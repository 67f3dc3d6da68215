import { crc32c } from "../../io/crc32c.js";
import { joined } from "./protobuf.js";

/** A checksum as records have it, so that one of a text that holds checksums is none of them again. */
const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;

/**
 * A record of a TFRecord file: its length in eight bytes, the masked CRC-32C of these, the bytes, and theirs
 * (tensorflow/core/lib/io/record_writer.h).
 */
export function record(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new DataView(new ArrayBuffer(12));
  head.setUint32(0, data.length, true);
  head.setUint32(8, masked(crc32c(new Uint8Array(head.buffer, 0, 8))), true);
  const foot = new DataView(new ArrayBuffer(4));
  foot.setUint32(0, masked(crc32c(data)), true);
  return joined([new Uint8Array(head.buffer), data, new Uint8Array(foot.buffer)]);
}
