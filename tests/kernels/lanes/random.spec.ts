import { randomWords } from "../../../assembly/lanes/random";

/** One block of Philox 4x32-10, scalar, straight from the paper, to [4] u32 out. */
function philoxByScalar(out: usize, c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): void {
  for (let round = 0; round < 10; round++) {
    const product0 = <u64>0xd2511f53 * <u64>c0;
    const product1 = <u64>0xcd9e8d57 * <u64>c2;
    c0 = <u32>(product1 >> 32) ^ c1 ^ k0;
    c1 = <u32>product1;
    c2 = <u32>(product0 >> 32) ^ c3 ^ k1;
    c3 = <u32>product0;
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  store<u32>(out, c0);
  store<u32>(out, c1, 4);
  store<u32>(out, c2, 8);
  store<u32>(out, c3, 12);
}

function expectWords(y: usize, word0: u32, word1: u32, word2: u32, word3: u32): void {
  expect(load<u32>(y)).toBe(word0);
  expect(load<u32>(y, 4)).toBe(word1);
  expect(load<u32>(y, 8)).toBe(word2);
  expect(load<u32>(y, 12)).toBe(word3);
}

describe("randomWords", () => {
  // Random123 1.14, kat_vectors, philox4x32 10.
  it("gives Random123's known answers", () => {
    const y = heap.alloc(16);
    randomWords(y, 4, 0, 0, 0, 0, 0, 0);
    expectWords(y, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    randomWords(y, 4, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff);
    expectWords(y, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    randomWords(y, 4, 0xa4093822, 0x299f31d0, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344);
    expectWords(y, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    heap.free(y);
  });

  it("gives word e & 3 of block e >> 2 in every lane, the block number wrapping at 2^32", () => {
    const y = heap.alloc(64 << 2), block = heap.alloc(16);
    randomWords(y, 64, 0x12345678, 0x9abcdef0, 0xfffffff9, 3, 0x80000001, 0xfedcba98);
    for (let e: u32 = 0; e < 64; e++) {
      philoxByScalar(block, 0xfffffff9 + (e >> 2), 3, 0x80000001, 0xfedcba98, 0x12345678, 0x9abcdef0);
      expect(load<u32>(y + (<usize>e << 2))).toBe(load<u32>(block + (<usize>(e & 3) << 2)));
    }
    heap.free(y);
    heap.free(block);
  });

  it("writes n words and nothing after them, the same words for every n", () => {
    const whole = heap.alloc(48 << 2), y = heap.alloc(52 << 2);
    randomWords(whole, 48, 1, 2, 3, 4, 5, 6);
    for (let n: u32 = 0; n <= 48; n++) {
      memory.fill(y, 0xa5, 52 << 2);
      randomWords(y, n, 1, 2, 3, 4, 5, 6);
      for (let e: u32 = 0; e < 52; e++) {
        const expected = e < n ? load<u32>(whole + (<usize>e << 2)) : 0xa5a5a5a5;
        expect(load<u32>(y + (<usize>e << 2))).toBe(expected);
      }
    }
    heap.free(whole);
    heap.free(y);
  });
});
