type Cell = string | number;

/** Lines of as many cells each, below each other: columns that hold a number stand to the right, others to the left. */
export function inColumns(lines: readonly (readonly Cell[])[]): string {
  const [first = []] = lines;
  const pads = first.map((_, i) => {
    const column = lines.map((line) => line[i] as Cell);
    const width = column.reduce<number>((most, cell) => Math.max(most, `${cell}`.length), 0);
    const isRight = column.some((cell) => cell === +cell);
    return (cell: Cell) => (isRight ? `${cell}`.padStart(width) : `${cell}`.padEnd(width));
  });
  const printed = (line: readonly Cell[]) =>
    line
      .map((cell, i) => pads[i]?.(cell))
      .join("  ")
      .trimEnd();
  return lines.map(printed).join("\n");
}
