/** Connectionist temporal classification by its recursions (Graves et al. 2006, section 4.1), in logarithms. */
import type { CtcAttributes } from "../../primitives/sequence/ctc.js";
import type { Definition } from "../definition.js";
import { lines, type NdArray } from "../ndArray.js";
import { logSumExp, probabilities } from "../reduce/softmax.js";

const logAdd = (...terms: readonly number[]): number =>
  Math.max(...terms) === Number.NEGATIVE_INFINITY
    ? Number.NEGATIVE_INFINITY
    : logSumExp(Float64Array.from(terms));

/** The labels of a row with a blank before, between and behind them. */
function statesOf(target: Float64Array, blank: number): number[] {
  const end = target.findIndex((label) => label < 0);
  const labels = target.subarray(0, end < 0 ? target.length : end);
  return [blank, ...Array.from(labels, (label) => [label, blank]).flat()];
}

/** Whether `to` may come right after `from` in the states. */
const follows = (states: readonly number[], from: number, to: number): boolean =>
  to === from || to === from + 1 || (to === from + 2 && to % 2 === 1 && states[from] !== states[to]);

/** Paths into each state s, before or after one step in time: Σ over those that lead there. */
const stepped = (logs: readonly number[], leads: (other: number, s: number) => boolean): number[] =>
  logs.map((_, s) => logAdd(...logs.filter((_, other) => leads(other, s)), Number.NEGATIVE_INFINITY));

interface Paths {
  readonly loss: number;
  /** For each time, the probability of each state given the labels. */
  readonly occupancies: readonly number[][];
}

function pathsOf(x: readonly Float64Array[], states: readonly number[]): Paths {
  const none = Number.NEGATIVE_INFINITY;
  const logs = x.map((line) => {
    const normalizer = logSumExp(line);
    return states.map((label) => (line[label] as number) - normalizer);
  });
  const alphas: number[][] = [];
  for (const log of logs) {
    const before = alphas.at(-1);
    const reached =
      before === undefined
        ? states.map((_, s) => (s < 2 ? 0 : none))
        : stepped(before, (other, s) => follows(states, other, s));
    alphas.push(reached.map((path, s) => path + log[s]!));
  }
  const betas: number[][] = [];
  for (let t = x.length - 1; t >= 0; t--) {
    const after = betas[0]?.map((path, s) => path + logs[t + 1]![s]!);
    betas.unshift(
      after === undefined
        ? states.map((_, s) => (s + 2 < states.length ? none : 0))
        : stepped(after, (other, s) => follows(states, s, other)),
    );
  }
  const total = logAdd(none, ...(alphas.at(-1) ?? []).slice(-2));
  const occupancies = alphas.map((alpha, t) =>
    alpha.map((path, s) => (total === none ? 0 : Math.exp(path + betas[t]![s]! - total))),
  );
  return { loss: -total, occupancies };
}

/** The [time, classes] of each row. */
const blocks = (x: NdArray): Float64Array[][] => {
  const [rows, time] = x.shape as [number, number];
  const all = lines(x);
  return Array.from({ length: rows }, (_, row) => all.slice(row * time, (row + 1) * time));
};

const eachRow = (x: NdArray, target: NdArray, { blank }: CtcAttributes) => {
  const targets = lines(target);
  return blocks(x).map((block, row) => {
    const states = statesOf(targets[row]!, blank);
    return { block, states, ...pathsOf(block, states) };
  });
};

export const ctcAlpha: Definition<CtcAttributes> = ([x, target], shape, attributes) => {
  const [, slots, , width] = shape as [number, number, number, number];
  const data = new Float64Array(x!.shape[0]! * slots * 2 * width);
  eachRow(x!, target!, attributes).forEach(({ loss, occupancies }, row) => {
    const first = row * slots * 2 * width;
    occupancies.forEach((shares, t) => data.set(shares, first + t * 2 * width));
    data[first + (slots - 1) * 2 * width] = loss;
  });
  return { shape, data };
};

/** From x itself, without what is kept in alpha. */
export const ctcLoss: Definition<CtcAttributes> = ([x, , target], shape, attributes) => ({
  shape,
  data: Float64Array.from(eachRow(x!, target!, attributes), ({ loss }) => loss),
});

export const ctcGrad: Definition<CtcAttributes> = ([x, , target, dloss], shape, attributes) => {
  const rows = eachRow(x!, target!, attributes).map(({ block, states, occupancies }, row) =>
    block.map((line, t) => {
      const shares = probabilities(line);
      states.forEach((label, s) => {
        shares[label]! -= occupancies[t]![s]!;
      });
      return shares.map((share) => share * dloss!.data[row]!);
    }),
  );
  return { shape, data: Float64Array.from(rows.flat().flatMap((line) => [...line])) };
};
