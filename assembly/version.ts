import { ISA_VERSION } from "./isa/op";

/** The instruction set that this module executes: a host of another one must not write programs for it. */
export function version(): u32 {
  return ISA_VERSION;
}
