/** What a call throws. @throws when it does not */
export function errorOf(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error("was not refused");
}
