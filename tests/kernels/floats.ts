/** Guarded buffers and the measure of error that the specs of elementwise and row kernels share. */

/** A NaN that no kernel makes: stands in padding and after every buffer. */
const SENTINEL: u32 = 0x7fa5a5a5;

/** Floats after a buffer that must stay untouched, padding to a whole vector included. */
const GUARD: u32 = 12;

/** n floats, not yet written, with sentinels in them and after them. */
export function buffer(n: u32): usize {
  const x = heap.alloc(<usize>(n + GUARD) << 2);
  for (let i: u32 = 0; i < n + GUARD; i++) store<u32>(x + (<usize>i << 2), SENTINEL);
  return x;
}

/** Whether everything after the n floats of a buffer still is as it was. */
export function guarded(x: usize, n: u32): bool {
  for (let i = n; i < n + GUARD; i++) {
    if (load<u32>(x + (<usize>i << 2)) != SENTINEL) return false;
  }
  return true;
}

/** n samples that end where memory ends: reading one float further is a trap. */
export function samplesAtMemoryEnd(n: u32): usize {
  memory.grow(1);
  const x = (<usize>memory.size() << 16) - (<usize>n << 2);
  for (let i: u32 = 0; i < n; i++) put(x, i, sample(i));
  return x;
}

/** x[i] */
export function at(x: usize, i: u32): f32 {
  return load<f32>(x + (<usize>i << 2));
}

/** x[i] = value */
export function put(x: usize, i: u32, value: f32): void {
  store<f32>(x + (<usize>i << 2), value);
}

/** The i-th of a fixed sequence of 2003 values spread over [−4, 4]. */
export function sample(i: u32): f32 {
  return <f32>(<f64>((i * 7919 + 101) % 2003) / 250.25 - 4);
}

/** A buffer of n samples, from the first-th on. */
export function samples(n: u32, first: u32): usize {
  const x = buffer(n);
  for (let i: u32 = 0; i < n; i++) put(x, i, sample(first + i));
  return x;
}

/** |actual − expected| in units of the last f32 place of expected; Infinity if just one of them is NaN or infinite. */
export function ulps(actual: f32, expected: f64): f64 {
  if (isNaN(expected)) return isNaN(actual) ? 0 : Infinity;
  const rounded = <f32>expected;
  if (!isFinite(rounded)) return actual == rounded ? 0 : Infinity;
  if (!isFinite(actual)) return Infinity;
  const exponent = max<i64>(<i64>((reinterpret<u64>(expected) >> 52) & 0x7ff) - 1023, -126);
  return abs(<f64>actual - expected) / reinterpret<f64>(<u64>(exponent - 23 + 1023) << 52);
}

/** |actual − expected| ≤ tolerance · scale, and false for a NaN. */
export function near(actual: f32, expected: f64, tolerance: f64, scale: f64): bool {
  return abs(<f64>actual - expected) <= tolerance * scale;
}
