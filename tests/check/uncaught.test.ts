/** An error that nobody catches: Node's last words begin at the user's own line. Run after `npm run build`. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../house/sources.js";

/** A folder of a user, with the package installed. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), "uncaught-")));

beforeAll(() => {
  const installed = join(folder, "node_modules/wasmgrad");
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  cpSync(join(root, "dist"), join(installed, "dist"), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What Node writes to stderr when the program ends with an uncaught error. */
function lastWords(line: string): string {
  const program = `import { compile, dense, input, sequential } from "wasmgrad";
const ready = () => compile(sequential(input(2), dense(1)), { loss: "meanSquaredError" });
const x = [[0, 1], [2, 3]];
const y = [[0], [1]];
const model = await ready();
${line}
`;
  writeFileSync(join(folder, "app.mjs"), program);
  const { stderr, status } = spawnSync(process.execPath, ["app.mjs"], { cwd: folder, encoding: "utf8" });
  expect(status).toBe(1);
  return stderr;
}

describe("an uncaught error", () => {
  it.each([
    ["of a call", "dense(-1);", "OptionError"],
    ["of a network", "sequential(input(2), dense(0));", "OptionError"],
    ["of compile", "await compile(sequential(input(2), dense(1)), { clipNorm: -1 });", "OptionError"],
    ["of fit at once", "await model.fit({ x, y }, { epochs: -1 });", "OptionError"],
    ["of fit over a stream", "await model.fit(async function* () { yield { x, y: [[0]] }; });", "DataError"],
    ["of predict", "await model.predict([[1, 2, 3]]);", "DataError"],
    ["of predict with a row that is short", "await model.predict([[1]]);", "DataError"],
    ["of a call in a callback", "await model.fit({ x, y }, { onEpoch() { dense(-1); } });", "OptionError"],
    [
      "of a callback",
      "await model.fit({ x, y }, { callbacks: [{ onEpochEnd() { throw 1; } }] });",
      "CallbackError",
    ],
  ])("%s begins at the user's line, and prints no page of what is minified", (_, line, name) => {
    const words = lastWords(line);
    expect(words).toContain(`${name}: `);
    const [first] = words.split("\n").filter((one) => /^\s+at /.test(one));
    expect(first).toContain(`${folder}/app.mjs:6:`);
    expect(words.split("\n").filter((one) => one.length > 200)).toEqual([]);
  });
});
