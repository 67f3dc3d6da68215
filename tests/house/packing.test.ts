/** How the tarball is made: run after `npm run build`. */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { originOf, pack, stage } from "../../tools/pack.mjs";
import { read, root } from "./sources.js";

const manifest = JSON.parse(read("package.json")) as Record<string, unknown>;
const staged = mkdtempSync(join(tmpdir(), "wasmgrad-"));
beforeAll(() => void stage(staged));
afterAll(() => rmSync(staged, { recursive: true, force: true }));

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));

describe("the tarball", () => {
  it("says nothing of how this repository is built", () => {
    const published = JSON.parse(readFileSync(join(staged, "package.json"), "utf8")) as object;
    const own = ["scripts", "devDependencies", "overrides", "homepage", "bugs", "repository"];
    expect(Object.keys(published)).toEqual(Object.keys(manifest).filter((name) => !own.includes(name)));
  });

  it("tells where it comes from by what the publisher has filled in, at one place", () => {
    const url = "git+https://example.org/someone/wasmgrad.git";
    const blank = { repository: { type: "git", url: "" }, bugs: { url: "" }, homepage: "" };
    expect(originOf(blank)).toEqual({});
    expect(originOf({ ...blank, repository: { type: "git", url } })).toEqual({
      repository: { type: "git", url },
      bugs: { url: "https://example.org/someone/wasmgrad/issues" },
      homepage: "https://example.org/someone/wasmgrad#readme",
    });
    const { homepage, bugs, repository } = manifest as unknown as Parameters<typeof originOf>[0];
    expect([typeof homepage, typeof bugs.url, typeof repository.url]).toEqual(["string", "string", "string"]);
  });

  it("is the same, byte for byte, from two folders, at two times", () => {
    const folders = [join(root, "build/twin"), mkdtempSync(join(tmpdir(), "wasmgrad-"))];
    const sums = folders.map((folder, i) => {
      stage(folder);
      for (const path of filesIn(folder)) utimesSync(path, 1e9 * (i + 1), 1e9 * (i + 1));
      const { filename } = pack(folder, "--pack-destination", folder);
      return createHash("sha256")
        .update(readFileSync(join(folder, filename)))
        .digest("hex");
    });
    for (const folder of folders) rmSync(folder, { recursive: true });
    expect(sums[0]).toBe(sums[1]);
    const named = filesIn(staged).filter((path) => /\.(js|map|ts|json)$/.test(path));
    // Neither where it was built nor when.
    const tells = (text: string) => [root, "file://", "/home/", "/Users/"].some((one) => text.includes(one));
    expect(named.filter((path) => tells(readFileSync(path, "utf8")))).toEqual([]);
  });
});
