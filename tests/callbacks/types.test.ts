/** The types of callbacks, which `npm run types` checks: hooks know the metrics and outputs of their model. */
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  type Callback,
  compile,
  dense,
  type EpochReport,
  earlyStopping,
  input,
  network,
  progressLine,
  sequential,
} from "../../src/index.ts";
import { rowsOf } from "../given/models.ts";

const x = rowsOf(8, 3);
const labels = x.map((_, i) => i % 2);

describe("hooks know", () => {
  it("the metrics of validation", async () => {
    const model = await compile(sequential(input(3), dense(2)), {
      loss: "crossEntropy",
      metrics: ["accuracy"],
    });
    const seen: number[] = [];
    const reports = await model.fit(
      { x, y: labels },
      {
        validation: { x, y: labels },
        callbacks: [
          {
            onEpochEnd(report) {
              expectTypeOf(report.validation.accuracy).toEqualTypeOf<number>();
              seen.push(report.accuracy, report.validation.accuracy);
            },
          },
          earlyStopping({ patience: 2 }),
          progressLine({ write: () => undefined }),
        ],
      },
    );
    expect(seen).toEqual(reports.flatMap(({ accuracy, validation }) => [accuracy, validation.accuracy]));
  });

  it("the outputs by their names", async () => {
    const inputs = { x: input(3) };
    const both = network({ inputs, outputs: { kind: dense(2)(inputs.x), size: dense(1)(inputs.x) } });
    const model = await compile(both, { loss: { kind: "crossEntropy", size: "meanSquaredError" } });
    const losses: number[] = [];
    const general: Callback = { onEpochEnd: ({ loss }) => void losses.push(loss) };
    await model.fit(
      { x: { x }, y: { kind: labels, size: x.map(() => 1) } },
      { callbacks: [general, { onEpochEnd: ({ outputs }) => void losses.push(outputs.size.loss) }] },
    );
    expect(losses).toHaveLength(2);
    expect(losses[1]).toBeLessThan(losses[0] as number);
  });

  it("of a callback for any model what all reports have", () => {
    expectTypeOf<Parameters<NonNullable<Callback["onEpochEnd"]>>[0]>().toEqualTypeOf<EpochReport>();
  });
});
