import { ctcAlpha, ctcGrad, ctcLoss } from "../../../assembly/kernels/sequence/ctc";
import { at, buffer, guarded, near, put, sample } from "../floats";

/** Whether a path, its classes in base `classes`, spells the labels: repeats are one, blanks are dropped. */
function spells(path: u32, time: u32, classes: u32, target: usize, labels: u32, blank: u32): bool {
  let before = blank;
  let found: u32 = 0;
  for (let t: u32 = 0; t < time; t++) {
    const label = path % classes;
    path /= classes;
    if (label != blank && label != before) {
      if (found == labels || at(target, found) != <f32>label) return false;
      found++;
    }
    before = label;
  }
  return found == labels || at(target, found) < 0;
}

/** ln of the probability of class c at time t. */
function logOf(x: usize, t: u32, c: u32, classes: u32): f64 {
  let total: f64 = 0;
  for (let i: u32 = 0; i < classes; i++) total += Math.exp(<f64>at(x, t * classes + i));
  return <f64>at(x, t * classes + c) - Math.log(total);
}

/** Σ over all paths that spell the labels and are in class c at time t, or anywhere if t is `time`: by the definition. */
// prettier-ignore
function probability(x: usize, target: usize, time: u32, classes: u32, labels: u32, blank: u32, at: u32, c: u32): f64 {
  let paths: u32 = 1;
  for (let t: u32 = 0; t < time; t++) paths *= classes;
  let total: f64 = 0;
  for (let path: u32 = 0; path < paths; path++) {
    if (!spells(path, time, classes, target, labels, blank)) continue;
    let rest = path;
    let log: f64 = 0;
    let isThere = at == time;
    for (let t: u32 = 0; t < time; t++) {
      if (t == at && rest % classes == c) isThere = true;
      log += logOf(x, t, rest % classes, classes);
      rest /= classes;
    }
    if (isThere) total += Math.exp(log);
  }
  return total;
}

const rows: u32 = 2;

function alphaOf(time: u32, labels: u32): usize {
  return buffer(alphaSize(time, labels));
}

function alphaSize(time: u32, labels: u32): u32 {
  return rows * (time + 1) * 2 * (2 * labels + 1);
}

/** Whether loss and gradient are those of all paths, for two rows of which the second has a label less. */
function agrees(time: u32, classes: u32, labels: u32, blank: u32, repeats: bool): bool {
  const n = rows * time * classes;
  const x = buffer(n);
  for (let i: u32 = 0; i < n; i++) put(x, i, sample(7 * i + time));
  const target = buffer(rows * labels);
  for (let i: u32 = 0; i < rows * labels; i++) {
    const label: u32 = repeats ? 0 : i % (classes - 1);
    put(target, i, i + 1 == rows * labels ? -1 : <f32>(label < blank ? label : label + 1));
  }
  const alpha = alphaOf(time, labels);
  const loss = buffer(rows);
  const dloss = buffer(rows);
  put(dloss, 0, 1.5);
  put(dloss, 1, -0.5);
  const dx = buffer(n);
  ctcAlpha(alpha, x, target, rows, time, classes, labels, blank);
  ctcLoss(loss, alpha, target, rows, time, labels);
  ctcGrad(dx, x, alpha, target, dloss, rows, time, classes, labels, blank);
  if (!guarded(alpha, alphaSize(time, labels)) || !guarded(loss, rows) || !guarded(dx, n)) return false;
  for (let row: u32 = 0; row < rows; row++) {
    const line = x + ((row * time * classes) << 2);
    const spelled = target + ((row * labels) << 2);
    const total = probability(line, spelled, time, classes, labels, blank, time, 0);
    if (total == 0) {
      if (at(loss, row) != Infinity) return false;
      continue;
    }
    if (!near(at(loss, row), -Math.log(total), 1e-6, max(0.1, -Math.log(total)))) return false;
    for (let t: u32 = 0; t < time; t++) {
      for (let c: u32 = 0; c < classes; c++) {
        const given = probability(line, spelled, time, classes, labels, blank, t, c) / total;
        const slope = (Math.exp(logOf(line, t, c, classes)) - given) * <f64>at(dloss, row);
        if (!near(at(dx, (row * time + t) * classes + c), slope, 1e-6, 1)) return false;
      }
    }
  }
  ctcGrad(x, x, alpha, target, dloss, rows, time, classes, labels, blank);
  const isSame = memory.compare(x, dx, n << 2) == 0 && guarded(x, n);
  heap.free(x);
  heap.free(target);
  heap.free(alpha);
  heap.free(loss);
  heap.free(dloss);
  heap.free(dx);
  return isSame;
}

/** The loss of one row of two classes and two times that spells class 1. */
function lossOf(a: f32, b: f32, c: f32, d: f32, label: f32): f32 {
  const x = buffer(4);
  put(x, 0, a);
  put(x, 1, b);
  put(x, 2, c);
  put(x, 3, d);
  const target = buffer(1);
  put(target, 0, label);
  const alpha = buffer(18);
  const loss = buffer(1);
  ctcAlpha(alpha, x, target, 1, 2, 2, 1, 0);
  ctcLoss(loss, alpha, target, 1, 2, 1);
  return at(loss, 0);
}

describe("ctcAlpha, ctcLoss and ctcGrad", () => {
  it("sum over all paths that spell the labels", () => {
    for (let time: u32 = 1; time <= 5; time++) {
      for (let classes: u32 = 2; classes <= 4; classes++) {
        for (let labels: u32 = 0; labels <= 3; labels++) {
          expect(agrees(time, classes, labels, 0, false)).toBe(true);
          expect(agrees(time, classes, labels, classes - 1, false)).toBe(true);
          expect(agrees(time, classes, labels, 0, true)).toBe(true);
        }
      }
    }
  });

  it("do nothing without rows, and spell nothing without time", () => {
    const alpha = buffer(6);
    const x = buffer(0);
    const loss = buffer(1);
    const target = buffer(1);
    put(target, 0, 1);
    ctcAlpha(alpha, x, target, 0, 3, 2, 1, 0);
    ctcGrad(x, x, alpha, target, loss, 0, 3, 2, 1, 0);
    ctcLoss(loss, alpha, target, 0, 3, 1);
    expect(guarded(alpha, 0) && guarded(loss, 0) && guarded(x, 0)).toBe(true);
    ctcAlpha(alpha, x, target, 1, 0, 2, 1, 0);
    ctcLoss(loss, alpha, target, 1, 0, 1);
    expect(at(loss, 0)).toBe(Infinity);
    put(target, 0, -1);
    ctcAlpha(alpha, x, target, 1, 0, 2, 1, 0);
    ctcLoss(loss, alpha, target, 1, 0, 1);
    expect(at(loss, 0)).toBe(0);
    expect(guarded(alpha, 6)).toBe(true);
  });

  it("follow the paths that spell the labels through logits of 1000", () => {
    expect(lossOf(1000, -1000, 1000, -1000, 1)).toBe(1999.3068528194401); // 2000 − ln 2: at either time
    expect(lossOf(-1000, 1000, 1000, -1000, 1)).toBe(0);
    expect(lossOf(3e38, 3e38, 3e38, 3e38, -1)).toBe(1.3862943611198906); // 2 ln 2
  });

  it("are NaN for NaN, and for a label that is no class", () => {
    expect(isNaN(lossOf(NaN, 0, 0, 0, 1))).toBe(true);
    expect(isNaN(lossOf(0, 0, 0, NaN, 1))).toBe(true);
    expect(isNaN(lossOf(0, 0, 0, 0, 2))).toBe(true);
    expect(isNaN(lossOf(0, 0, 0, 0, 1e30))).toBe(true);
  });

  it("give 0 where a gradient or an occupancy would be subnormal", () => {
    const x = buffer(4);
    for (let i: u32 = 0; i < 4; i++) put(x, i, i & 1 ? -85 : 0);
    const target = buffer(1);
    put(target, 0, -1);
    const alpha = buffer(18);
    const dloss = buffer(1);
    put(dloss, 0, 1e-10);
    ctcAlpha(alpha, x, target, 1, 2, 2, 1, 0);
    ctcGrad(x, x, alpha, target, dloss, 1, 2, 2, 1, 0);
    for (let i: u32 = 0; i < 4; i++) expect(at(x, i)).toBe(0);
  });
});
