// One file of types: what the package does not export stays out of the editor's sight.
import { dts } from "rollup-plugin-dts";

export default {
  input: "build/types/src/index.d.ts",
  output: { file: "dist/index.d.ts", format: "es" },
  plugins: [dts()],
};
