/** A text that is put in place of a part of a source. */
export interface Mutation {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly to: string;
  readonly what: string;
  readonly line: number;
}

export function mutationsOf(path: string, text: string): Mutation[];
export function sampleOf<T>(list: readonly T[], count: number, seed: number): T[];
export function applied(text: string, mutation: Mutation): string;
