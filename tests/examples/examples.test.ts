/** Each example runs as a user runs it, and gets as far as it promises: run after `npm run build`. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { all, parseSvg, textsOf, tooltipsOf } from "../plot/parseSvg.js";

const execute = promisify(execFile);
const minute = 60_000;

async function outputOf(example: string, ...options: string[]): Promise<string> {
  const { stdout, stderr } = await execute(process.execPath, [`examples/${example}.mjs`, ...options], {
    timeout: minute,
  });
  expect(stderr).toBe("");
  return stdout;
}

/** The numbers that a pattern captures in a text. @throws when it does not match */
function numbersIn(text: string, pattern: RegExp): number[] {
  const match = pattern.exec(text);
  if (match === null) throw new Error(`${pattern} is not in: ${text}`);
  return match.slice(1).map(Number);
}

beforeAll(() => {
  if (!existsSync("dist/index.js")) throw new Error("dist/index.js is missing; run `npm run build` first.");
});

describe("examples", () => {
  it("are all run here, beside the modules that make their data", () => {
    const data = ["edge", "houses.mjs", "mnistDigits.mjs", "random.mjs"];
    expect(readdirSync("examples").sort()).toEqual(
      [
        "autoencoder.mjs",
        "checkpoints.mjs",
        "crossValidation.mjs",
        "digits.mjs",
        "dqn.mjs",
        "gan.mjs",
        "gradients.mjs",
        "housePrices.mjs",
        "overfitting.mjs",
        "policyGradient.mjs",
        ...data,
        "xor.mjs",
        "xorPictures.mjs",
      ].sort(),
    );
  });

  it("gan brings its points to the ring, all around it", async () => {
    const text = await outputOf("gan", "--steps", "1500");
    const [distance = 1, sectors = 0] = numbersIn(
      text,
      /step 1500: points lie ([\d.]+) .* in (\d+) of 12 sectors/,
    );
    // Points of the ring lie 0.025 from it on average, in all sectors; points of the square that they start in, 0.3.
    expect(distance).toBeLessThan(0.15);
    expect(sectors).toBeGreaterThanOrEqual(10);
  }, 60_000);

  it("policyGradient balances the pole four times as long as chance does", async () => {
    const text = await outputOf("policyGradient");
    const [first = 0] = numbersIn(text, /updates up to 10: the pole stands ([\d.]+) of 200/);
    const [last = 0] = numbersIn(text, /updates up to 60: the pole stands ([\d.]+) of 200/);
    expect(first).toBeLessThan(80);
    // Pushes at random let it fall after 22 steps (Barto, Sutton & Anderson 1983, as Gym's CartPole-v0 has it).
    expect(last).toBeGreaterThan(150);
  }, 60_000);

  it("dqn catches nine of ten, and one of seven before it has learned", async () => {
    const text = await outputOf("dqn", "--games", "400");
    expect(numbersIn(text, /before: ([\d.]+) % caught/)[0]).toBeLessThan(40);
    expect(numbersIn(text, /game 400: ([\d.]+) % caught/)[0]).toBeGreaterThan(90);
  }, 60_000);

  it("xor learns all four rows", async () => {
    const text = await outputOf("xor");
    for (const [a, b] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const) {
      const [output = Number.NaN] = numbersIn(text, new RegExp(`${a} xor ${b} = ([\\d.]+)`));
      expect(Math.abs(output - (a ^ b))).toBeLessThan(0.2);
    }
    expect(numbersIn(text, /10000 epochs in [\d.]+ s, loss ([\d.]+)/)[0]).toBeLessThan(0.04);
  }, 60_000);

  it("xorPictures draws what it has learned: the network, the plane with its boundary, and the loss", async () => {
    const folder = await mkdtemp(join(tmpdir(), "wasmgrad-pictures-"));
    try {
      expect(await outputOf("xorPictures", "--folder", folder)).toContain("boundary.svg");
      const read = async (name: string) => parseSvg(await readFile(join(folder, name), "utf8"));
      expect(textsOf(await read("network.svg"))).toEqual(
        expect.arrayContaining(["hidden", "positive weight"]),
      );
      expect(textsOf(await read("history.svg"))).toEqual(expect.arrayContaining(["epoch", "loss"]));
      const boundary = await read("boundary.svg");
      expect(textsOf(boundary)).toEqual(expect.arrayContaining(["What XOR has become", "0", "1"]));
      // A corner of each row, whose class is named, and a line between them.
      expect(tooltipsOf(boundary)).toEqual(["(0, 0): 0", "(0, 1): 1", "(1, 0): 1", "(1, 1): 0"]);
      expect(all(boundary, ({ attributes }) => attributes.class === "none stroke thick")).toHaveLength(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);

  it("checkpoints goes on from where it was killed, to the same weights", async () => {
    const text = await outputOf("checkpoints");
    expect(text).toContain("trained until SIGKILL");
    const [step = 0] = numbersIn(text, /went on from step (\d+): the same weights as without the stop/);
    expect(step).toBeGreaterThan(99);
  }, 60_000);

  it("gradients shows that fifty layers of sigmoids stand still, and that others learn; that clipping saves a line", async () => {
    const text = await outputOf("gradients");
    const ends = [
      ...text.matchAll(/over that of the last: (\S+)\s+loss ([\d.]+), accuracy ([\d.]+) %\s+health: (.*)/g),
    ];
    const [sigmoid = [], relu = [], normalized = []] = ends;
    // The share of the more frequent class: what a constant answer gets right.
    const share = 53.7;
    expect(Number(sigmoid[1])).toBeLessThan(1e-20);
    expect(Number(sigmoid[3])).toBeLessThan(share + 1);
    expect(sigmoid[4]).toContain('vanishingGradient: the gradient vanishes: that of "dense/kernel"');
    for (const [, ratio, , accuracy] of [relu, normalized]) {
      expect(Math.abs(Math.log10(Number(ratio)))).toBeLessThan(2);
      expect(Number(accuracy)).toBeGreaterThan(90);
    }
    expect(text).toMatch(/without clipping\s+diverged at step \d/);
    const [first = 0, last = 1] = numbersIn(
      text,
      /clipNorm: 1\s+loss (\S+) in the first epoch, (\S+) in the last/,
    );
    expect(first).toBeGreaterThan(100);
    expect(last).toBeLessThan(0.01);
    expect(text).toContain("explodingGradient: the gradient explodes");
  }, 60_000);

  it("overfitting learns by heart unless dropout, decay or early stopping is used, and is best with all", async () => {
    const text = await outputOf("overfitting");
    const row = (name: string) =>
      numbersIn(text, new RegExp(`${name} +(\\d+) +([\\d.]+) +([\\d.]+) +([\\d.]+) %`)) as [
        number,
        number,
        number,
        number,
      ];
    const [, known, unseen, accuracy] = row("nothing");
    expect(known).toBeLessThan(0.01);
    expect(unseen).toBeGreaterThan(1);
    for (const cure of ["dropout 0.5", "weight decay 5", "early stopping", "all three"]) {
      expect(row(cure)[2]).toBeLessThan(unseen);
    }
    expect(row("early stopping")[0]).toBeLessThan(100);
    expect(row("all three")[2]).toBeLessThan(0.5);
    expect(row("all three")[3]).toBeGreaterThan(accuracy);
  }, 60_000);

  it("autoencoder draws images better than the mean image, and digits of noise", async () => {
    const text = await outputOf("autoencoder", "--epochs", "3");
    const losses = [
      ...text.matchAll(/epoch (\d): loss ([\d.]+), of it for z ([\d.]+); validation ([\d.]+)/g),
    ];
    expect(losses.map(([, epoch]) => epoch)).toEqual(["1", "2", "3"]);
    const [, , , forZ = 0, validation = 1] = (losses[2] ?? []).map(Number);
    // Guessing each pixel's own mean over the training images costs 0.2635 a pixel on the test images, worked in f64.
    expect(validation).toBeLessThan(0.2);
    expect(forZ).toBeGreaterThan(0.005);
    const drawing = text.slice(text.indexOf("digits that nobody wrote")).split("\n").slice(1);
    expect(drawing.filter((line) => /[#%@]/.test(line)).length).toBeGreaterThan(5);
  }, 60_000);

  it("housePrices is better than the mean and than a straight line", async () => {
    const text = await outputOf("housePrices");
    const [mean = 0, line = 0, network = 0] = numbersIn(
      text,
      /mean price +([\d.]+)\s+straight line +([\d.]+)\s+network +([\d.]+)/,
    );
    expect(line).toBeLessThan(0.7 * mean);
    // The noise alone, uniform over ±15, is an absolute error of 7.5.
    expect(network).toBeGreaterThan(7);
    expect(network).toBeLessThan(0.5 * line);
  }, 60_000);

  it("crossValidation scores unseen houses as its folds did, with the encoder that came with the snapshot", async () => {
    const text = await outputOf("crossValidation");
    const [mean = 0, deviation = 0] = numbersIn(text, /mean .* ([\d.]+) ± ([\d.]+)\n/);
    const [error = 0] = numbersIn(text, /unseen houses: ([\d.]+) thousand/);
    expect(deviation).toBeGreaterThan(0);
    // More rows trained it: within four deviations of what the folds said.
    expect(Math.abs(error / 100 - mean)).toBeLessThan(4 * deviation);
    expect(text).toContain("inputs: area, rooms, age, place_center, place_country, place_town");
  }, 60_000);

  it("digits reads 95 % of its test images after five epochs, and says how", async () => {
    const text = await outputOf("digits", "--epochs", "5");
    for (let epoch = 1; epoch <= 5; epoch++) {
      const line = `epoch ${epoch}: loss ([\\d.]+), accuracy ([\\d.]+) %; validation loss ([\\d.]+), accuracy ([\\d.]+) %`;
      const [loss, accuracy, heldLoss, heldAccuracy] = numbersIn(text, new RegExp(line));
      expect(loss).toBeLessThan(1);
      expect(heldLoss).toBeLessThan(0.5);
      expect(accuracy).toBeGreaterThan(70);
      expect(heldAccuracy).toBeGreaterThan(85);
    }
    expect(numbersIn(text, /test accuracy +([\d.]+) %/)[0]).toBeGreaterThanOrEqual(95);
    expect(numbersIn(text, /training speed +(\d+) samples\/s/)[0]).toBeGreaterThan(0);
    expect(text).toMatch(/total +101770/);
    // 784 · 128 + 128 + 128 · 10 + 10 floats, each parameter rounded up to 64 bytes.
    expect(text).toMatch(/parameters +407,104/);
    expect(text).not.toContain("\r");
  }, 60_000);
});
