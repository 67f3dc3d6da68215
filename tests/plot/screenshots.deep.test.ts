/**
 * Each picture as Chromium draws it, light and dark: what is seen lies where the SVG says, in the colors that it says, and
 * is what was looked at when shots.json was made, but for what fonts differ in. `UPDATE_GIVEN=1` takes over what there is.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { installDebian } from "../runtimes/workplace.mjs";
import { allPictures } from "./allPictures.js";
import { all, hasClass, parseSvg } from "./parseSvg.js";
import { type Pixels, screenshot } from "./screenshot.js";

/** Shades of a picture, tile by tile: enough to see lines and areas by, too coarse to tell one font from another. */
const TILE = 64;
const path = join(import.meta.dirname, "shots.json");

function shadesOf({ width, height, data }: Pixels): number[] {
  const [columns, rows] = [Math.floor(width / TILE), Math.floor(height / TILE)];
  return Array.from({ length: rows * columns * 3 }, (_, i) => {
    const [channel, tile] = [i % 3, Math.floor(i / 3)];
    const [left, top] = [(tile % columns) * TILE, Math.floor(tile / columns) * TILE];
    let sum = 0;
    for (let y = top; y < top + TILE; y++) {
      for (let x = left; x < left + TILE; x++) sum += data[(y * width + x) * 3 + channel] as number;
    }
    return Math.round(sum / (TILE * TILE));
  });
}

const sizeOf = (svg: string) => {
  const { width, height } = parseSvg(svg).attributes;
  return { width: Number(width), height: Math.ceil(Number(height)) };
};

const colorAt = ({ width, data }: Pixels, x: number, y: number) =>
  [0, 1, 2].map((k) => data[(Math.round(y) * width + Math.round(x)) * 3 + k] as number);

/** Whether some pixel around a place is near to a color. */
function hasColor(pixels: Pixels, x: number, y: number, color: readonly number[], reach = 2): boolean {
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const found = colorAt(pixels, x + dx, y + dy);
      if (found.every((one, k) => Math.abs(one - (color[k] as number)) < 40)) return true;
    }
  }
  return false;
}

const SURFACES = { light: [255, 255, 255], dark: [0x15, 0x17, 0x1b] } as const;
const SERIES = { light: [0x0a, 0x63, 0xab], dark: [0x6c, 0xb6, 0xff] } as const;

/** A part of the left side. */
function cropped(
  { width: whole, data }: Pixels,
  top: number,
  { width, height }: { width: number; height: number },
): Pixels {
  const part = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * whole * 3;
    part.set(data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data: part };
}

let pictures: Record<string, string> = {};
const shots: Record<string, Pixels> = {};

beforeAll(async () => {
  await installDebian(["chromium"]);
  pictures = await allPictures();
  // All below each other, each as the file that it is: one browser takes as long as one picture.
  const images = Object.values(pictures).map((svg) => {
    const { width, height } = sizeOf(svg);
    const url = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
    return `<img src="${url}" width="${width}" height="${height}" style="display:block">`;
  });
  const page = `<!doctype html><meta charset="utf-8"><body style="margin:0">${images.join("")}`;
  const sizes = Object.values(pictures).map(sizeOf);
  const width = Math.max(...sizes.map((one) => one.width));
  const height = sizes.reduce((sum, one) => sum + one.height, 0);
  for (const theme of ["light", "dark"] as const) {
    const whole = await screenshot(page, { width, height, dark: theme === "dark", kind: "html" });
    let top = 0;
    for (const [name, svg] of Object.entries(pictures)) {
      const size = sizeOf(svg);
      shots[`${name}, ${theme}`] = cropped(whole, top, size);
      top += size.height;
    }
  }
  if (process.env.UPDATE_GIVEN) {
    const given = Object.fromEntries(
      Object.entries(shots).map(([name, one]) => [name, shadesOf(one).join(" ")]),
    );
    writeFileSync(path, `${JSON.stringify(given, null, 1)}\n`);
  }
}, 600_000);

describe("a picture in a browser", () => {
  it("has a surface of its theme, from edge to edge", () => {
    for (const [name, pixels] of Object.entries(shots)) {
      const [picture = "", theme = ""] = name.split(", ");
      expect(pictures, name).toHaveProperty(picture);
      for (const [x, y] of [
        [2, 2],
        [pixels.width - 3, pixels.height - 3],
      ] as const) {
        expect(colorAt(pixels, x, y), name).toEqual(SURFACES[theme as "light"]);
      }
    }
    expect(Object.keys(shots)).toHaveLength(2 * Object.keys(pictures).length);
  });

  it("has the first series where its line leads", () => {
    for (const name of ["history", "logarithmic", "schedule", "roc", "precisionRecall"]) {
      const picture = parseSvg(pictures[name] as string);
      const [line] = all(
        picture,
        (one) => one.name === "path" && hasClass("s0")(one) && hasClass("none")(one),
      );
      const corners = (line?.attributes.d ?? "").split(/[ML]/).slice(1);
      expect(corners.length, name).toBeGreaterThan(1);
      for (const theme of ["light", "dark"] as const) {
        const pixels = shots[`${name}, ${theme}`] as Pixels;
        // Another series may lie above it at some of its corners, not at most.
        const seen = corners.filter((one) => {
          const [a = 0, b = 0] = one.split(" ").map(Number);
          return hasColor(pixels, a, b, SERIES[theme]);
        });
        expect(seen.length / corners.length, `${name}, ${theme}`).toBeGreaterThan(0.25);
      }
    }
  });

  it("has text in it, in ink that is read on its surface", () => {
    for (const [name, pixels] of Object.entries(shots)) {
      const isDark = name.endsWith("dark");
      let inked = 0;
      // The title: from 16 on, above the base line at 24.
      for (let y = 12; y < 26; y++) {
        for (let x = 16; x < 80; x++) {
          const [red = 0] = colorAt(pixels, x, y);
          if (isDark ? red > 200 : red < 80) inked++;
        }
      }
      expect(inked, name).toBeGreaterThan(40);
    }
  });

  it("is what was looked at, but for fonts: tiles of 64 pixels have the same shades", () => {
    const given = JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
    expect(Object.keys(shots).sort()).toEqual(Object.keys(given).sort());
    for (const [name, pixels] of Object.entries(shots)) {
      const expected = (given[name] as string).split(" ").map(Number);
      const found = shadesOf(pixels);
      expect(found, name).toHaveLength(expected.length);
      const apart = found.map((one, i) => Math.abs(one - (expected[i] as number)));
      expect(Math.max(...apart), name).toBeLessThan(48);
      expect(apart.reduce((sum, one) => sum + one, 0) / apart.length, name).toBeLessThan(3);
    }
  });

  it("is the same as part of a page, beside others, and changes nothing of the page", async () => {
    const { width, height } = sizeOf(pictures.roc as string);
    const text = '<p style="margin:0;height:40px;font:16px monospace" class="title">the page\'s own</p>';
    const pageOf = (body: string) =>
      `<!doctype html><meta charset="utf-8"><body style="margin:0">${text}${body}`;
    const size = { width: width + 20, height: height + 60, kind: "html" } as const;
    const alone = await screenshot(pageOf(""), size);
    const inlined = await screenshot(pageOf(`${pictures.roc}${pictures.neurons}`), size);
    for (let y = 0; y < 40; y++) {
      for (let x = 0; x < width; x += 3) expect(colorAt(inlined, x, y)).toEqual(colorAt(alone, x, y));
    }
    const file = shots["roc, light"] as Pixels;
    let differing = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [a, b] = [colorAt(inlined, x, y + 40), colorAt(file, x, y)];
        if (a.some((one, k) => Math.abs(one - (b[k] as number)) > 48)) differing++;
      }
    }
    expect(differing / (width * height)).toBeLessThan(0.005);
  }, 120_000);
});
