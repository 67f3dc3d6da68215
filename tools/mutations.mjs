// Breaks lines on purpose, one at a time, and sees whether the tests notice: the sources that data and files from outside
// pass through. `node tools/mutations.mjs [--most 40] [--seed 1] [--only src/rows]`.
//
// A mutation turns a comparison round, moves its edge, drops a throw, negates a condition, exchanges && and ||, or changes
// a constant. Which of all that there are are tried is drawn by the seed. Each is tried by the tests of its folder, two at
// a time, after the tests have passed without any: a plugin of Vite loads it in place of the source, which stays as it is.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = join(import.meta.dirname, "..");
const SOURCES = ["src/check", "src/rows", "src/io"];
/** Tests that look at a folder, beside those of its mirror. */
const TESTS = {
  "src/check": [
    "tests/check",
    "tests/laws/badOptions.test.ts",
    "tests/laws/errorTexts.test.ts",
    "tests/model/freezing.test.ts",
  ],
  "src/rows": ["tests/rows", "tests/laws/badInput.test.ts", "tests/laws/errorTexts.test.ts"],
  "src/io": ["tests/io", "tests/laws/errorTexts.test.ts"],
};
/** Of what is tried, the share that tests must notice. */
const LEAST_SCORE = 0.7;
/** Times that tests may take what they take without a mutation: what goes on for ever is noticed too. */
const PATIENCE = 10;
const MINUTES = 10;

const COMPARISONS = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "&&": ["||"],
  "||": ["&&"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
};

/** What may be put in place of a node: text, and what to call it. */
function replacementsOf(node, source) {
  const text = node.getText(source);
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.getText(source);
    const [left, right] = [node.left.getText(source), node.right.getText(source)];
    // Text is joined, not added.
    if (operator === "+" && /["'`]/.test(left + right)) return [];
    return (COMPARISONS[operator] ?? []).map((other) => ({
      to: `(${left} ${other} ${right})`,
      what: `${operator} → ${other}`,
    }));
  }
  if (ts.isThrowStatement(node)) return [{ to: ";", what: "throw dropped" }];
  if (ts.isIfStatement(node)) {
    const condition = node.expression;
    return [{ node: condition, to: `!(${condition.getText(source)})`, what: "condition negated" }];
  }
  const isKey = ts.isPropertyAssignment(node.parent ?? node) && node.parent.name === node;
  if (ts.isNumericLiteral(node) && !isKey) {
    return [{ to: `(${text} + 1)`, what: `${text} + 1` }];
  }
  return [];
}

const isTypeOnly = (node) =>
  ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);

/** All mutations of a source, in its order. */
export function mutationsOf(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    if (isTypeOnly(node)) return;
    for (const { node: place = node, to, what } of replacementsOf(node, source)) {
      const start = place.getStart(source);
      const { line } = source.getLineAndCharacterOfPosition(start);
      found.push({ path, start, end: place.getEnd(), to, what, line: line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A linear congruential generator (Knuth, TAOCP 2, 3.3.4). */
function drawsOf(seed) {
  let state = Math.imul(seed, 2654435761) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** So many of a list, drawn without putting back, in the list's order. */
export function sampleOf(list, count, seed) {
  const draw = drawsOf(seed);
  const left = list.map((_, i) => i);
  const chosen = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(draw(left.length), 1));
  return chosen.sort((a, b) => a - b).map((i) => list[i]);
}

export const applied = (text, { start, end, to }) => text.slice(0, start) + to + text.slice(end);

/** Tests see a text in place of a source: a plugin of Vite loads it. */
function configFor(folder, path, text) {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, "vitest.config.mjs");
  writeFileSync(join(folder, "mutant.ts"), text);
  writeFileSync(
    config,
    `import { readFileSync } from "node:fs";
const target = ${JSON.stringify(join(root, path))};
const text = () => readFileSync(${JSON.stringify(join(folder, "mutant.ts"))}, "utf8");
const mutant = { name: "mutant", enforce: "pre", load: (id) => (id.split("?")[0] === target ? text() : undefined) };
const test = { pool: "forks", isolate: false, maxWorkers: 1, bail: 1, watch: false, testTimeout: 20000, reporters: ["dot"] };
export default { root: ${JSON.stringify(root)}, plugins: [mutant], test };
`,
  );
  return config;
}

const testsOf = (path) => TESTS[SOURCES.find((folder) => path.startsWith(`${folder}/`))];

/** Whether the tests notice: they fail, or do not come to an end. */
function isNoticed(config, path, milliseconds) {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [vitest, "run", "--config", config, ...testsOf(path)], {
      cwd: root,
      stdio: "ignore",
      env: { ...process.env, UPDATE_GIVEN: "" },
    });
    const late = setTimeout(() => child.kill("SIGKILL"), milliseconds);
    child.on("exit", (code) => {
      clearTimeout(late);
      resolve(code !== 0);
    });
  });
}

const filesOf = (only) =>
  SOURCES.flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
    .filter((path) => path.endsWith(".ts") && path.startsWith(only))
    .sort();

function optionsOf(given) {
  const optionOf = (name, fallback) => {
    const at = given.indexOf(name);
    return at < 0 ? fallback : given[at + 1];
  };
  return {
    most: Number(optionOf("--most", 40)),
    seed: Number(optionOf("--seed", 1)),
    only: optionOf("--only", "src/"),
  };
}

/** Milliseconds of the tests of a folder without any mutation. @throws when they fail: they would notice everything */
async function timeControl(folder, path, text) {
  const start = performance.now();
  const failed = await isNoticed(configFor(folder, path, text), path, MINUTES * 60_000);
  if (failed) throw new Error(`the tests of ${path} fail as it is`);
  return performance.now() - start;
}

/** Does something with each of a list, two at a time. */
async function inPairs(list, act) {
  const left = [...list];
  const work = async (place) => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await act(one, place);
  };
  await Promise.all([work(0), work(1)]);
}

async function main() {
  const { most, seed, only } = optionsOf(process.argv.slice(2));
  const texts = new Map(filesOf(only).map((path) => [path, readFileSync(join(root, path), "utf8")]));
  const all = [...texts].flatMap(([path, text]) => mutationsOf(path, text));
  const chosen = sampleOf(all, most, seed);
  const folder = (place) => join(root, "build/mutations", String(place));
  const controls = SOURCES.map((source) => chosen.find(({ path }) => path.startsWith(source))?.path);
  let longest = 0;
  await inPairs(
    controls.filter((path) => path !== undefined),
    async (path, place) => {
      longest = Math.max(longest, await timeControl(folder(place), path, texts.get(path)));
    },
  );
  const survivors = [];
  await inPairs(chosen, async (one, place) => {
    const config = configFor(folder(place), one.path, applied(texts.get(one.path), one));
    const noticed = await isNoticed(config, one.path, PATIENCE * longest);
    if (!noticed) survivors.push(one);
    console.log(`${noticed ? "noticed " : "SURVIVED"} ${one.path}:${one.line} ${one.what}`);
  });
  rmSync(join(root, "build/mutations"), { recursive: true });
  const score = 1 - survivors.length / Math.max(1, chosen.length);
  console.log(
    `${chosen.length} of ${all.length} mutations tried, seed ${seed}: ${chosen.length - survivors.length} noticed, ` +
      `score ${(100 * score).toFixed(0)} %, needed ${100 * LEAST_SCORE} %`,
  );
  if (score < LEAST_SCORE) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
