/** All that a model with a loss needs beside what predicts: `compile` loads it where there is one. */
export { averagesOf, trainingGraphs } from "../compile/trainingGraphs.js";
export { trainingMethods } from "../compile/trainingMethods.js";
export { toExamples } from "../rows/examples.js";
export { fitState } from "./fit.js";
export { makeObjective } from "./scoring/objective.js";
