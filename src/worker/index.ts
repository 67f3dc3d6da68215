/**
 * The engine's side of a worker: bundled by itself, it runs as a worker's script in browsers, Deno, Bun and Node. It
 * knows nothing of networks: programs and data come as bytes.
 */
import { OutOfMemoryError } from "../check/errors.js";
import { LocalPort } from "../runtime/local.js";
import { type Failure, PROTOCOL, type ReplyMessage, type RequestMessage } from "./protocol.js";

interface Channel {
  postMessage(message: ReplyMessage, transfer: ArrayBuffer[]): void;
  listen(receive: (message: RequestMessage) => void): void;
}

interface NodeThreads {
  readonly parentPort: {
    postMessage(message: unknown, transfer: ArrayBuffer[]): void;
    on(event: "message", receive: (message: RequestMessage) => void): void;
  } | null;
}

interface Scope {
  postMessage?(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener?(event: "message", receive: (event: { readonly data: RequestMessage }) => void): void;
  readonly process?: { getBuiltinModule?(name: string): unknown };
}

function openChannel(): Channel {
  const scope = globalThis as Scope;
  // Deno and Bun have Node's threads too; there, a worker of the web has no parent among them.
  const threads = scope.process?.getBuiltinModule?.("node:worker_threads") as NodeThreads | undefined;
  const parent = typeof scope.postMessage === "function" ? null : threads?.parentPort;
  if (parent) {
    return {
      postMessage: (message, transfer) => parent.postMessage(message, transfer),
      listen: (receive) => parent.on("message", receive),
    };
  }
  return {
    postMessage: (message, transfer) => scope.postMessage?.(message, transfer),
    listen: (receive) => scope.addEventListener?.("message", ({ data }) => receive(data)),
  };
}

const channel = openChannel();
let port: LocalPort | undefined;

channel.listen(({ id, request }) => {
  try {
    const reply = answer(request);
    if (reply === undefined) return;
    const transfer = [...(reply.run?.reads ?? []), ...(reply.floats ? [reply.floats] : [])];
    const buffers = transfer.map(({ buffer }) => buffer as ArrayBuffer);
    channel.postMessage({ protocol: PROTOCOL, id, ...reply }, buffers);
  } catch (error) {
    channel.postMessage({ protocol: PROTOCOL, id, failure: failureOf(error) }, []);
  }
});

function answer(request: RequestMessage["request"]): Pick<ReplyMessage, "run" | "floats"> | undefined {
  if (request.kind === "start") {
    port = new LocalPort(request.module);
    return {};
  }
  if (port === undefined) throw new Error("worker: was not started.");
  switch (request.kind) {
    case "link":
      port.link(request.family, request.module);
      return {};
    case "grow":
      port.growTo(request.bytes);
      return {};
    case "load":
      port.load(request.image);
      return undefined;
    case "write":
      port.write(request.address, request.values);
      return undefined;
    case "run":
      return { run: port.run(request.request) };
    case "read":
      return { floats: port.view(request.address, request.count).slice() };
  }
}

function failureOf(error: unknown): Failure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (!(error instanceof OutOfMemoryError)) return { name, message };
  return { name, message, requiredBytes: error.requiredBytes, limitBytes: error.limitBytes };
}
