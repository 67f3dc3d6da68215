/** Networks as pictures: neurons where they are small enough, with what is known of them, else blocks that say why. */
import { describe, expect, it } from "vitest";
import { compile, dense, input, network, sequential } from "../../src/index.js";
import { drawNetwork, wiringOf } from "../../src/plot/index.js";
import { joined, learnedXor, residual, xorData } from "./allPictures.js";
import { all, type Element, hasClass, parseSvg, textsOf, tooltipsOf } from "./parseSvg.js";

const neuronsOf = (picture: Element) =>
  all(picture, ({ name, attributes }) => name === "circle" && attributes.class === "none stroke");
const edgesOf = (picture: Element) =>
  all(picture, ({ name, children }) => name === "g" && / → /.test(children[0]?.text ?? "")).map(
    ({ children }) => [children[0]?.text as string, children[1] as Element] as const,
  );

describe("a small network", () => {
  it("has a circle for each neuron and a line for each weight, as thick as it is large, dashed where it is negative", async () => {
    const { model } = await learnedXor();
    const picture = parseSvg(drawNetwork(model));
    expect(neuronsOf(picture)).toHaveLength(2 + 4 + 1);
    const edges = new Map(edgesOf(picture));
    expect(edges.size).toBe(2 * 4 + 4);
    const { data } = model.weights()["hidden/kernel"] as { data: Float32Array };
    const largest = Math.max(
      ...Object.values(model.weights()).flatMap(({ data: one, shape }) =>
        shape.length > 1 ? [...one].map(Math.abs) : [],
      ),
    );
    for (let from = 0; from < 2; from++) {
      for (let to = 0; to < 4; to++) {
        const weight = data[from * 4 + to] as number;
        const told = [...edges.keys()].find((one) =>
          one.startsWith(`input ${from + 1} → hidden ${to + 1}, weight `),
        );
        expect(Number(told?.split("weight ")[1]?.replace("−", "-"))).toBeCloseTo(weight, 3);
        const line = edges.get(told as string)?.attributes as Record<string, string>;
        expect("stroke-dasharray" in line).toBe(weight < 0);
        expect(line.class).toBe(weight < 0 ? "s1" : "s0");
        expect(Number(line["stroke-width"])).toBeCloseTo(0.6 + (3.9 * Math.abs(weight)) / largest, 1);
      }
    }
    expect(textsOf(picture)).toEqual(
      expect.arrayContaining(["positive weight", "negative weight", "dense, sigmoid"]),
    );
  });

  it("has activations in its circles, and gradients in place of weights", async () => {
    const { model } = await learnedXor();
    const activations = await model.activations([[1, 0]], ["hidden"]);
    const gradients = { "output/kernel": { shape: [4, 1], data: [0.5, -0.25, 0, 1] } };
    const picture = parseSvg(drawNetwork(model, { activations, gradients }));
    const told = tooltipsOf(picture);
    for (let unit = 0; unit < 4; unit++) {
      const text = told.find((one) => one.startsWith(`hidden ${unit + 1}, activation `)) as string;
      const value = Number(/activation ([^,]+)/.exec(text)?.[1]?.replace("−", "-"));
      expect(value).toBeCloseTo(activations.hidden[unit] as number, 3);
    }
    const line = (unit: number) =>
      edgesOf(picture).find(([one]) => one.startsWith(`hidden ${unit} → `)) as [string, Element];
    expect(line(2)[0]).toContain("gradient −0.25");
    expect(line(2)[1].attributes.class).toBe("s1");
    expect(Number(line(4)[1].attributes["stroke-width"])).toBe(4.5);
    expect(textsOf(picture).join()).toContain(
      "Lines are gradients, as thick as they are large, up to 1; circles have activations.",
    );
  });

  it("takes the gradients that a model gives", async () => {
    const { model } = await learnedXor();
    const gradients = await model.gradients(xorData);
    const told = tooltipsOf(parseSvg(drawNetwork(model, { gradients })));
    const { data } = gradients["output/kernel"] as { data: Float32Array };
    data.forEach((gradient, unit) => {
      const text = told.find((one) => one.startsWith(`hidden ${unit + 1} → output 1, weight `)) as string;
      expect(Number(text.split("gradient ")[1]?.replaceAll("−", "-"))).toBeCloseTo(gradient, 4);
    });
    expect(told).toContainEqual(expect.stringMatching(/^output 1, bias /));
  });

  it("has lines from neuron to neuron where inputs are joined, and from all to all where they are mixed", () => {
    const picture = parseSvg(drawNetwork(joined()));
    const edges = edgesOf(picture).map(([told]) => told);
    expect(edges.filter((one) => one.includes("→ concatenate"))).toEqual([
      ...[1, 2, 3, 4].map((unit) => `dense ${unit} → concatenate ${unit}`),
      ...[1, 2, 3].map((unit) => `dense_2 ${unit} → concatenate ${unit + 4}`),
    ]);
    expect(edges.filter((one) => one.includes("→ kind"))).toHaveLength(7 * 3);
    expect(neuronsOf(picture)).toHaveLength(3 + 2 + 4 + 3 + 7 + 1 + 3);
  });
});

describe("a network that is too large for neurons", () => {
  const noteOf = (svg: string) => textsOf(parseSvg(svg)).find((one) => one.startsWith("Drawn as blocks"));

  it("is drawn as blocks with shapes and numbers of parameters, and says why", () => {
    const svg = drawNetwork(residual());
    expect(noteOf(svg)).toBe('Drawn as blocks: "input" makes [rows, 28, 28, 1] and no row of neurons.');
    const picture = parseSvg(svg);
    expect(neuronsOf(picture)).toEqual([]);
    expect(textsOf(picture)).toEqual(
      expect.arrayContaining([
        "conv2d",
        "relu → [rows, 28, 28, 16], 160 parameters",
        "add",
        "maxPool2d",
        "flatten",
      ]),
    );
    // Eight layers in a chain, and one line past a layer.
    const lines = all(
      picture,
      ({ name, attributes }) => name === "path" && attributes.class === "none faint",
    );
    expect(lines.filter(({ attributes }) => attributes.d?.includes("C"))).toHaveLength(1);
    expect(lines.filter(({ attributes }) => attributes.d?.includes("L"))).toHaveLength(7);
  });

  it("says so for many neurons, for many layers, and where many stand side by side", () => {
    expect(noteOf(drawNetwork(sequential(input(2), dense(17))))).toContain(
      '"dense" has 17 neurons, and at most 16',
    );
    expect(noteOf(drawNetwork(sequential(input(2), dense(17)), { most: 17 }))).toBeUndefined();
    const deep = sequential(input(2), ...Array.from({ length: 9 }, () => dense(2)));
    expect(noteOf(drawNetwork(deep))).toContain("it is 10 layers deep, and 640 pixels have room for 8");
    expect(noteOf(drawNetwork(deep, { width: 900 }))).toBeUndefined();
    const x = input(2);
    const wide = Object.fromEntries(Array.from({ length: 3 }, (_, i) => [`y${i}`, dense(16)(x)]));
    expect(noteOf(drawNetwork(network({ inputs: x, outputs: wide })))).toContain(
      "3 layers side by side have more than 32 neurons",
    );
  });
});

describe("the wiring", () => {
  it("is plain data: nodes with what they are called on", () => {
    const wiring = wiringOf(joined());
    expect(JSON.parse(JSON.stringify(wiring))).toEqual(wiring);
    const names = wiring.map(({ layer }) => layer);
    const concatenated = wiring.find(({ kind }) => kind === "concatenate");
    expect(concatenated?.from.map((one) => names[one])).toEqual(["dense", "dense_2"]);
    expect(wiring.find(({ layer }) => layer === "dense_2")).toEqual({
      layer: "dense_2",
      kind: "dense",
      activation: "tanh",
      shape: [-1, 3],
      from: [names.indexOf("input_2")],
      parameters: { "dense_2/kernel": [2, 3], "dense_2/bias": [3] },
      multiplications: 6,
    });
  });

  it("counts the multiplications of convolutions at every place, and has a node for each use of a shared layer", async () => {
    const map = wiringOf(residual()).find(({ layer }) => layer === "conv2d_2");
    expect(map?.multiplications).toBe(28 * 28 * 3 * 3 * 16 * 16);
    const [x, shared] = [input(4), dense(4)];
    const twice = wiringOf(await compile(network({ inputs: x, outputs: shared(shared(x)) })));
    expect(twice.map(({ layer, from }) => [layer, from])).toEqual([
      ["input", []],
      ["dense", [0]],
      ["dense", [1]],
    ]);
  });
});

describe("edges of class", () => {
  it("are thin where a network has no weights", () => {
    const picture = parseSvg(drawNetwork(sequential(input(2), dense(2))));
    expect(all(picture, hasClass("faint"))).toHaveLength(4);
    expect(all(picture, hasClass("s0"))).toEqual([]);
  });
});
