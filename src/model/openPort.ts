import { OptionError, WorkerError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { LocalPort } from "../runtime/local.js";
import type { Port } from "../runtime/port.js";
import { remote } from "../worker/late.js";
import type { WebWorker } from "../worker/spawn.js";

/** An engine in this thread, or in a worker, the code for which is loaded only then. */
export async function openPort(
  who: string,
  module: WebAssembly.Module,
  worker: boolean | (() => WebWorker) = false,
): Promise<Port> {
  if (worker === false) return new LocalPort(module);
  if (worker !== true && typeof worker !== "function") {
    throw new OptionError(
      `${who}: worker is ${describe(worker)}; needs true, or a function that makes the worker.`,
    );
  }
  const { RemotePort } = await remote.load(who).catch((cause: unknown) => {
    // Service workers forbid import(), and have no workers.
    throw new WorkerError(
      `${who}: worker is given, and the code for it cannot be imported here; a service worker has no workers. ` +
        "Leave it out: fit yields to other tasks in any case.",
      { cause },
    );
  });
  return RemotePort.open(module, worker);
}
