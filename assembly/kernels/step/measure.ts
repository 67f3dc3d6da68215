/** What a tensor is like, for reports and warnings. Runs in a few steps of a training only. */
import { StatisticsRecord } from "../../isa/control";
import { loadLanes, sumDoubles, sumPairs } from "../../lanes/simd";

/** Set lanes among the first `lanes` of a mask. */
@inline
function countLanes(mask: v128, lanes: i32): u32 {
  return popcnt(i32x4.bitmask(mask) & lanes);
}

/**
 * Statistics of x [outer, inner], in f64 and in a fixed order: the number, sum, sum of squares, least and greatest of
 * its elements, how many are 0, how many lie at `low` or below or at `high` or above, and how many columns are 0 in
 * every row. Where x has a NaN, its least and greatest are NaN. Of nothing, they are +∞ and −∞.
 *
 * @param entry a StatisticsRecord, out
 */
export function measure(entry: usize, x: usize, outer: u32, inner: u32, low: f32, high: f32): void {
  const lows = f32x4.splat(low), highs = f32x4.splat(high), zero = f32x4.splat(0);
  let sums = f64x2.splat(0), squares = f64x2.splat(0);
  let least = f32x4.splat(<f32>Infinity), most = f32x4.splat(-(<f32>Infinity));
  let zeros: u64 = 0, saturated: u64 = 0, deadUnits: u64 = 0;
  for (let column: u32 = 0; column < inner; column += 4) {
    const left = min(inner - column, 4);
    const lanes: i32 = (1 << left) - 1;
    let alive = zero;
    let at = x + (<usize>column << 2);
    for (let row: u32 = 0; row < outer; row++, at += <usize>inner << 2) {
      const found = loadLanes(at, left, zero);
      const isZero = f32x4.eq(found, zero);
      sums = f64x2.add(sums, sumPairs(found));
      const lower = f64x2.promote_low_f32x4(found);
      const upper = f64x2.promote_low_f32x4(v128.shuffle<i32>(found, found, 2, 3, 2, 3));
      squares = f64x2.add(squares, f64x2.add(f64x2.mul(lower, lower), f64x2.mul(upper, upper)));
      // Lanes beyond the row repeat its first element, so that they do not count.
      const whole = loadLanes(at, left, v128.load32_splat(at));
      least = f32x4.min(least, whole);
      most = f32x4.max(most, whole);
      zeros += countLanes(isZero, lanes);
      saturated += countLanes(v128.or(f32x4.le(found, lows), f32x4.ge(found, highs)), lanes);
      alive = v128.or(alive, v128.not(isZero));
    }
    deadUnits += left - countLanes(alive, lanes);
  }
  const pairs = f32x4.min(least, v128.shuffle<i32>(least, least, 2, 3, 0, 1));
  const others = f32x4.max(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
  store<f64>(entry, <f64>outer * <f64>inner, StatisticsRecord.count);
  store<f64>(entry, sumDoubles(sums), StatisticsRecord.sum);
  store<f64>(entry, sumDoubles(squares), StatisticsRecord.squares);
  store<f64>(
    entry,
    <f64>min(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1)),
    StatisticsRecord.minimum,
  );
  store<f64>(
    entry,
    <f64>max(f32x4.extract_lane(others, 0), f32x4.extract_lane(others, 1)),
    StatisticsRecord.maximum,
  );
  store<f64>(entry, <f64>zeros, StatisticsRecord.zeros);
  store<f64>(entry, <f64>saturated, StatisticsRecord.saturated);
  store<f64>(entry, <f64>(outer ? deadUnits : <u64>0), StatisticsRecord.deadUnits);
}
