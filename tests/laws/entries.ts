/** What each subpath of the package exports: what publicSurface.test.ts looks at. */
export type * as autodiff from "../../src/autodiff/index.js";
export type * as core from "../../src/core.js";
export type * as data from "../../src/data/index.js";
export type * as index from "../../src/index.js";
export type * as io from "../../src/io/index.js";
export type * as metrics from "../../src/metrics/index.js";
export type * as ops from "../../src/ops/index.js";
export type * as plot from "../../src/plot/index.js";
