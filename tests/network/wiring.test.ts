/** Graphs that cannot be: circles, loose ends, names given twice, outputs without a way to what is trained. */
import { describe, expect, it } from "vitest";
import { stopGradient } from "../../src/graph/primitives/stopGradient.js";
import {
  add,
  compile,
  concatenate,
  customLayer,
  dense,
  flatten,
  GradientError,
  input,
  type Node,
  network,
  OptionError,
  ShapeError,
  sequential,
} from "../../src/index.js";
import { mean, transpose } from "../../src/ops/index.js";
import { errorOf } from "../given/errorOf.js";
import { rejectionOf, rowsOf } from "../given/models.js";

const site = String.raw`\(at .*wiring\.test\.ts:\d+:\d+\)`;

describe("a circle of nodes", () => {
  it("is named with the lines that made its nodes", () => {
    const start = input(3);
    const first = dense(3, { name: "first" })(start);
    const joint = add({ name: "joint" })(first, start);
    const last = dense(3)(joint);
    (first.inputs as Node[])[0] = last;
    const error = errorOf(() => network({ inputs: start, outputs: last, name: "ring" }));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch(/^network "ring": its nodes form a cycle: /);
    for (const title of ['dense "first"', 'add "joint"', "dense"]) {
      expect(error.message).toMatch(new RegExp(`${title} ${site}`));
    }
    expect(error.message).toContain("needs a way from inputs to outputs.");
    expect(error.message).not.toContain("input (");
  });

  it("of one node is found too", () => {
    const start = input(3);
    const node = dense(3)(start);
    (node.inputs as Node[])[0] = node;
    expect(errorOf(() => network({ inputs: start, outputs: node })).message).toMatch(/form a cycle: dense/);
  });
});

describe("ends", () => {
  const start = () => input(3);
  it.each<[string, () => unknown, string | RegExp]>([
    ["nothing", () => network(undefined as never), /^network: .*needs/],
    ["null", () => network(null as never), /^network: .*needs/],
    [
      "a list of inputs",
      () => network({ inputs: [start()], outputs: start() } as never),
      "network: inputs is an array of 1; needs a node, or an object of nodes by name. Name them, as { left: a, right: b }.",
    ],
    [
      "no inputs",
      () => network({ inputs: {}, outputs: start() }),
      "network: inputs is {}; needs at least one node.",
    ],
    [
      "a layer for a node",
      () => network({ inputs: { a: dense(2) }, outputs: start() } as never),
      "network: inputs.a is a function; needs a node",
    ],
    [
      "an output named loss",
      () => {
        const a = start();
        return network({ inputs: a, outputs: { loss: dense(1)(a) } });
      },
      'network: outputs has the name "loss"; needs another',
    ],
    [
      "one node as two inputs",
      () => {
        const a = start();
        return network({ inputs: { a, b: a }, outputs: a });
      },
      'network: inputs "a" and "b" are one node; needs a node for each.',
    ],
    [
      "an input that leads nowhere",
      () => {
        const a = start();
        return network({ inputs: { a, b: input(2) }, outputs: dense(2)(a) });
      },
      new RegExp(
        `^network: no output depends on the input "b" ${site}\\. Wire the outputs from it, or leave it out`,
      ),
    ],
    [
      "a layer's result as an input",
      () => {
        const h = dense(2)(start());
        return network({ inputs: h, outputs: dense(1)(h) });
      },
      new RegExp(`the input "input" is the result of dense ${site}; needs what input`),
    ],
    [
      "an input that is not named",
      () => {
        const a = start();
        return network({ inputs: { a }, outputs: add()(a, input(3, { name: "b" })) });
      },
      new RegExp(`the outputs also depend on input "b" ${site}, which is not among the inputs`),
    ],
  ])("are refused: %s", (_, build, says) => {
    const error = errorOf(build);
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch(says);
  });

  it("are refused with a misspelled option", () => {
    const a = start();
    const error = errorOf(() => network({ inputs: a, outputs: a, trainible: false } as never));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toBe('network: there is no option "trainible". Did you mean "trainable"?');
  });
});

describe("what has its rows elsewhere, or none", () => {
  const turned = () => customLayer({ kind: "turn", build: ([h]) => transpose(h!) })(input([3]));
  const whole = () => customLayer({ kind: "whole", build: ([h]) => mean(h!) })(input([3]));

  it.each<[string, () => unknown, string]>([
    [
      "dense, which would have a kernel for each number of rows",
      () => dense(2, { name: "mine" })(turned()),
      'dense "mine": input is [3, rows]; needs features as its last axis, whose number is known.',
    ],
    ["flatten", () => flatten()(turned()), "flatten: input is [3, rows]; needs the rows as its first axis."],
    ["flatten", () => flatten()(whole()), "flatten: input is []; needs the rows as its first axis."],
    [
      "concatenate",
      () => concatenate()(turned(), turned()),
      "concatenate: axis 1 of [3, rows] is the rows, which cannot be joined; needs another axis.",
    ],
  ])("is refused by %s", (_, build, says) => {
    const error = errorOf(build);
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toBe(says);
  });
});

describe("an output that no trained parameter changes", () => {
  const x = rowsOf(4, 3);
  it("is refused when its loss asks for it", async () => {
    const start = input(3);
    const outputs = { learned: dense(1)(start), fixed: dense(1, { trainable: false })(start) };
    const net = network({ inputs: start, outputs });
    const error = await rejectionOf(compile(net, { loss: "meanSquaredError" }));
    expect(error).toBeInstanceOf(GradientError);
    expect((error as Error).message).toContain('no trained parameter changes the loss of output "fixed"');
    const model = await compile(net, { loss: { learned: "meanSquaredError" } });
    expect((await model.fit({ x, y: { learned: rowsOf(4, 1) } }))[0]?.outputs.learned.loss).toBeGreaterThan(
      0,
    );
  });

  it("is refused behind stopGradient", async () => {
    const start = input(3);
    const stop = customLayer({ kind: "stop", build: ([h]) => stopGradient(h!) });
    const outputs = { a: dense(1)(start), b: stop(dense(1)(start)) };
    const error = await rejectionOf(
      compile(network({ inputs: start, outputs }), { loss: "meanSquaredError" }),
    );
    expect(error).toBeInstanceOf(GradientError);
    expect((error as Error).message).toContain('output "b"');
  });

  it("is refused when it becomes so by freezing, and all stays as it was", async () => {
    const start = input(3);
    const outputs = { a: dense(1, { name: "left" })(start), b: dense(1, { name: "right" })(start) };
    const model = await compile(network({ inputs: start, outputs }), { loss: "meanSquaredError" });
    const before = model.memory;
    expect(errorOf(() => model.freeze("left"))).toBeInstanceOf(GradientError);
    expect(model.memory).toEqual(before);
    await model.fit({ x, y: { a: rowsOf(4, 1), b: rowsOf(4, 1) } });
  });

  it("has nothing to fit when nothing is trained at all", async () => {
    const model = await compile(sequential(input(3), dense(1, { trainable: false })), {
      loss: "meanSquaredError",
    });
    const error = await rejectionOf(model.fit({ x, y: rowsOf(4, 1) }));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toBe(
      "fit: there are no parameters to train: all are frozen. Unfreeze some.",
    );
    expect((await model.evaluate({ x, y: rowsOf(4, 1) })).loss).toBeGreaterThan(0);
    const bare = await compile(sequential(input(3)), { loss: "meanSquaredError" });
    expect(((await rejectionOf(bare.fit({ x, y: x }))) as Error).message).toContain(
      "Add a layer that has some.",
    );
  });
});
