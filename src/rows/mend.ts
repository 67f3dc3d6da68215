/** What to do about a value that is no number. */
export function mendOf(value: unknown): string {
  if (typeof value === "string") {
    return "Encode text: labels by labelEncoder, columns by oneHotEncoder of wasmgrad/data.";
  }
  if (typeof value === "boolean") return "Give 1 for true, 0 for false.";
  if (typeof value === "bigint") return "Give Number(…) of it.";
  // A Date, of whatever realm.
  if (typeof (value as { getTime?: unknown } | null | undefined)?.getTime === "function")
    return "Give its getTime(), scaled.";
  return "Leave the row out or fill in a value.";
}
