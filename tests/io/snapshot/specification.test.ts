/** SNAPSHOT.md says what files are: its fields, limits and examples are those of the files. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SUM_SLOTS } from "../../../assembly/isa/limits.ts";
import { adam, compile, dense, earlyStopping, input, sequential } from "../../../src/index.ts";
import { crc32c } from "../../../src/io/crc32c.ts";
import { rowsOf } from "../../given/models.ts";
import { partsOf, stateOf } from "./file.ts";

const text = readFileSync(new URL("../../../SNAPSHOT.md", import.meta.url), "utf8");

/** Paths of all fields of a state but for what users and facts are called. */
function pathsOf(value: object, at = ""): string[] {
  return Object.entries(value).flatMap(([key, one]) => {
    const path = at ? `${at}.${key}` : key;
    const isOpen = /^(attachments|model\.\w+|progress\.plan|parameters)$/.test(path);
    const isInner = typeof one === "object" && one !== null && !Array.isArray(one) && !isOpen;
    return isInner ? pathsOf(one, path) : [path];
  });
}

describe("the specification of snapshots", () => {
  it("has every field of a state, and no other", async () => {
    const model = await compile(sequential(input(6), dense(3)), {
      loss: "meanSquaredError",
      optimizer: adam(),
    });
    const callbacks = [earlyStopping({ monitor: "loss" })];
    await model.fit({ x: rowsOf(9, 6), y: rowsOf(9, 3) }, { batchSize: 3, maxSteps: 2, callbacks });
    const state = stateOf(model.snapshot({ attachments: { note: 1 } }));
    const table = text.slice(text.indexOf("### The state"), text.indexOf("Facts are compared"));
    const listed = [...table.matchAll(/^\| (`.*?`)(, .*?)? \|/gm)].flatMap(([row]) =>
      [...row.matchAll(/`([\w.?]+)`/g)].map(([, name]) => (name as string).replace("?", "")),
    );
    const named = listed.map((name) => (name.startsWith(".") ? `model${name}` : name));
    expect(named.filter((name) => !["progress", "model"].includes(name)).sort()).toEqual(
      pathsOf(state).sort(),
    );
    for (const name of [...Object.keys(state.progress.plan), ...Object.keys(state.parameters[0])]) {
      expect(table).toContain(`\`${name}\``);
    }
  });

  it("has the first bytes of a header, the number of sums and the check value of the checksum", async () => {
    const model = await compile(sequential(input(1), dense(1)));
    const [, prefix = ""] = /begins with the 27 bytes\s+`(.*?)`/.exec(text) ?? [];
    expect(prefix).toHaveLength(27);
    expect(partsOf(model.snapshot()).text.startsWith(prefix)).toBe(true);
    expect(text).toContain(`else ${SUM_SLOTS} numbers`);
    expect(text).toContain(
      `\`123456789\` gives \`${crc32c(new TextEncoder().encode("123456789")).toString(16)}\``,
    );
  });
});
