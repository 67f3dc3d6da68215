/** An op takes over the buffer of an input wherever its kernel can, and only there. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPlace } from "../../src/compile/instruction.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { sameShape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import { describeTrial, type Trial, trials } from "../cases/case.ts";
import { caseNames, cases } from "../cases/index.ts";
import { prepare } from "../cases/prepare.ts";
import { GraphProgram, sameBits } from "../cases/run.ts";
import { howMany } from "../given/depth.ts";

const seed = Number(process.env.WASMGRAD_SEED ?? 2);
const TRIALS = howMany(60, 120);

/** The trial's op on copies of its inputs, of which all but one are results that the host reads. */
function onCopies(y: Value, dying: number) {
  const copies = y.inputs.map((input) => ops.copy(input));
  const result: Value = { ...y, inputs: copies };
  return { result, copies, roots: [result, ...copies.filter((_, i) => i !== dying)] };
}

const names = caseNames.filter((name) => {
  const { effect, view } = ops[name];
  return !effect && !view;
});

describe.each(names)("%s", (name) => {
  const listed = ops[name].inPlace ?? [];

  const check = (trial: Trial) => {
    const { y, feed } = prepare(trial);
    if ((y.op as unknown) !== ops[name]) return;
    y.inputs.forEach((input, i) => {
      if (!sameShape(input.shape, y.shape)) return;
      const { result, copies, roots } = onCopies(y, i);
      const maxRows = trial.rows + trial.spare;
      const shared = new GraphProgram(roots, { maxRows });
      const [place, taken] = [result, copies[i]!].map((value) => shared.plan.places.get(value)!);
      if (place!.bytes === 0) return;
      const isTaken = place!.offset === taken!.offset;
      const why = `input ${i} of ${describeTrial(trial)}`;
      expect(isTaken, why).toBe(listed.includes(i));
      if (isTaken) {
        const [now, apart] = [shared, new GraphProgram(roots, { maxRows, sharing: false })].map(
          (program) => program.run(feed)[0]!,
        );
        expect(sameBits(now!, apart!), why).toBe(true);
        return;
      }
      // Its kernel cannot: otherwise the op does not say all that it allows.
      for (const { kind, operands } of shared.instructions) {
        const fields = Object.entries(operands).flatMap(([field, operand]) =>
          isPlace(operand) ? [[field, operand] as const] : [],
        );
        if (fields[0]?.[1] !== place) continue;
        const reads = fields.slice(1).find(([, operand]) => operand === taken);
        if (reads !== undefined) expect(kind.inPlace ?? [], why).not.toContain(reads[0]);
      }
    });
  };

  it("takes over the buffer of an input that is not needed again, to the bit, if its kernel can", () => {
    fc.assert(fc.property(trials(cases[name].applications), check), { numRuns: TRIALS, seed });
  });
});
