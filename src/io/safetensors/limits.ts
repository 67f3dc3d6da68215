import { integer } from "../../check/kinds.js";
import { type Kind, type Settled, take } from "../../check/schema.js";

/** What a file may ask for, before it is read. Its tensors are never more than the file itself. */
export interface FileLimits {
  /** Bytes of the file that is read from a place, not of bytes that are given; default 4 GiB. */
  readonly fileBytes?: number;
  /** Bytes of the header; default 16 MiB. */
  readonly headerBytes?: number;
  /** Tensors that it lists; default 65,536. */
  readonly tensors?: number;
  /** How deep its JSON is nested; default 32. */
  readonly depth?: number;
}

/** As what the library writes keeps to. */
export const HEADER_BYTES = 2 ** 24;
export const DEPTH = 32;

/** The schema of the limits. */
export const LIMITS = {
  fileBytes: /* @__PURE__ */ integer(1, 2 ** 32),
  headerBytes: /* @__PURE__ */ integer(1, HEADER_BYTES),
  tensors: /* @__PURE__ */ integer(1, 65_536),
  depth: /* @__PURE__ */ integer(1, DEPTH),
};

export type Limits = Settled<typeof LIMITS>;

/** The kind of the option `limits`. */
export const limitsOption: Kind<Limits, FileLimits | undefined> = (who, name, given = {}) =>
  take(`${who}: ${name}`, given, LIMITS);
