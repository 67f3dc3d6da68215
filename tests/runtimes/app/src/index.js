// What a bundler is given: the package as any program imports it.
import * as wasmgrad from "wasmgrad";
import * as autodiff from "wasmgrad/autodiff";
import * as core from "wasmgrad/core";
import * as data from "wasmgrad/data";
import * as metrics from "wasmgrad/metrics";
import * as ops from "wasmgrad/ops";
import { runSuite } from "./suite.mjs";

globalThis.report = runSuite({ wasmgrad, autodiff, core, data, metrics, ops, worker: true });
