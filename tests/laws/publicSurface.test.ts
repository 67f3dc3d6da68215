/**
 * What each subpath exports, with its kind and its types, is that of tests/given/publicSurface.json; `UPDATE_GIVEN=1`
 * takes over what there is.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { differences, isUpdating, readGiven, writeGiven } from "./given.js";
import { type Surface, surfacesOf } from "./surface.js";

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));

/** Subpaths that are no modules of functions: a script, the engines and their registrations, the manifest. */
const OTHERS = /worker|engine\/|\.wasm|\.json/;
const subpaths = Object.keys(manifest.exports)
  .filter((subpath) => !OTHERS.test(subpath))
  .map((subpath) => (subpath === "." ? "index" : subpath.slice(2)));

let surfaces: Record<string, Surface> = {};

beforeAll(() => {
  surfaces = surfacesOf();
  if (isUpdating) writeGiven("publicSurface", surfaces);
}, 120_000);

describe("the public surface", () => {
  it("is that of every subpath of the manifest", () => {
    expect(Object.keys(surfaces).sort()).toEqual(subpaths.sort());
    expect(Object.keys(readGiven("publicSurface")).sort()).toEqual(subpaths.sort());
  });

  it.each(subpaths)("of %s is the one that was frozen", (entry) => {
    const given = readGiven("publicSurface")[entry] ?? {};
    const changed = differences(given, surfaces[entry] ?? {}, String);
    expect(changed.length, `${changed.length} of ${entry} differ:\n\n${changed.join("\n\n")}\n\n`).toBe(0);
  });

  it("is known throughout: nothing is of no kind or of an unknown type", () => {
    const lines = Object.values(surfaces).flatMap((surface) => Object.entries(surface));
    expect(lines.length).toBeGreaterThan(1000);
    expect(lines.filter(([, text]) => /^of no kind|\bany\b/.test(text))).toEqual([]);
  });
});
