/** The first five minutes: what the README says is done with the tarball in an empty folder. Run after `npm run build`. */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pack, stage } from "../../tools/pack.mjs";
import { read } from "./sources.js";

const execute = promisify(execFile);
const isWindows = process.platform === "win32";
const folder = mkdtempSync(join(tmpdir(), "wasmgrad-readme-"));
const installed = join(folder, "node_modules/wasmgrad");

beforeAll(() => {
  const staged = join(folder, "staged");
  stage(staged);
  const { filename } = pack(staged, "--pack-destination", folder);
  rmSync(staged, { recursive: true });
  const npm = (...given: string[]) =>
    execFileSync("npm", given, { cwd: folder, shell: isWindows, stdio: "pipe" });
  npm("init", "-y");
  npm("install", `./${filename}`, "--offline", "--no-audit", "--no-fund");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Block {
  readonly language: string;
  readonly code: string;
}

const blocksOf = (text: string): Block[] =>
  [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = "", code = ""]) => ({
    language,
    code,
  }));
const blocks = blocksOf(read("README.md"));
/** Files of the folder that `npm init -y` makes: `.js` is CommonJS there. */
const extensions: Readonly<Record<string, string>> = { js: "mjs", cjs: "js" };
const programs = blocks.filter(({ language }) => language in extensions);

/** A port that nobody listens at: several suites may run on one machine. */
const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Runs a file of the folder. */
async function run(name: string, code: string): Promise<{ stdout: string; stderr: string }> {
  writeFileSync(join(folder, name), code);
  const env = { PATH: process.env.PATH ?? "", NO_COLOR: "1", PORT: String(await freePort()) };
  return execute(process.execPath, [name], { cwd: folder, env, timeout: 30_000 });
}

describe("the blocks of the README", () => {
  it("are those of the first five minutes, and more", () => {
    const languages = new Set(blocks.map(({ language }) => language));
    expect(languages).toEqual(new Set(["sh", "js", "cjs", "html"]));
    expect(programs.length).toBeGreaterThan(12);
    expect(blocks.find(({ language }) => language === "sh")?.code).toBe(
      "npm init -y && npm install wasmgrad\n",
    );
  });

  it("begin with XOR in six lines, which learns it", async () => {
    const { code } = programs[0] as Block;
    expect(code.trim().split("\n")).toHaveLength(6);
    const { stdout } = await run("xor.mjs", code);
    const numbers = [...stdout.matchAll(/-?\d+\.\d+(e-\d+)?/g)].map(([one]) => Math.round(Number(one)));
    expect(numbers).toEqual([0, 1, 1, 0]);
  });

  // In their order: what one saves another serves.
  it.each(programs.map(({ language, code }, i) => [i + 1, language, code] as const))(
    "run as pasted: %i, %s",
    async (i, language, code) => {
      const before = readdirSync(folder).length;
      const { stdout, stderr } = await run(`block${i}.${extensions[language]}`, code);
      // progressLine writes there; errors, warnings and findings do, too.
      expect(stderr).not.toMatch(/wasmgrad: |Error|Warning/);
      const files = readdirSync(folder).length - before - 1;
      expect(stdout.trim() !== "" || files > 0).toBe(true);
    },
  );

  it("have a page that finds the package and trains", async () => {
    const { code } = blocks.find(({ language }) => language === "html") as Block;
    const map = /<script type="importmap">([\s\S]*?)<\/script>/.exec(code)?.[1] ?? "";
    const { imports } = JSON.parse(map) as { imports: Record<string, string> };
    for (const path of Object.values(imports))
      expect([path, existsSync(join(folder, path))]).toEqual([path, true]);
    const script = /<script type="module">([\s\S]*?)<\/script>/.exec(code)?.[1] ?? "";
    expect(code).toContain('id="loss"');
    // Node has no document: this is what the script needs of one.
    const stub = `const shown = {};\nglobalThis.document = { querySelector: (name) => (name === "#loss" ? shown : null) };\n`;
    const { stdout } = await run("page.mjs", `${stub}${script}\nconsole.log(shown.textContent);`);
    expect(Number(stdout)).toBeLessThan(0.1);
  });
});

const documents = readdirSync(dirname(join(import.meta.dirname, "../../README.md"))).filter(
  (name) => name.endsWith(".md") && name !== "CHANGELOG.md",
);

describe("links", () => {
  const anchors = (text: string) =>
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    );

  it.each(documents)("of %s lead to files of the tarball, or to headings", (name) => {
    if (!existsSync(join(installed, name))) return expect(name).toBe("CONTRIBUTING.md");
    const text = read(name);
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
    const local = links.filter((link) => !/^https?:/.test(link));
    const missing = local.filter((link) => {
      const [path = "", anchor] = link.split("#");
      if (path === "") return !anchors(text).includes(anchor ?? "");
      return !existsSync(join(installed, path));
    });
    expect(missing).toEqual([]);
  });

  it("lead to examples that run from where they are installed", async () => {
    const { stdout } = await execute(process.execPath, ["node_modules/wasmgrad/examples/xor.mjs"], {
      cwd: folder,
      timeout: 30_000,
    });
    expect(stdout).toMatch(/1 xor 0 = 0\.9/);
    const named = [...read("README.md").matchAll(/\]\((examples\/[\w.]+)\)/g)].map(([, path]) => path);
    expect(named.length).toBeGreaterThan(5);
  });
});
