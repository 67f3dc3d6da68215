// The public subpaths of the package and where the source of each lies: the build, the documentation, the manifest's
// test and the stub folders of old resolvers read it here.

/**
 * Names of dist/ by source. `loadsEngine`: it is built once for each condition too; `isForEffect`: likewise, and what
 * importing it does is all that it is for; `isScript`: by itself, without exports. */
export const entries = {
  index: { source: "src/index.ts", loadsEngine: true },
  core: { source: "src/core.ts" },
  ops: { source: "src/ops/index.ts" },
  autodiff: { source: "src/autodiff/index.ts", loadsEngine: true },
  data: { source: "src/data/index.ts" },
  metrics: { source: "src/metrics/index.ts" },
  plot: { source: "src/plot/index.ts" },
  io: { source: "src/io/index.ts", loadsEngine: true },
  complete: { source: "src/complete.ts", isForEffect: true },
  worker: { source: "src/worker/index.ts", isScript: true },
};

/** Conditions of the manifest's exports, and the loader that stands in place of the default one under each. */
export const conditions = {
  workerd: "src/runtime/load.workerd.ts",
  "edge-light": "src/runtime/load.edgeLight.ts",
};

/** The loader that conditions replace. */
export const loader = "src/runtime/load.ts";

/** Entries that are modules with exports, as pairs of name and source. */
export const modules = Object.entries(entries).flatMap(([name, { source, isScript, isForEffect }]) =>
  isScript || isForEffect ? [] : [[name, source]],
);

/** Subpaths that have a folder of their own name, for resolvers that do not read `exports`. */
export const subpaths = Object.keys(entries).filter((name) => name !== "index");

/**
 * What is imported when it is needed and has copies of what it shares with entries, each with the file of dist/ that it
 * becomes: tables of rare names, and others whose mathematics an application's first chunk would have else.
 */
export const copying = {
  "src/losses/rare.ts": "rare-losses",
  "src/metrics/engine/rare.ts": "rare-metrics",
  "src/optimizers/rare.ts": "rare-optimizers",
  "src/layers/activation/rare.ts": "rare-activations",
  "src/losses/outputKinds.ts": "outputKinds",
  "src/losses/weighted.ts": "weighted-losses",
  "src/losses/customLoss.ts": "lossFunctions",
  "src/train/health/diagnosis.ts": "diagnosis",
  "src/train/testRange.ts": "testRange",
  "src/plot/display.ts": "display",
  "src/model/inside/inside.ts": "inside",
  "src/model/profile/profile.ts": "profile",
  "src/io/network/everything.ts": "everything",
  "src/io/file/encoders.ts": "encoders",
};

/**
 * Whether a part, by its file, has a copy of a source. Bundlers cut by file, so all that they use of shared.js is in an
 * application's main chunk. Of classes and state there must be one, and of the primitives that others look for: by identity.
 */
export const isCopied = (path, file) =>
  !/[/d]late\.ts$/i.test(path) &&
  (/^src\/(losses|metrics|optimizers|ops|numeric|plot|train\/health)\//.test(path) ||
    /^src\/(graph\/primitives|compile\/facts)\/sequence\b/.test(path) ||
    /^src\/(graph\/primitives|compile\/facts)\/choice\b/.test(path) ||
    /^src\/graph\/primitives\/(customGradient|stopGradient)\./.test(path) ||
    /^src\/graph\/primitives\/transcendental\/(activation|elu|exponential|power|transcendental)\./.test(
      path,
    ) ||
    /^src\/graph\/primitives\/move\/(cumulativeSum|indexing|slice)\./.test(path) ||
    (file === "everything" && ofEverything(path)) ||
    (file === "inside" &&
      /^src\/model\/(inside\/(inside|gradients|trace|calculators)|calculator)\./.test(path)) ||
    (file === "profile" && /^src\/model\/profile\//.test(path)) ||
    (file === "encoders" && /^src\/data\/encoders\//.test(path)));

/** What of layers and schedules there may be twice. */
const ofEverything = (path) =>
  /^src\/(layers\/(?!parameters\/initializers\.)|schedules\/)/.test(path) ||
  /^src\/(graph\/primitives|compile\/facts)\/(convolution|noise)\b/.test(path);
