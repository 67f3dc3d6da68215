/** The engine that the package carries. The build puts another loader here for each of the manifest's conditions. */
export { loadInline as loadEngine } from "./load.inline.js";
