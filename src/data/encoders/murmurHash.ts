/**
 * MurmurHash3 x86_32 of bytes (Appleby, https://github.com/aappleby/smhasher, public domain), as an unsigned word: a
 * fixed function of the bytes and the seed, so that every runtime puts a word into the same bucket.
 */
export function murmurHash(bytes: Uint8Array, seed: number): number {
  let hash = seed;
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    const block =
      byte(bytes, i) | (byte(bytes, i + 1) << 8) | (byte(bytes, i + 2) << 16) | (byte(bytes, i + 3) << 24);
    hash = Math.imul(rotate(hash ^ scramble(block), 13), 5) + 0xe6546b64;
  }
  let tail = 0;
  for (let i = bytes.length - 1; i >= whole; i--) tail = (tail << 8) | byte(bytes, i);
  if (bytes.length > whole) hash ^= scramble(tail);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const byte = (bytes: Uint8Array, i: number) => bytes[i] as number;
const rotate = (word: number, bits: number) => (word << bits) | (word >>> (32 - bits));
const scramble = (block: number) => Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
