/** What few programs of `wasmgrad/io` use: each part is imported by the first call that needs it. */
import { UnsupportedError } from "../check/errors.js";

/** @throws UnsupportedError where there is no `import()`, as in service workers */
export async function late<T>(who: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new UnsupportedError(
      `${who}: import() of what it needs failed here. Call it in a page or a worker, and give what it makes to this one.`,
      { cause },
    );
  }
}
