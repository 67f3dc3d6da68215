/** What the host and a worker say to each other. Both are built together: a worker of another build is refused. */
import type { Family } from "../compile/facts/fact.js";
import type { Image, RunReply, RunRequest } from "../runtime/port.js";

/** Changes whenever a message does. */
export const PROTOCOL = 3;

export type Request =
  | { readonly kind: "start"; readonly module: WebAssembly.Module }
  | { readonly kind: "link"; readonly family: Family; readonly module: WebAssembly.Module }
  | { readonly kind: "grow"; readonly bytes: number }
  | { readonly kind: "load"; readonly image: Image }
  | {
      readonly kind: "write";
      readonly address: number;
      readonly values: Float32Array | Uint8Array | Uint32Array;
    }
  | { readonly kind: "run"; readonly request: RunRequest }
  | { readonly kind: "read"; readonly address: number; readonly count: number };

export interface RequestMessage {
  readonly id: number;
  readonly request: Request;
}

/** What went wrong, as plain data: errors lose their class on the way. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly requiredBytes?: number;
  readonly limitBytes?: number;
}

/** Only what was asked for is answered; what fails is, too. */
export interface ReplyMessage {
  readonly protocol: number;
  readonly id: number;
  readonly run?: RunReply;
  readonly floats?: Float32Array;
  readonly failure?: Failure;
}
