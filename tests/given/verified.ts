/** Whatever the tests compile is verified: vitest loads this before each file. */
import { verification } from "../../src/compile/verify/late.ts";

await verification.load("tests");
