// The training of trainForKilling.mjs, for it and for its test.
import { adam, compile, dense, dropout, input, sequential } from "../../../dist/index.js";

const rowsOf = (count, columns) =>
  Array.from({ length: count }, (_, row) =>
    Array.from({ length: columns }, (_, column) => ((row * 7 + column * 3) % 11) / 11 - 0.5),
  );

export const data = { x: rowsOf(40, 16), y: rowsOf(40, 4) };
/** More than there is time for. */
export const EPOCHS = 1_000_000;

/** Some 100 kB: its file is not written at once. */
export const model = () =>
  compile(sequential(input(16), dense(128, "relu"), dropout(0.2), dense(48, "tanh"), dense(4)), {
    loss: "meanSquaredError",
    optimizer: adam({ learningRate: 0.001 }),
    seed: 4,
  });
