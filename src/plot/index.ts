/**
 * Pictures of networks and trainings, as SVG text without dependencies: write it to a file, or put it into a page. Each is
 * readable on light and dark surfaces and without colors, has a title and axes, and tells numbers where a pointer rests.
 * And event files for TensorBoard.
 *
 * @packageDocumentation
 */
export {
  type BoundaryPlotOptions,
  drawDecisionBoundary,
  type LabeledPlane,
  type PlotRange,
  type Predicting,
} from "./boundary.js";
export { drawConfusionMatrix } from "./confusion.js";
export { type Curves, drawPrecisionRecallCurve, drawRocCurve } from "./curves.js";
export type { PlotOptions } from "./drawing/picture.js";
export type { PlottedTensor, PlottedTensors } from "./drawing/tensors.js";
export type { Theme } from "./drawing/theme.js";
export { type TensorBoardLog, type TensorBoardLogOptions, tensorBoardLog } from "./events/log.js";
export { drawHealth, type HealthPlotOptions } from "./health.js";
export { drawHistograms, type HistogramPlotOptions } from "./histograms.js";
export { type AxisScale, drawHistory, type HistoryPlotOptions } from "./history.js";
export { drawLearningRate, type LearningRatePlotOptions, type NotedRate } from "./learningRate.js";
export { drawNetwork, type NetworkPlotOptions, wiringOf } from "./network.js";
export type { WiredNode } from "./wiring.js";
