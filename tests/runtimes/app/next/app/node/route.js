import * as wasmgrad from "wasmgrad";
import * as autodiff from "wasmgrad/autodiff";
import * as core from "wasmgrad/core";
import * as data from "wasmgrad/data";
import * as metrics from "wasmgrad/metrics";
import * as ops from "wasmgrad/ops";
import { runSuite } from "../../suite.mjs";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

export async function GET() {
  return Response.json(await runSuite({ wasmgrad, autodiff, core, data, metrics, ops }));
}
