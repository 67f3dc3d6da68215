/**
 * Trains and runs neural networks wherever JavaScript runs.
 *
 * @packageDocumentation
 */
export { compile } from "./compileNetwork.js";
export * from "./surface.js";
