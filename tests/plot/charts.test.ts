/** Curves, matrices and histograms: the numbers are where their axes say. */
import { describe, expect, it } from "vitest";
import { compile, cosineDecay, dense, input, learningRateLog, sequential } from "../../src/index.js";
import { confusionMatrix, precisionRecallCurve, rocAuc, rocCurve } from "../../src/metrics/index.js";
import { linearScale, logScale } from "../../src/plot/drawing/scale.js";
import {
  drawConfusionMatrix,
  drawHealth,
  drawHistograms,
  drawHistory,
  drawLearningRate,
  drawPrecisionRecallCurve,
  drawRocCurve,
} from "../../src/plot/index.js";
import { errorOf } from "../given/errorOf.js";
import { rowsOf } from "../given/models.js";
import { scores } from "./allPictures.js";
import { all, type Element, hasClass, parseSvg, textsOf, tooltipsOf } from "./parseSvg.js";

/** Curves by name: the corners of their lines. */
function curvesOf(picture: Element): Map<string, (readonly [number, number])[][]> {
  const groups = all(
    picture,
    ({ name, children }) => name === "g" && hasClass("thick")(children[1] ?? ({ attributes: {} } as Element)),
  );
  return new Map(
    groups.map(({ children }) => {
      const parts = (children[1]?.attributes.d ?? "").split("M").slice(1);
      const points = parts.map((part) =>
        part.split("L").map((one) => one.split(" ").map(Number) as unknown as readonly [number, number]),
      );
      return [children[0]?.text as string, points] as const;
    }),
  );
}

/** Where the labels of ticks stand: of the axis below, and of that to the left. */
function ticksOf(picture: Element, axis: "x" | "y"): Map<string, number> {
  const isOf = axis === "x" ? hasClass("middle") : hasClass("end");
  const labels = all(picture, (one) => one.name === "text" && hasClass("soft")(one) && isOf(one));
  return new Map(
    labels.map(({ text, attributes }) => [
      text,
      axis === "x" ? Number(attributes.x) : Number(attributes.y) - 4,
    ]),
  );
}

const report = (epoch: number, loss: number, more: object = {}) =>
  ({ epoch, loss, steps: 1, learningRate: 0.1, samplesPerSecond: 1, ...more }) as never;

describe("scales", () => {
  it("have ticks of 1, 2 or 5 times a power of ten that reach around the numbers", () => {
    for (const [low, high] of [
      [0, 1],
      [0.013, 0.92],
      [-3, 17],
      [1e-9, 3e-9],
      [12345, 12399],
      [-1e12, 5e12],
    ] as const) {
      const { ticks } = linearScale([low, high], [0, 100]);
      const step = (ticks[1]?.value as number) - (ticks[0]?.value as number);
      expect(["1", "2", "5"]).toContain(step.toExponential(6).replace(/\.?0+e.*/, ""));
      expect(ticks[0]?.value).toBeLessThanOrEqual(low);
      expect(ticks.at(-1)?.value).toBeGreaterThanOrEqual(high);
      expect(ticks.length).toBeLessThan(9);
      expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
    }
  });

  it("hold numbers that are all alike, and keep to their ends what lies beyond", () => {
    const { at } = linearScale([5, 5], [0, 100]);
    expect(at(5)).toBeGreaterThan(0);
    expect(at(5)).toBeLessThan(100);
    expect([at(-1e9), at(1e9)]).toEqual([0, 100]);
  });

  it("of logarithms have equal lengths for equal ratios, and no place for what is not positive", () => {
    const scale = logScale([1e-4, 1], [0, 400]);
    expect([1e-4, 1e-3, 1e-2, 1e-1, 1].map((value) => Math.round(scale.at(value)))).toEqual([
      0, 100, 200, 300, 400,
    ]);
    expect([0, -1, Number.NaN].map(scale.has)).toEqual([false, false, false]);
    expect(scale.ticks.map(({ value }) => value)).toEqual([1e-4, 1e-3, 1e-2, 1e-1, 1]);
  });
});

describe("drawHistory", () => {
  it("has a panel for each score, with the losses at their places, training beside validation", () => {
    const history = [
      report(1, 1, { accuracy: 0.5, validation: { loss: 0.8, accuracy: 0.25 } }),
      report(2, 0.5, { accuracy: 0.75, validation: { loss: 0.6, accuracy: 0.5 } }),
      report(3, 0, { accuracy: 1, validation: { loss: 0.7, accuracy: 0.5 } }),
    ];
    const picture = parseSvg(drawHistory(history, { scores: ["loss"] }));
    const curves = curvesOf(picture);
    const [x, y] = [ticksOf(picture, "x"), ticksOf(picture, "y")];
    const [training] = curves.get("training") as [(readonly [number, number])[]];
    expect(training.map(([, at]) => at)).toEqual([
      y.get("1"),
      ((y.get("1") as number) + (y.get("0") as number)) / 2,
      y.get("0"),
    ]);
    expect(training.map(([at]) => at)).toEqual([1, 2, 3].map((epoch) => x.get(`${epoch}`)));
    expect(curves.get("validation")?.[0]).toHaveLength(3);
    expect(textsOf(parseSvg(drawHistory(history)))).toEqual(
      expect.arrayContaining(["loss", "accuracy", "training", "validation"]),
    );
  });

  it("breaks the line where a loss is not finite, and where a logarithm has no place for it", () => {
    const history = [1, 0.5, Number.NaN, 0.25, 0, 0.1].map((loss, i) => report(i + 1, loss));
    const pieces = (scale: "linear" | "log") =>
      curvesOf(parseSvg(drawHistory(history, { scale })))
        .get("training")
        ?.map((one) => one.length);
    expect(pieces("linear")).toEqual([2, 3]);
    expect(pieces("log")).toEqual([2, 1, 1]);
  });

  it("keeps the peaks of many epochs in a picture of few points", () => {
    const history = Array.from({ length: 50_000 }, (_, i) => report(i + 1, i === 31_234 ? 9 : 1));
    const svg = drawHistory(history);
    expect(svg.length).toBeLessThan(40_000);
    const y = ticksOf(parseSvg(svg), "y");
    const [line] = curvesOf(parseSvg(svg)).get("training") as [(readonly [number, number])[]];
    const scale = ((y.get("2") as number) - (y.get("8") as number)) / 6;
    expect(Math.min(...line.map(([, at]) => at))).toBeCloseTo((y.get("8") as number) - scale, 0);
  });

  it("refuses scores that there are not, with the nearest that there is", () => {
    expect(errorOf(() => drawHistory([report(1, 1)], { scores: ["los"] })).message).toBe(
      'drawHistory: there is no score "los". Did you mean "loss"?',
    );
  });
});

describe("drawLearningRate", () => {
  it("asks a schedule at its first and its last step", () => {
    const asked: number[] = [];
    drawLearningRate((step) => asked.push(step), { steps: 100_000 });
    expect([asked.length, asked[0], asked.at(-1)]).toEqual([2000, 0, 99_999]);
  });

  it("draws schedules, reports, and the rates of a log alike", async () => {
    const log = learningRateLog({ per: "step" });
    const schedule = cosineDecay({ initialLearningRate: 0.1, decaySteps: 6 });
    const model = await compile(sequential(input(2), dense(1)), {
      loss: "meanSquaredError",
      optimizer: "sgd",
      seed: 1,
    });
    const reports = await model.fit(
      { x: rowsOf(4, 2), y: rowsOf(4, 1) },
      { epochs: 6, batchSize: 4, callbacks: [log] },
    );
    const lines = [
      drawLearningRate(schedule, { steps: 6 }),
      drawLearningRate(log.rates),
      drawLearningRate(reports),
    ].map((svg) => curvesOf(parseSvg(svg)).get("learning rate")?.flat().length);
    expect(lines).toEqual([6, 6, 6]);
  });
});

describe("curves of scores", () => {
  const { predicted, labels } = scores(0.6);

  it("tell the area that rocAuc gives", () => {
    const area = rocAuc(predicted, labels).toFixed(3);
    expect(textsOf(parseSvg(drawRocCurve(rocCurve(predicted, labels))))).toContain(`area ${area}`);
    expect(textsOf(parseSvg(drawRocCurve({ mine: rocCurve(predicted, labels) })))).toContain(
      `mine, area ${area}`,
    );
  });

  it("tell the average precision, Σ (rᵢ − rᵢ₊₁) pᵢ over the curve", () => {
    const { precision, recall } = precisionRecallCurve(predicted, labels);
    const mean = precision
      .slice(0, -1)
      .reduce((sum, one, i) => sum + one * ((recall[i] as number) - (recall[i + 1] as number)), 0);
    const texts = textsOf(parseSvg(drawPrecisionRecallCurve(precisionRecallCurve(predicted, labels))));
    expect(texts).toContain(`average precision ${mean.toFixed(3)}`);
  });
});

describe("drawConfusionMatrix", () => {
  it("has each count in its cell, darker for larger shares of its line", () => {
    const matrix = confusionMatrix([0, 0, 1, 2, 2, 2, 1], [0, 1, 1, 2, 2, 2, 2], {
      classes: ["a", "b", "c"],
    });
    const picture = parseSvg(drawConfusionMatrix(matrix));
    const cells = all(
      picture,
      ({ name, children }) => name === "g" && /^labeled/.test(children[0]?.text ?? ""),
    );
    expect(cells.map(({ children }) => children[0]?.text)).toEqual(
      ["a", "b", "c"].flatMap((label, i) =>
        ["a", "b", "c"].map((other, j) => `labeled ${label}, predicted ${other}: ${matrix.counts[i]?.[j]}`),
      ),
    );
    const opacities = cells.map(({ children }) => Number(children[1]?.attributes["fill-opacity"]));
    expect(opacities[0]).toBe(0.45);
    expect(opacities[3]).toBeCloseTo(0.45 / 2, 1);
    expect(opacities[1]).toBe(0);
  });

  it("of very many classes is refused", () => {
    const counts = Array.from({ length: 201 }, () => new Array<number>(201).fill(1));
    expect(
      errorOf(() => drawConfusionMatrix({ counts, classes: counts.map((_, i) => `${i}`) })).message,
    ).toMatch(/201 classes; needs at most 200/);
  });
});

describe("drawHistograms", () => {
  it("counts every finite number once, tells the others, and how many tensors are left out", () => {
    const data = [...rowsOf(1, 500)[0]!, Number.NaN, Number.POSITIVE_INFINITY];
    const tensors = Object.fromEntries(["a", "b", "c"].map((name) => [name, { shape: [502], data }]));
    const picture = parseSvg(drawHistograms(tensors, { bins: 10, most: 2 }));
    const counts = tooltipsOf(picture).map((text) => Number(text.split(": ")[1]));
    expect(counts).toHaveLength(20);
    expect(counts.slice(0, 10).reduce((sum, one) => sum + one, 0)).toBe(500);
    expect(textsOf(picture).join()).toMatch(/2 not finite.*|The first 2 of 3 tensors/);
    expect(textsOf(picture)).toContain("The first 2 of 3 tensors; the option most draws more.");
  });
});

describe("drawHealth", () => {
  const data = { x: rowsOf(32, 2), y: rowsOf(32, 1, 2) };
  const train = async (statistics: boolean, layers = 2) => {
    const hidden = Array.from({ length: layers }, () => dense(4, "sigmoid"));
    const model = await compile(sequential(input(2), ...hidden, dense(1)), {
      loss: "meanSquaredError",
      seed: 1,
    });
    return model.fit(data, { epochs: 3, batchSize: 8, statistics, onWarning: false });
  };

  it("has a line for each layer in each panel, of what the reports say", async () => {
    const reports = await train(true);
    const picture = parseSvg(drawHealth(reports));
    expect(textsOf(picture)).toEqual(
      expect.arrayContaining([
        "saturated sigmoids and tanhs",
        "dead units, 0 for every row",
        "update ratio, |Δw| / |w|",
        "gradient norm",
      ]),
    );
    const layers = Object.keys(reports[0]?.statistics?.layers ?? {});
    expect(layers).toHaveLength(4);
    expect([...curvesOf(picture).keys()].sort()).toEqual([...layers].sort());
  });

  it("draws as many layers as it is told, and says of how many", async () => {
    const picture = parseSvg(drawHealth(await train(true, 12), { most: 3 }));
    expect(textsOf(picture)).toContain("3 of 14 layers, evenly chosen; the option most draws more.");
    expect([...curvesOf(picture).keys()].sort()).toEqual(["dense_13", "dense_7", "input"].sort());
  });

  it("says how statistics come into reports", async () => {
    const reports = await train(false);
    expect(errorOf(() => drawHealth(reports)).message).toBe(
      "drawHealth: report 1 has no statistics; needs those of each epoch. Train with fit(data, { statistics: true }).",
    );
  });
});
