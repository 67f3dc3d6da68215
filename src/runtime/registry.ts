import type { Code } from "./code.js";

/** What `wasmgrad/engine/<family>` exports: importing it is enough. */
export interface FamilyCode {
  readonly family: string;
  /** @internal */
  readonly code: Code;
}

const registered = new Map<string, Code>();

/** Brings the code of a family in, for where it cannot be imported when a program needs it. */
export function register(family: string, code: Code): FamilyCode {
  registered.set(family, code);
  return { family, code };
}

export const registeredCode = (family: string): Code | undefined => registered.get(family);
