/** What npm tells of a tarball. */
export interface Tarball {
  readonly filename: string;
  readonly shasum: string;
  readonly files: readonly { readonly path: string }[];
}

export interface Origin {
  readonly repository: { readonly type: string; readonly url: string };
  readonly bugs: { readonly url: string };
  readonly homepage: string;
}

export function originOf(filled: Origin): Partial<Origin>;
export function publishedManifest(manifest: Readonly<Record<string, unknown>>): Record<string, unknown>;
export function stage(folder: string): Record<string, unknown>;
export function pack(folder: string, ...options: string[]): Tarball;
