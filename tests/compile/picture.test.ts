/** The plan as a reader sees it: what is needed at the peak, and each buffer's life. */
import { describe, expect, it } from "vitest";
import { liveAtPeak } from "../../src/compile/memory/live.ts";
import { type Lifetime, plan } from "../../src/compile/memory/plan.ts";
import { drawLifetimes } from "../../src/compile/picture.ts";
import { trainingChain } from "../cases/chains.ts";

const life = (
  layer: string,
  op: string,
  [bytes, offset]: readonly [number, number],
  [first, last]: readonly [number, number],
): Lifetime => ({ layer, op, bytes, offset, first, last });

const LIVES = [
  life("input", "source", [8192, 0], [0, 19]),
  life("hidden", "linear", [32768, 8192], [1, 17]),
  life("output", "linear", [4096, 40960], [2, 9]),
  life("output", "matmul", [32768, 45056], [10, 17]),
  life("loss", "mean", [64, 45056], [8, 8]),
  life("loss", "fill", [64, 45120], [9, 9]),
  life("loss", "broadcastTo", [64, 77824], [10, 23]),
];

describe("the live set at the peak", () => {
  it("names layer, op and bytes of all that is needed then, the largest first", () => {
    const { bytes, instruction, live } = liveAtPeak(LIVES);
    expect(instruction).toBe(10);
    expect(live.map(({ layer, op, bytes: size }) => `${layer} ${op} ${size}`)).toEqual([
      "hidden linear 32768",
      "output matmul 32768",
      "input source 8192",
      "loss broadcastTo 64",
    ]);
    expect(bytes).toBe(32768 + 32768 + 8192 + 64);
  });

  it("is empty when nothing is planned", () => {
    expect(liveAtPeak([])).toEqual({ bytes: 0, instruction: 0, live: [] });
  });

  it("holds, of a chain in training, the result of each layer", () => {
    const { lifetimes } = plan(trainingChain({ layers: 6, width: 16, rows: 64 }));
    const { live } = liveAtPeak(lifetimes);
    const layers = live.filter(({ op }) => op === "linear").map(({ layer }) => layer);
    expect(layers).toEqual(["layer0", "layer1", "layer2", "layer3", "layer4", "layer5"]);
  });
});

describe("drawLifetimes", () => {
  it("draws a bar for each buffer, the peak below them, and sums up what is too small", () => {
    expect(drawLifetimes(LIVES, { most: 4 })).toBe(
      [
        "layer               op      bytes  offset  instructions 0 to 23",
        "input               source   8192       0  ####################....",
        "hidden              linear  32768    8192  .#################......",
        "output              linear   4096   40960  ..########..............",
        "output              matmul  32768   45056  ..........########......",
        "and 3 smaller ones            192",
        "needed at one time          73792          ..........^.............",
      ].join("\n"),
    );
  });

  it("draws to scale: a bar covers every column that it touches", () => {
    const lives = [
      life("a", "first", [128, 0], [0, 9]),
      life("a", "next", [64, 0], [10, 99]),
      life("b", "point", [64, 128], [55, 55]),
    ];
    const bars = drawLifetimes(lives, { columns: 10 })
      .split("\n")
      .slice(1)
      .map((line) => line.split(" ").at(-1));
    expect(bars).toEqual(["#.........", ".#########", ".....#....", "^........."]);
  });

  it("stays within its columns and its lines, whatever the size of the program", () => {
    const { lifetimes } = plan(trainingChain({ layers: 300, width: 4, rows: 8 }));
    const lines = drawLifetimes(lifetimes).split("\n");
    expect(lines).toHaveLength(1 + 40 + 2);
    for (const line of lines.slice(1, -2)) expect(line.split(" ").at(-1)).toHaveLength(64);
  });

  it("draws nothing but the headings of no plan", () => {
    expect(drawLifetimes([]).split("\n")).toHaveLength(2);
  });
});
