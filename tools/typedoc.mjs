import { modules } from "./entries.mjs";

export default {
  entryPoints: modules.map(([, source]) => `../${source}`),
  tsconfig: "tsconfig.build.json",
  out: "../build/docs",
  readme: "../README.md",
  disableSources: true,
  excludeInternal: true,
  includeVersion: true,
  highlightLanguages: ["bash", "html", "javascript", "python", "sh", "typescript"],
  treatWarningsAsErrors: true,
};
