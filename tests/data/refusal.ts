/** What something is refused with, as `Name: message`. @throws when it is not refused */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return shown(error);
  }
  throw new Error("was not refused");
}

/** The same of a promise. */
export async function rejection(promise: Promise<unknown>): Promise<string> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => shown(error),
  );
  if (outcome === undefined) throw new Error("was not refused");
  return outcome;
}

const shown = (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`;
