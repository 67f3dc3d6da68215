/** What vitest loads before each file. */

import { verification } from "../../src/compile/verify/late.ts";
import { rareActivations } from "../../src/layers/activation/late.ts";
import { outputKinds, weightedLosses } from "../../src/losses/late.ts";

// Whatever the tests compile is verified.
await verification.load("tests");

// Some tests build without compile, which would wait for these.
await Promise.all([rareActivations, outputKinds, weightedLosses].map((part) => part.load("a test")));
