/** All misuses, by area. */
import { callbacks } from "./callbacks.js";
import { compiling } from "./compiling.js";
import { maps } from "./convolution.js";
import { datasets } from "./datasets.js";
import { encoders } from "./encoders.js";
import { fitting } from "./fitting.js";
import { functions } from "./functions.js";
import { inside } from "./inside.js";
import { keeping } from "./keeping.js";
import { layers } from "./layers.js";
import { losses } from "./losses.js";
import { metrics } from "./metrics.js";
import type { Misuses } from "./misuse.js";
import { movingOperations } from "./movingOperations.js";
import { networks } from "./networks.js";
import { operations } from "./operations.js";
import { optimizers } from "./optimizers.js";
import { parameters } from "./parameters.js";
import { plots } from "./plots.js";
import { scores } from "./scores.js";
import { splitting } from "./splitting.js";
import { storing } from "./storing.js";

export const misuses: Readonly<Record<string, Misuses>> = {
  callbacks,
  compiling,
  datasets,
  encoders,
  fitting,
  functions,
  inside,
  keeping,
  layers,
  losses,
  maps,
  metrics,
  movingOperations,
  networks,
  operations,
  optimizers,
  parameters,
  plots,
  scores,
  splitting,
  storing,
};
