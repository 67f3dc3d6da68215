/**
 * Trains and runs neural networks wherever JavaScript runs.
 *
 * @packageDocumentation
 */
export { compile } from "./model/compile.js";
export * from "./surface.js";
