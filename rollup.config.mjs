// Types by entry, what they share in files of their own: what the package does not export stays out of sight.
import { dts } from "rollup-plugin-dts";

const types = "build/types/src";

export default {
  input: {
    index: `${types}/index.d.ts`,
    ops: `${types}/functions/index.d.ts`,
    autodiff: `${types}/autodiff/index.d.ts`,
  },
  output: {
    dir: "dist",
    format: "es",
    entryFileNames: "[name].d.ts",
    chunkFileNames: "types-[hash].d.ts",
  },
  plugins: [dts()],
};
