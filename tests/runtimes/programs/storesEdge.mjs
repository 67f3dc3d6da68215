// Stores of the edge: a namespace of KV, a bucket of R2, and Durable Objects with both kinds of storage.
import * as wasmgrad from "wasmgrad";
import * as io from "wasmgrad/io";
import { checkStore, checkTraining } from "./storeContract.mjs";

async function report(make) {
  const found = { passed: 0, failures: [] };
  const checks = {
    contract: () => checkStore(make({ prefix: "contract/" })),
    "in small values": () => checkStore(make({ prefix: "small/", valueBytes: 3000 }), 20_000),
    training: () => checkTraining({ wasmgrad, io }, make({ prefix: "training/" })),
  };
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      found.passed++;
    } catch (error) {
      found.failures.push(`${name}: ${error?.message ?? error}`);
    }
  }
  return found;
}

class Checkpoints {
  constructor(ctx) {
    this.ctx = ctx;
  }

  async fetch() {
    return Response.json(await report((options) => io.keyValueStore(this.ctx.storage, options)));
  }
}

export class InSqlite extends Checkpoints {}
export class InValues extends Checkpoints {}

export default {
  async fetch(request, env) {
    const part = new URL(request.url).pathname.slice(1);
    const service = env[part];
    if (service.idFromName) return service.get(service.idFromName("one")).fetch(request);
    return Response.json(await report((options) => io.keyValueStore(service, options)));
  },
};
