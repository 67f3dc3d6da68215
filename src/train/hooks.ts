import type { Callback } from "../callbacks/callback.js";
import { isOwn } from "../callbacks/own.js";
import { BusyError, CallbackError, CheckpointError, OptionError } from "../check/errors.js";
import { plain } from "../check/familiarNames.js";
import { checkName, checkType, describe } from "../check/options.js";
import type { SavedCallback } from "../model/callbackState.js";
import { isPromise } from "../runtime/port.js";
import type { LiveTraining } from "./liveTraining.js";
import type { EpochReport, StepReport } from "./scoring/reports.js";

export { LiveTraining } from "./liveTraining.js";

const HOOKS = {
  onTrainBegin: 0,
  onEpochBegin: 0,
  onStepEnd: 0,
  onSlice: 0,
  onValidationBegin: 0,
  onValidationEnd: 0,
  onEpochEnd: 0,
  onTrainEnd: 0,
} as const;
type Hook = keyof typeof HOOKS;

const nameOf = ({ name }: Callback, place: number) => (name === undefined ? `${place + 1}` : `"${name}"`);

/** A name in small letters, without what languages and libraries differ in: `on_train_batch_end`, `onTrainBatchEnd`. */
const bare = (name: string) => plain(name).replace(/train(?=step|batch|epoch)/, "");

/** What Keras, TensorFlow.js, Lightning and the like call hooks, by their bare names. */
const ELSEWHERE: Readonly<Record<string, Hook>> = {
  onbatchbegin: "onStepEnd",
  onbatchstart: "onStepEnd",
  onbatchend: "onStepEnd",
  onstepbegin: "onStepEnd",
  onepochstart: "onEpochBegin",
  ontrainstart: "onTrainBegin",
  onfitstart: "onTrainBegin",
  onfitbegin: "onTrainBegin",
  onfitend: "onTrainEnd",
  ontestbegin: "onValidationBegin",
  ontestend: "onValidationEnd",
  onvalidationstart: "onValidationBegin",
  onvalidationepochend: "onValidationEnd",
  onyield: "onSlice",
};

/** `onBatchEnd`, `on_epoch_end` and `onepochend` do, `once` and `online` do not. */
const looksLikeHook = (name: string) =>
  /^on[A-Z]/.test(name) ||
  Object.hasOwn(ELSEWHERE, bare(name)) ||
  Object.keys(HOOKS).some((hook) => bare(hook) === bare(name));

/** @throws OptionError for what is no hook, with the one that it is called here */
function checkHook(who: string, name: string): void {
  if (Object.hasOwn(HOOKS, name)) return;
  const here = ELSEWHERE[bare(name)] ?? Object.keys(HOOKS).find((hook) => bare(hook) === bare(name));
  if (here === undefined) checkName(who, "hook", name, Object.keys(HOOKS));
  throw new OptionError(`${who}: there is no hook "${name}". Did you mean "${here}"?`);
}

/** Names of all properties, those of a class too. */
function propertiesOf(callback: object): string[] {
  const names: string[] = [];
  for (let one: object | null = callback; one !== null && one !== Object.prototype; ) {
    names.push(...Object.getOwnPropertyNames(one));
    one = Object.getPrototypeOf(one) as object | null;
  }
  return names;
}

/** @throws OptionError for what is no callback, and for a hook that there is not, with the nearest that there is */
export function checkCallbacks(callbacks: readonly Callback[]): void {
  if (!Array.isArray(callbacks)) {
    throw new OptionError(
      `fit: callbacks are ${describe(callbacks)}; needs an array of objects with hooks, as [earlyStopping({ … })].`,
    );
  }
  // Not forEach, which would pass over holes.
  for (const [i, callback] of (callbacks as readonly Callback[]).entries()) {
    if (typeof callback !== "object" || callback === null) {
      const mend = typeof callback === "function" ? " Call it, with or without options." : "";
      throw new OptionError(
        `fit: callback ${i + 1} is ${describe(callback)}; needs an object with hooks.${mend}`,
      );
    }
    const twin = callbacks.indexOf(callback);
    if (twin < i) {
      throw new OptionError(
        `fit: callback ${i + 1} is callback ${twin + 1}; needs another object. Make each by a call of its own.`,
      );
    }
    if (callback.name !== undefined) checkType(`fit: callback ${i + 1}`, "name", callback.name, "string");
    const who = `fit: callback ${nameOf(callback, i)}`;
    const hooks = propertiesOf(callback).filter(looksLikeHook);
    for (const hook of hooks) {
      checkHook(who, hook);
      const run: unknown = callback[hook as Hook];
      if (run !== undefined) checkType(who, hook, run, "function");
    }
    if (hooks.length > 0) continue;
    throw new OptionError(`${who} has no hook; needs some of ${Object.keys(HOOKS).join(", ")}.`);
  }
}

/** Callbacks of the trainings that run: what they keep, as the best weights, is of one model. */
const busy = new WeakSet<Callback>();

/** Calls the hooks of all callbacks, in order, one after the other: those that store what others have done, behind them. */
export class Hooks {
  readonly #callbacks: readonly Callback[];
  /** As they were given: by their places errors call them. */
  readonly #given: readonly Callback[];
  readonly #training: LiveTraining;
  /** What they go on with, once training has ended. */
  #kept: readonly SavedCallback[] | undefined;
  /** Callbacks whose training began. */
  #begun = 0;
  #isOpen = false;

  constructor(callbacks: readonly Callback[], training: LiveTraining) {
    this.#given = [...callbacks];
    this.#callbacks = [false, true].flatMap((last) =>
      callbacks.filter(({ isLast = false }) => isLast === last),
    );
    this.#training = training;
    training.isAmended = callbacks.some(({ name, onEpochEnd }) => onEpochEnd !== undefined && !isOwn(name));
  }

  /** Whether some callback has one of these hooks. */
  has(...hooks: readonly Hook[]): boolean {
    return this.#callbacks.some((one) => hooks.some((hook) => one[hook] !== undefined));
  }

  /**
   * @param before what they go on with, of a training that is resumed
   * @throws BusyError when another training has one of the callbacks, which is not told of it
   */
  async begin(before: readonly SavedCallback[]): Promise<void> {
    const training = this.#training;
    for (const [i, one] of this.#given.entries()) {
      if (!busy.has(one)) continue;
      const mend = "Make one for each, or await that training.";
      throw new BusyError(`fit: callback ${nameOf(one, i)} serves another training that runs. ${mend}`);
    }
    for (const one of this.#callbacks) busy.add(one);
    this.#isOpen = true;
    await this.#each("onTrainBegin", (one) => {
      this.#begun++;
      return one.onTrainBegin?.(training);
    });
    // Of several with one name, the first goes on with what the first was.
    const left = [...before];
    await this.#each("restoreState", (one) => {
      const at = left.findIndex(({ name }) => name === (one.name ?? ""));
      if (at < 0 || one.restoreState === undefined) return;
      const [state] = left.splice(at, 1) as [SavedCallback];
      return one.restoreState(state, training);
    });
  }

  /** What callbacks will go on with. @throws CallbackError */
  states(): readonly SavedCallback[] {
    if (this.#kept !== undefined) return this.#kept;
    return this.#callbacks.flatMap((one) => {
      try {
        const state = one.saveState?.();
        return state === undefined ? [] : [{ ...state, name: one.name ?? "" }];
      } catch (cause) {
        throw this.#failed(one, "saveState", cause);
      }
    });
  }

  epochBegin(epoch: number): Promise<void> {
    this.#training.isAfterEpoch = false;
    return this.#each("onEpochBegin", (one) => one.onEpochBegin?.(epoch, this.#training));
  }

  stepEnd(report: StepReport): Promise<void> {
    return this.#each("onStepEnd", (one) => one.onStepEnd?.(report, this.#training));
  }

  slice(): Promise<void> {
    return this.#each("onSlice", (one) => one.onSlice?.(this.#training));
  }

  validationBegin(): Promise<void> {
    this.#training.isAfterEpoch = true;
    return this.#each("onValidationBegin", (one) => one.onValidationBegin?.(this.#training));
  }

  validationEnd(): Promise<void> {
    return this.#each("onValidationEnd", (one) => one.onValidationEnd?.(this.#training));
  }

  epochEnd(report: EpochReport): Promise<void> {
    this.#training.isAfterEpoch = true;
    return this.#each("onEpochEnd", (one) => one.onEpochEnd?.(report, this.#training));
  }

  /** Every callback that began is told of the end. @throws CallbackError the first, when all were told */
  async end(): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    const doing = async (run: () => unknown) => {
      try {
        await run();
      } catch (error) {
        failure ??= { error };
      }
    };
    for (const one of this.#callbacks.slice(0, this.#begun)) {
      await doing(() => this.#call(one, "onTrainEnd", () => one.onTrainEnd?.(this.#training)));
    }
    await doing(() => {
      this.#kept = this.states();
    });
    if (this.#isOpen) for (const one of this.#callbacks) busy.delete(one);
    this.#isOpen = false;
    if (failure !== undefined) throw failure.error;
  }

  async #each(hook: Hook | "restoreState", run: (one: Callback) => unknown): Promise<void> {
    for (const one of this.#callbacks) {
      const answer = this.#call(one, hook, () => run(one));
      if (isPromise(answer)) await answer;
    }
  }

  #failed(one: Callback, hook: string, cause: unknown): CallbackError {
    // It is one already, and says more.
    if (cause instanceof CheckpointError) return cause;
    return new CallbackError(nameOf(one, this.#given.indexOf(one)), hook, cause);
  }

  /** Runs one hook; what it throws, now or later, becomes the cause of a CallbackError. */
  #call(one: Callback, hook: string, run: () => unknown): unknown {
    const training = this.#training;
    const failed = (cause: unknown): never => {
      throw this.#failed(one, hook, cause);
    };
    training.isBetweenSteps = hook !== "onSlice";
    const close = () => {
      training.isBetweenSteps = false;
    };
    try {
      const answer = run();
      if (isPromise(answer)) return Promise.resolve(answer).catch(failed).finally(close);
    } catch (cause) {
      close();
      return failed(cause);
    }
    close();
  }
}
