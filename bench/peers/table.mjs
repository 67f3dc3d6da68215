/** Prints rows of equal length as columns: the first flush left, the others flush right. */
export function printTable(title, header, rows) {
  const cells = [header, ...rows].map((row) => row.map((cell) => cell ?? ""));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => String(row[column]).length)));
  const line = (row) =>
    row
      .map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i])))
      .join("  ")
      .trimEnd();
  console.log(`\n${title}`);
  console.log(line(cells[0]));
  console.log(widths.map((width) => "-".repeat(width)).join("  "));
  for (const row of cells.slice(1)) console.log(line(row));
}

/** Prints why peers are missing from a table. */
export function printSkipped(results) {
  for (const { name, skipped } of results)
    if (skipped !== undefined) console.log(`skipped ${name}: ${skipped}`);
}

/** Three significant figures, as a person reads them. */
export function figure(value) {
  if (value === undefined || Number.isNaN(value)) return "";
  if (value >= 1000) return Math.round(value).toLocaleString("en-US");
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
}
