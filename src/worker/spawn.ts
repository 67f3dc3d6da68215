import { OptionError, WorkerError } from "../check/errors.js";
import { describe } from "../check/options.js";
import type { ReplyMessage, RequestMessage } from "./protocol.js";

/** A worker, whichever runtime it is of. */
export interface Thread {
  post(message: RequestMessage, transfer: ArrayBuffer[]): void;
  /** Hears messages, and once that it has ended and why. */
  listen(receive: (message: ReplyMessage) => void, ended: (why: string) => void): void;
  terminate(): void;
  /** Whether it keeps the process alive: while it is waited for. */
  hold(isHeld: boolean): void;
}

/** The part of a web worker that is used. */
export interface WebWorker {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(...listening: never[]): void;
  terminate(): unknown;
}

interface NodeWorker {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  on(event: string, listener: (value: never) => void): void;
  terminate(): Promise<number>;
  ref(): void;
  unref(): void;
}

interface Scope {
  readonly Worker?: new (url: string, options: { type: "module" }) => WebWorker;
  readonly process?: { getBuiltinModule?(name: string): unknown };
}

/** Where Node hides its threads; it has no Worker of the web. */
function nodeThreads(): (new (source: string, options: { eval: true }) => NodeWorker) | undefined {
  const threads = (globalThis as Scope).process?.getBuiltinModule?.("node:worker_threads");
  return (threads as { Worker?: new (source: string, options: { eval: true }) => NodeWorker } | undefined)
    ?.Worker;
}

/**
 * Starts a worker that runs `source`, from a Blob or, in Node, from the text.
 *
 * @throws WorkerError where there are no workers
 */
export function spawn(source: string): Thread {
  const { Worker } = globalThis as Scope;
  if (Worker !== undefined) {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    return webThread(new Worker(url, { type: "module" }));
  }
  const Threads = nodeThreads();
  if (Threads !== undefined) return nodeThread(new Threads(source, { eval: true }));
  throw new WorkerError(
    "compile: worker is true, and there are no workers here. Leave it out: fit yields to other tasks in any case.",
  );
}

type Listening = (type: string, listener: (event: never) => void) => void;

/**
 * A worker that the application made, of the script `wasmgrad/worker`.
 *
 * @throws OptionError for what is no worker of the web
 */
export function webThread(worker: WebWorker): Thread {
  if (typeof worker !== "object" || worker === null || typeof worker.addEventListener !== "function") {
    throw new OptionError(
      `compile: the function of worker returns ${describe(worker)}; needs a Worker as pages have it. In Node, say ` +
        "worker: true.",
    );
  }
  const listenTo: Listening = (type, listener) => (worker.addEventListener as Listening)(type, listener);
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen(receive, ended) {
      listenTo("message", ({ data }: { data: ReplyMessage }) => receive(data));
      listenTo("messageerror", () => ended("a message could not be read"));
      listenTo("error", (event: { message?: string; preventDefault?(): void }) => {
        event.preventDefault?.();
        ended(event.message || "its script failed; a content security policy needs worker-src blob:");
      });
      // Deno and Bun tell of an end.
      listenTo("close", () => ended("it was terminated"));
    },
    terminate: () => void worker.terminate(),
    hold(isHeld) {
      const { ref, unref } = worker as Partial<Pick<NodeWorker, "ref" | "unref">>;
      (isHeld ? ref : unref)?.call(worker);
    },
  };
}

function nodeThread(worker: NodeWorker): Thread {
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen(receive, ended) {
      worker.on("message", receive as (value: never) => void);
      worker.on("error", ({ message }: Error) => ended(message));
      worker.on("exit", (code: number) => ended(`it ended with code ${code}`));
    },
    terminate: () => void worker.terminate(),
    hold: (isHeld) => (isHeld ? worker.ref() : worker.unref()),
  };
}
