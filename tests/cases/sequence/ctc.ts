/** Cases of connectionist temporal classification. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import { ROWS } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import type { Application, Input, OpCase } from "../case.ts";
import { type Domain, uniform } from "../domains.ts";

interface Sizes {
  readonly isPerRow: boolean;
  readonly time: number;
  readonly classes: number;
  readonly labels: number;
  readonly blank: number;
}

/** Rows of classes other than the blank, few enough to have time for repeats, each ended by −1 or by its last place. */
const spelled =
  ({ time, classes, labels, blank }: Sizes): Domain =>
  (values, chance) => {
    values.fill(-1);
    for (let row = 0; row < values.length; row += labels) {
      const most = classes > 1 ? Math.min(labels, (time + 1) >> 1) : 0;
      const length = Math.floor(chance() * (most + 1));
      for (let i = 0; i < length; i++) {
        const label = Math.floor(chance() * (classes - 1));
        values[row + i] = label < blank ? label : label + 1;
      }
    }
  };

const sizes: fc.Arbitrary<Sizes> = fc
  .record({
    isPerRow: fc.boolean(),
    time: fc.integer({ min: 1, max: 12 }),
    classes: fc.integer({ min: 1, max: 9 }),
    labels: fc.integer({ min: 0, max: 6 }),
    place: fc.nat(8),
  })
  .map(({ place, ...rest }) => ({ ...rest, blank: place % rest.classes }));

type Build = (x: Value, target: Value, blank: { readonly blank: number }, dloss: Value) => Value;

function ctcCase(
  build: Build,
  rest: Pick<OpCase, "accuracy" | "gradient">,
  logits: Domain = uniform(-6, 6),
): OpCase {
  const apply = (of: Sizes): Application => {
    const rows = of.isPerRow ? ROWS : 3;
    const inputs: Input[] = [
      { shape: [rows, of.time, of.classes], domain: logits, smooth: uniform(-2, 2) },
      { shape: [rows, of.labels], domain: spelled(of), constant: true },
      { shape: [rows], domain: uniform(-2, 2) },
    ];
    return {
      inputs: rest.gradient === "none" ? inputs : inputs.slice(0, 2),
      build: ([x, target, dloss]) => build(x!, target!, { blank: of.blank }, dloss ?? x!),
      attributes: of,
    };
  };
  const large = { isPerRow: false, time: 128, classes: 32, labels: 24, blank: 0 };
  return { applications: sizes.map(apply), large: apply(large), ...rest };
}

export const ctc = {
  ctcAlpha: ctcCase((x, target, blank) => ops.ctcAlpha(x, target, blank), {
    accuracy: { relative: 1e-6, floor: 1e-6 },
    gradient: "none",
  }),
  ctcLoss: ctcCase(
    (x, target, blank) => ops.ctcLoss(x, ops.ctcAlpha(x, target, blank), target, blank),
    { accuracy: { relative: 1e-6, floor: 1e-2 }, gradient: "finite differences" },
    uniform(-40, 40),
  ),
  // Probabilities and occupancies, both of at most 1, cancel.
  ctcGrad: ctcCase(
    (x, target, blank, dloss) => ops.ctcGrad(x, ops.ctcAlpha(x, target, blank), target, dloss, blank),
    { accuracy: { relative: 5e-7, floor: 1 }, gradient: "none" },
  ),
} as const satisfies Record<string, OpCase>;
