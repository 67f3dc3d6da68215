/** The engine with all of its families, for what executes programs without a model around them. */
import { Family } from "../../assembly/isa/op.ts";
import { moduleOfCode } from "../../src/runtime/code.ts";
import { FAMILY_NAMES, type FamilyName } from "../../src/runtime/families.ts";
import { loadInline } from "../../src/runtime/load.inline.ts";

const numberOf = (name: FamilyName): Family =>
  Family[`${name[0]!.toUpperCase()}${name.slice(1)}` as keyof typeof Family];

export const core: WebAssembly.Module = await loadInline.core("exact");

/** Each family with its module. */
export const families = await Promise.all(
  FAMILY_NAMES.map(async (name) => {
    const { default: code } = await loadInline.families![name]();
    return [{ name, number: numberOf(name) }, await moduleOfCode(code)] as const;
  }),
);
