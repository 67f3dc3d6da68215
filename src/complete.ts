/**
 * All parts of the package that it would import when a call needs them, and all families of the engine: for service
 * workers, where there is no `import()`, and for programs of one file.
 *
 * ```js
 * import "wasmgrad/complete";
 * import { compile } from "wasmgrad";
 * ```
 *
 * Beside `wasmgrad` and `wasmgrad/core` alike; the build adds the families of the engine, as the condition allows them.
 *
 * @packageDocumentation
 */
import { keeping } from "./callbacks/late.js";
import { recomputation } from "./compile/recompute/late.js";
import * as within from "./compile/recompute/within.js";
import { verification } from "./compile/verify/late.js";
import * as verifying from "./compile/verify/verifyMethods.js";
import { places } from "./io/places/late.js";
import * as sources from "./io/places/places.js";
import * as keeper from "./io/stores/keeper.js";
import { rareActivations } from "./layers/activation/late.js";
import * as rareOnes from "./layers/activation/rare.js";
import { orthogonality } from "./layers/parameters/initializers.js";
import * as orthogonal from "./layers/parameters/orthogonal.js";
import * as customLosses from "./losses/customLoss.js";
import { outputKinds, weightedLosses } from "./losses/late.js";
import * as kindsOfOutputs from "./losses/outputKinds.js";
import * as rareLosses from "./losses/rare.js";
import * as weighted from "./losses/weighted.js";
import * as rareMetrics from "./metrics/engine/rare.js";
import * as answering from "./model/answers.js";
import * as insideOf from "./model/inside/inside.js";
import { inside } from "./model/inside/late.js";
import { profiling } from "./model/profile/late.js";
import * as profile from "./model/profile/profile.js";
import { lossFunctions, rareTables } from "./model/rareNames.js";
import { pictures } from "./network/picture.js";
import * as rareOptimizers from "./optimizers/rare.js";
import * as display from "./plot/display.js";
import * as batchFeed from "./train/feed/batchFeed.js";
import { batches } from "./train/feed/late.js";
import * as validation from "./train/feed/validation.js";
import * as split from "./train/feed/validationSplit.js";
import * as diagnosis from "./train/health/diagnosis.js";
import * as hooks from "./train/hooks.js";
import { training } from "./train/late.js";
import {
  answers,
  callbacks,
  evaluation,
  health,
  rollBack,
  stepReports,
  validationSplit,
} from "./train/parts.js";
import { rangeTest } from "./train/rangeTest.js";
import * as rescue from "./train/rescue.js";
import * as reportsOfSteps from "./train/stepReports.js";
import * as testRange from "./train/testRange.js";
import * as trainer from "./train/training.js";
import { remote } from "./worker/late.js";
import * as host from "./worker/remote.js";

training.provide(trainer);
inside.provide(insideOf);
evaluation.provide(validation);
batches.provide(batchFeed);
answers.provide(answering);
callbacks.provide(hooks);
health.provide(diagnosis);
rollBack.provide(rescue);
stepReports.provide(reportsOfSteps);
validationSplit.provide(split);
rangeTest.provide(testRange);
pictures.provide(display);
recomputation.provide(within);
outputKinds.provide(kindsOfOutputs);
weightedLosses.provide(weighted);
verification.provide(verifying);
rareActivations.provide(rareOnes);
orthogonality.provide(orthogonal);
lossFunctions.provide(customLosses);
remote.provide(host);
profiling.provide(profile);
keeping.provide(keeper);
places.provide(sources);
rareTables.losses.provide(rareLosses);
rareTables.metrics.provide(rareMetrics);
rareTables.optimizers.provide(rareOptimizers);
