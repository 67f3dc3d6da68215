// Types by entry, what they share in files of their own: what the package does not export stays out of sight.
import { dts } from "rollup-plugin-dts";
import { modules } from "./entries.mjs";

const types = "build/types/src";

export default {
  input: Object.fromEntries(
    modules.map(([name, source]) => [name, source.replace(/^src(.*)\.ts$/, `${types}$1.d.ts`)]),
  ),
  output: {
    dir: "dist",
    format: "es",
    entryFileNames: "[name].d.ts",
    chunkFileNames: "types-[hash].d.ts",
  },
  plugins: [dts()],
};
