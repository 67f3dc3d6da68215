import type { Lease } from "./lease.js";
import type { ModelState } from "./state.js";

/**
 * Changes a model while nobody else does; when it is done, the weights here are those of the engine.
 *
 * @throws BusyError while another has a lease
 */
export async function leased<T>(
  state: ModelState,
  who: string,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const lease = state.access.lease(who);
  state.leave();
  try {
    const result = await work(lease);
    // Whoever gets reports must find their weights: a worker that has ended since is an error.
    await state.refresh();
    state.arrive();
    return result;
  } catch (error) {
    // That a worker has ended is told by the error itself, or matters less than it.
    const hasEnded = await Promise.resolve(state.refresh()).then(
      () => false,
      () => true,
    );
    state.arrive(hasEnded);
    throw error;
  } finally {
    lease.end();
  }
}
