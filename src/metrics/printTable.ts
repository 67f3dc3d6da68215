/** A line of a table: what it is called, and its cells. */
export interface Line {
  readonly name: string;
  readonly cells: readonly (string | number)[];
}

/**
 * Lines below each other: names to the left, cells aligned to the right, so that digits of equal places stand below each
 * other.
 *
 *                precision   recall
 *     cat            0.667    1.000
 */
export function printTable(lines: readonly Line[]): string {
  const texts = lines.map(({ name, cells }) => [name, ...cells.map(String)]);
  const columns = Math.max(...texts.map((one) => one.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...texts.map((one) => one[column]?.length ?? 0)),
  );
  return texts
    .map((one) =>
      widths
        .map((width, column) =>
          column === 0 ? (one[0] ?? "").padEnd(width) : (one[column] ?? "").padStart(width),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
