/** Codes of errors are part of the interface: programs of users hold them. */
import { expect, it } from "vitest";
import * as errors from "../../src/check/errors.js";

const codes: Record<string, string> = {
  BusyError: "WASMGRAD_BUSY",
  CallbackError: "WASMGRAD_CALLBACK",
  CheckpointError: "WASMGRAD_CHECKPOINT",
  DataError: "WASMGRAD_DATA",
  DisposedError: "WASMGRAD_DISPOSED",
  DivergedError: "WASMGRAD_DIVERGED",
  FormatError: "WASMGRAD_FORMAT",
  GradientError: "WASMGRAD_GRADIENT",
  OptionError: "WASMGRAD_OPTION",
  OutOfMemoryError: "WASMGRAD_OUT_OF_MEMORY",
  ShapeError: "WASMGRAD_SHAPE",
  StorageError: "WASMGRAD_STORAGE",
  UnsupportedError: "WASMGRAD_UNSUPPORTED",
  WorkerError: "WASMGRAD_WORKER",
};

it("every class of error has a code of its own, which does not change", () => {
  const classes = Object.entries(errors).filter(([name]) => name.endsWith("Error"));
  const found = classes.map(([name, type]) => [
    name,
    (type as unknown as { prototype: { code: string } }).prototype.code,
  ]);
  expect(Object.fromEntries(found)).toEqual(codes);
});
