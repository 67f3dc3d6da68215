import { fill } from "../../../assembly/kernels/elementwise/fill";

describe("fill", () => {
  it("writes n floats and nothing after them, for every tail", () => {
    for (let n: u32 = 0; n < 20; n++) {
      const y = heap.alloc(24 << 2);
      memory.fill(y, 0xff, 24 << 2);
      fill(y, n, 2.5);
      for (let i: u32 = 0; i < 24; i++) {
        const bits = load<u32>(y + (<usize>i << 2));
        expect(bits).toBe(i < n ? reinterpret<u32>(<f32>2.5) : 0xffffffff);
      }
      heap.free(y);
    }
  });
});
