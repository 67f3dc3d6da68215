/** Batches that come as they are asked for. */
import { OptionError } from "../../check/errors.js";
import type { ModelState } from "../../model/state.js";
import type { ExampleTables } from "../../rows/examples.js";
import { type Feed, type FeedOptions, prepare } from "./feed.js";
import { ANY_EPOCHS, type Batches, BatchStream, type PrepareBatches, streamSlabs } from "./slabs.js";

export { BatchStream, checkBatches } from "./slabs.js";

/**
 * Takes the batches of a training as they come, with the program for the first of them loaded.
 *
 * @param beginsAnew whether epochs may be begun anew
 * @throws DataError, OptionError, OutOfMemoryError
 */
export async function feedOfBatches(
  state: ModelState,
  batches: Batches | (() => Batches),
  options: FeedOptions,
  beginsAnew: boolean,
): Promise<Feed> {
  for (const name of ["shuffle", "dataMemory"] as const) {
    if (options[name] === undefined || options[name] === false) continue;
    throw new OptionError(
      `fit: ${name} is for arrays; a stream sets the order and size of its batches itself.`,
    );
  }
  const { accumulate = 1, batchSize, epochs = 1 } = options;
  const starts = beginsAnew ? ANY_EPOCHS : epochs;
  const stream = new BatchStream("fit", batches, state.shapes, options.signal, starts);
  try {
    stream.start(state.epochs);
    const first = (await stream.next()) as ExampleTables;
    const room: PrepareBatches = (batch, rows, staged) =>
      prepare(state, batch, { batchRows: rows, accumulate, staged });
    const plan = { batchSize: batchSize ?? 0, accumulate, shuffle: false, rows: 0 };
    const slabs = await streamSlabs(room, stream, first, batchSize);
    return { slabs, plan, close: () => stream.close() };
  } catch (error) {
    await stream.close();
    throw error;
  }
}
