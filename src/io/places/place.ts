/** Where files come from and go to, as every runtime has it: the types of a page and of Node need not be there. */

/** A `URL`. */
export interface AddressLike {
  readonly href: string;
  readonly protocol: string;
}

/** A `Blob` or `File`. */
export interface BlobLike {
  readonly size: number;
  readonly name?: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  stream(): StreamLike;
}

/** A `ReadableStream` of bytes. */
export interface StreamLike {
  getReader(): ReaderLike;
}

export interface ReaderLike {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<unknown>;
}

/** A `Response`, as `fetch` and caches give it. */
export interface ResponseLike {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  readonly body: StreamLike | null;
}

/** A `FileSystemFileHandle`, as the file pickers of a page give it. */
export interface FileHandleLike {
  readonly name: string;
  getFile(): Promise<BlobLike>;
}

/**
 * Where a file is: a path in Node, Deno and Bun, or an address in a page; an `http:`, `https:`, `file:`, `blob:` or `data:` URL; a
 * `File`, `Blob`, `Response`, or the handle of a file.
 */
export type Source = string | AddressLike | BlobLike | ResponseLike | FileHandleLike;

/** Where a file goes: a path or `file:` URL in Node, Deno and Bun; in a page the handle of a file. */
export type Destination = string | AddressLike | FileHandleLike;

/** How much of a file has come. */
export interface Loaded {
  /** Bytes so far. */
  readonly loaded: number;
  /** All of them; undefined where that is not known, as of what was compressed on its way. */
  readonly total: number | undefined;
}
