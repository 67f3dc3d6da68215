/** What a tensor is like, for reports and warnings. Runs in a few steps of a training only. */
import { StatisticsRecord } from "../../isa/control";
import { SUM_CHUNKS } from "../../isa/limits";
import { highPair, loadSome, lowPair, sumDoubles, sumPairs } from "../../lanes/simd";
import { chunkAt, chunksOf, combine, FLOATS, partialAt, termsOf } from "../reduce/chunks";

/** Bytes of the partial of a chunk: pairs of sums, of squares, and the numbers of zeros and of saturated. */
const SUMS_BYTES: usize = 48;
/** Bytes of what does not depend on the order: the least and the greatest of four lanes each. They lie behind all sums. */
const ENDS_BYTES: usize = 32;
const ENDS: usize = <usize>SUM_CHUNKS * SUMS_BYTES;

/** Set lanes among the first `lanes` of a mask. */
@inline
function countLanes(mask: v128, lanes: i32): u32 {
  return popcnt(i32x4.bitmask(mask) & lanes);
}

/** Sums, counts and ends of one chunk of n floats, at their places. */
export function measureChunk(scratch: usize, chunk: u32, x: usize, n: u32, lowest: f32, highest: f32): void {
  const lows = f32x4.splat(lowest), highs = f32x4.splat(highest), zero = f32x4.splat(0);
  let sums = f64x2.splat(0), squares = sums;
  let zeros: u32 = 0, saturated: u32 = 0;
  let at = chunkAt(x, chunk, n, FLOATS, 4);
  let least = v128.load32_splat(at), most = least;
  for (let left = <i32>termsOf(chunk, n, FLOATS); left > 0; left -= 4, at += 16) {
    const lanes: i32 = left < 4 ? (1 << left) - 1 : 15;
    const found = loadSome(at, left, zero);
    const pair01 = lowPair(found), pair23 = highPair(found);
    sums = f64x2.add(sums, sumPairs(found));
    squares = f64x2.add(squares, f64x2.add(f64x2.mul(pair01, pair01), f64x2.mul(pair23, pair23)));
    // Lanes beyond the end repeat a first element, so that they do not count.
    const whole = loadSome(at, left, v128.load32_splat(at));
    least = f32x4.min(least, whole);
    most = f32x4.max(most, whole);
    zeros += countLanes(f32x4.eq(found, zero), lanes);
    saturated += countLanes(v128.or(f32x4.le(found, lows), f32x4.ge(found, highs)), lanes);
  }
  const partial = partialAt(scratch, chunk, SUMS_BYTES);
  v128.store(partial, sums);
  v128.store(partial, squares, 16);
  store<f64>(partial, <f64>zeros, 32);
  store<f64>(partial, <f64>saturated, 40);
  const ends = partialAt(scratch + ENDS, chunk, ENDS_BYTES);
  v128.store(ends, least);
  v128.store(ends, most, 16);
}

/** Columns of x that are 0 in every row. */
function deadColumns(x: usize, outer: u32, inner: u32): u32 {
  if (outer == 0) return 0;
  let dead: u32 = 0;
  for (let column: u32 = 0; column < inner; column += 4) {
    const left = min(inner - column, 4);
    const all: i32 = (1 << left) - 1;
    let alive: i32 = 0;
    let at = x + (<usize>column << 2);
    for (let row: u32 = 0; row < outer && alive != all; row++, at += <usize>inner << 2) {
      const found = loadSome(at, left, f32x4.splat(0));
      alive |= i32x4.bitmask(f32x4.ne(found, f32x4.splat(0))) & all;
    }
    dead += left - popcnt(alive);
  }
  return dead;
}

/**
 * Statistics of x [outer, inner], sums in f64 and in the chunks of reduce/chunks.ts: the number, sum, sum of squares,
 * least and greatest of its elements, how many are 0, how many lie at `lowest` or below or at `highest` or above, and
 * how many columns are 0 in every row. Where x has a NaN, its least and greatest are NaN. Of nothing, they are +∞ and −∞.
 *
 * @param entry a StatisticsRecord, out
 * @param scratch SUM_CHUNKS partials of 80 bytes
 */
export function measure(
  entry: usize,
  x: usize,
  outer: u32,
  inner: u32,
  lowest: f32,
  highest: f32,
  scratch: usize,
): void {
  const n = outer * inner;
  const chunks = chunksOf(n, FLOATS);
  memory.fill(scratch, 0, SUMS_BYTES);
  for (let chunk: u32 = 0; chunk < chunks; chunk++) measureChunk(scratch, chunk, x, n, lowest, highest);
  combine(scratch, chunks, SUMS_BYTES);
  let least = f32x4.splat(<f32>Infinity), most = f32x4.splat(-(<f32>Infinity));
  let ends = scratch + ENDS;
  for (const last = partialAt(ends, chunks, ENDS_BYTES); ends < last; ends += ENDS_BYTES) {
    least = f32x4.min(least, v128.load(ends));
    most = f32x4.max(most, v128.load(ends, 16));
  }
  const pairs = f32x4.min(least, v128.shuffle<i32>(least, least, 2, 3, 0, 1));
  const others = f32x4.max(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
  const minimum = min(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
  const maximum = max(f32x4.extract_lane(others, 0), f32x4.extract_lane(others, 1));
  store<f64>(entry, <f64>outer * <f64>inner, StatisticsRecord.count);
  store<f64>(entry, sumDoubles(v128.load(scratch)), StatisticsRecord.sum);
  store<f64>(entry, sumDoubles(v128.load(scratch, 16)), StatisticsRecord.squares);
  store<f64>(entry, <f64>minimum, StatisticsRecord.minimum);
  store<f64>(entry, <f64>maximum, StatisticsRecord.maximum);
  store<f64>(entry, load<f64>(scratch, 32), StatisticsRecord.zeros);
  store<f64>(entry, load<f64>(scratch, 40), StatisticsRecord.saturated);
  store<f64>(entry, <f64>deadColumns(x, outer, inner), StatisticsRecord.deadUnits);
}
