/**
 * Networks as plain data, which leave the program that made them.
 *
 * @packageDocumentation
 */

export { FormatError, OptionError, UnsupportedError } from "../check/errors.js";
export type { Maker, Parts } from "./network/parts.js";
export { fromJSON } from "./network/read.js";
export {
  type SavedEnd,
  type SavedLayer,
  type SavedNetwork,
  type SavedNode,
  toJSON,
} from "./network/write.js";
