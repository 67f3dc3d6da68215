/** Whatever the tests compile is verified: vitest loads this before each file. */

import { verification } from "../../src/compile/verify/late.ts";
import { rareActivations } from "../../src/layers/activation/late.ts";
import { outputKinds, weightedLosses } from "../../src/losses/late.ts";

await verification.load("tests");

// What tests build without compile, which would wait for it.
await Promise.all([rareActivations, outputKinds, weightedLosses].map((part) => part.load("a test")));
