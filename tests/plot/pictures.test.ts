/** Laws of all pictures: form, words for who cannot see them, light and dark, and what a label may be. */
import { beforeAll, describe, expect, it } from "vitest";
import { compile, dense, input, sequential } from "../../src/index.js";
import {
  drawConfusionMatrix,
  drawDecisionBoundary,
  drawHistograms,
  drawHistory,
  drawNetwork,
  drawRocCurve,
} from "../../src/plot/index.js";
import { allPictures } from "./allPictures.js";
import { all, type Element, parseSvg, textsOf } from "./parseSvg.js";

let pictures: Record<string, string> = {};
beforeAll(async () => {
  pictures = await allPictures();
});

const each = (check: (picture: Element, svg: string, name: string) => void) => {
  expect(Object.keys(pictures).length).toBeGreaterThan(10);
  for (const [name, svg] of Object.entries(pictures)) check(parseSvg(svg), svg, name);
};

describe("every picture", () => {
  it("is a file by itself, of numbers that are finite, within its own bounds", () => {
    each((picture, svg, name) => {
      expect(picture.attributes.xmlns, name).toBe("http://www.w3.org/2000/svg");
      expect(svg, name).not.toMatch(/NaN|Infinity|undefined|\[object/);
      const { width, height, viewBox } = picture.attributes;
      expect(viewBox, name).toBe(`0 0 ${width} ${height}`);
      const [right, bottom] = [Number(width), Number(height)];
      for (const one of all(
        picture,
        ({ name: kind }) => kind === "text" || kind === "rect" || kind === "circle",
      )) {
        const { x, y, cx, cy } = one.attributes;
        const [at, down] = [Number(x ?? cx), Number(y ?? cy)];
        expect(at >= -1 && at <= right && down >= -1 && down <= bottom, `${name}: ${one.text}`).toBe(true);
      }
    });
  });

  it("has a title, a description, and a label for who cannot see it", () => {
    each((picture, _, name) => {
      const [title, description] = picture.children as [Element, Element];
      expect([title.name, description.name], name).toEqual(["title", "desc"]);
      expect(picture.attributes.role, name).toBe("img");
      expect(picture.attributes["aria-label"], name).toBe(`${title.text}. ${description.text}`);
      expect(title.text.length, name).toBeGreaterThan(2);
      expect(description.text.length, name).toBeGreaterThan(20);
      expect(textsOf(picture)[0], name).toBe(title.text);
    });
  });

  it("has colors for dark surfaces, and styles that reach nothing else of a page", () => {
    each((picture, _, name) => {
      const [style = ""] = all(picture, ({ name: kind }) => kind === "style").map(({ text }) => text);
      expect(style, name).toContain("@media (prefers-color-scheme:dark){.wasmgrad .surface{fill:#15171b}");
      const selectors =
        style.replaceAll("@media (prefers-color-scheme:dark){", "").match(/[^{}]+(?=\{)/g) ?? [];
      expect(selectors.length, name).toBeGreaterThan(30);
      expect(
        selectors.filter((one) => !one.startsWith(".wasmgrad")),
        name,
      ).toEqual([]);
      // Ids would be there twice on a page with two pictures; many viewers of files know no variables.
      expect(
        all(picture, ({ attributes }) => "id" in attributes),
        name,
      ).toEqual([]);
      expect(style, name).not.toContain("var(");
    });
  });

  it("has names for both axes, if it has axes", () => {
    const axes = {
      history: ["epoch", "loss"],
      schedule: ["step", "learning rate"],
      rangeTest: ["learning rate", "loss"],
      confusion: ["labeled", "predicted"],
      roc: ["false positive rate", "true positive rate"],
      precisionRecall: ["recall", "precision"],
      boundary: ["x1", "x2"],
      histograms: ["count"],
      health: ["epoch", "update ratio", "gradient norm", "share of elements"],
    };
    for (const [name, labels] of Object.entries(axes)) {
      expect(textsOf(parseSvg(pictures[name] as string)), name).toEqual(expect.arrayContaining(labels));
    }
  });

  it("can be told its title, its width and its theme", async () => {
    const net = sequential(input(2), dense(1));
    const dark = drawNetwork(net, { title: "Mine", width: 400, theme: "dark" });
    expect(parseSvg(dark).attributes.width).toBe("400");
    expect(textsOf(parseSvg(dark))[0]).toBe("Mine");
    expect(dark).toContain(".wasmgrad .surface{fill:#15171b}");
    expect(dark).not.toContain("@media");
    expect(drawNetwork(net, { theme: "light" })).not.toContain("#15171b");
  });
});

/** WCAG 2.2, relative luminance and contrast. */
function contrast(a: string, b: string): number {
  const luminance = (color: string) => {
    const [r = 0, g = 0, blue = 0] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe("colors", () => {
  it("of series and texts have a contrast of at least 4.5 on their surface, light and dark (WCAG 2.2, 1.4.3)", () => {
    for (const theme of ["light", "dark"] as const) {
      const svg = drawNetwork(sequential(input(2), dense(1)), { theme });
      const colorOf = (name: string) =>
        new RegExp(`\\.wasmgrad \\.${name}\\{(?:fill|stroke):(#\\w{6})\\}`).exec(svg)?.[1] as string;
      const names = ["ink", "soft", ...Array.from({ length: 8 }, (_, i) => `f${i}`)];
      for (const name of names) {
        expect(contrast(colorOf(name), colorOf("surface")), `${theme} ${name}`).toBeGreaterThan(4.5);
      }
    }
  });
});

describe("labels", () => {
  const HOSTILE = "</text><script>alert('1')</script>&\"]]>\u0000\u0007\ud800 ünï 🙂";
  const CLEAN = "</text><script>alert('1')</script>&\"]]>\ufffd\ufffd\ufffd ünï 🙂";

  it("of titles, classes, layers, scores, tensors and curves are text, whatever is in them", async () => {
    const model = await compile(sequential(input(2), dense(2, { name: HOSTILE })));
    const curve = { falsePositiveRates: [0, 1], truePositiveRates: [0, 1], thresholds: [1, 0] };
    const drawn = [
      drawNetwork(model, { title: HOSTILE }),
      drawConfusionMatrix({ counts: [[1]], classes: [HOSTILE] }),
      await drawDecisionBoundary(
        model,
        { x: [[0, 0]], y: [0] },
        {
          range: [
            [0, 1],
            [0, 1],
          ],
          inputs: [HOSTILE, "b"],
        },
      ),
      drawHistograms({ [HOSTILE]: { shape: [1], data: [1] } }),
      drawHistory([
        { epoch: 1, steps: 1, loss: 1, learningRate: 1, samplesPerSecond: 1, [HOSTILE]: 2 },
      ] as never),
      drawRocCurve({ [HOSTILE]: curve }),
    ];
    for (const svg of drawn) {
      const picture = parseSvg(svg);
      expect(all(picture, ({ name }) => name === "script")).toEqual([]);
      expect(picture.text + picture.attributes["aria-label"]).toContain(CLEAN);
    }
  });
});
