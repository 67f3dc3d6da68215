/** What a loss is differentiated by, as its user names it. */
import { OptionError } from "../../check/errors.js";
import { choose, describe } from "../../check/options.js";
import type { Parameter } from "../../graph/primitives/step/source.js";
import type { Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import type { Node } from "../../layers/layer.js";
import type { ModelState } from "../state.js";
import type { LossGraph } from "./lossGraph.js";
import { hasActivation, preActivationOf } from "./preActivation.js";

/** Behind the name of a layer: what it gives to its activation. */
export const PRE_ACTIVATION = "/preActivation";

export interface Subject {
  readonly name: string;
  readonly shape: Shape;
  /** The value of the graph that it is; undefined of a parameter that the loss does not depend on. */
  readonly value: Value | undefined;
}

type Find = (graph: LossGraph) => Value | undefined;

interface Named {
  readonly shape: (graph: LossGraph) => Shape;
  readonly find: Find;
  readonly parameter?: Parameter;
  readonly isInput?: true;
}

/** All that may be named: parameters, layers, what layers give to their activations, and inputs. */
function namesOf({ settings, parameters }: ModelState): Record<string, Named> {
  const { wiring } = settings.network;
  const named: Record<string, Named> = {};
  const shapeOf = (find: Find) => (graph: LossGraph) => find(graph)?.shape ?? [];
  wiring.inputs.forEach(({ name }, i) => {
    const find: Find = ({ inputs }) => inputs[i];
    named[name] = { shape: shapeOf(find), find, isInput: true };
  });
  const first = new Map<object, Node>();
  for (const node of wiring.nodes) if (!first.has(node.layer)) first.set(node.layer, node);
  for (const node of first.values()) {
    const name = wiring.names.get(node.layer) as string;
    const find: Find = ({ built }) => built.values.get(node);
    named[name] = { shape: shapeOf(find), find };
    if (!hasActivation(node)) continue;
    const before: Find = ({ built }) => preActivationOf(wiring, built, node);
    named[name + PRE_ACTIVATION] = { shape: shapeOf(before), find: before };
  }
  for (const one of parameters) {
    named[one.name] = {
      shape: () => one.shape,
      find: (graph) => graph.parameters.get(one),
      parameter: one,
    };
  }
  return named;
}

/** @throws OptionError for what is no list of names, a name that there is not, or what has no gradient */
export function checkSubjects(who: string, state: ModelState, of: unknown): readonly string[] {
  if (of === undefined) {
    state.checkTrained(who);
    return state.parameters
      .filter((one) => state.isTrained(one) && one.average === undefined)
      .map(({ name }) => name);
  }
  if (!Array.isArray(of) || of.length === 0) {
    throw new OptionError(
      `${who}: of is ${describe(of)}; needs an array of names: of parameters, as "dense/kernel", of layers, as ` +
        `"dense" and "dense${PRE_ACTIVATION}", and of inputs.`,
    );
  }
  const known = namesOf(state);
  // A list with holes has none of them left out.
  return Array.from(of, (name) => {
    checkKnown(who, name, known);
    const { parameter: one } = choose(who, "parameter, layer or input", name, known);
    if (one?.average !== undefined) {
      throw new OptionError(
        `${who}: "${name}" is a running average, which has no gradient; needs a parameter that is trained. ` +
          "Leave it out, or ask for what it moves towards with averages: true.",
      );
    }
    if (one !== undefined && !state.isTrained(one)) {
      throw new OptionError(
        `${who}: "${name}" is frozen; needs a parameter that is trained. Call unfreeze("${name}") before, or leave it out.`,
      );
    }
    return name;
  });
}

/** @throws OptionError for the pre-activation of a layer that has no activation */
function checkKnown(who: string, name: unknown, known: Readonly<Record<string, Named>>): void {
  if (typeof name !== "string" || name in known || !name.endsWith(PRE_ACTIVATION)) return;
  const layer = name.slice(0, -PRE_ACTIVATION.length);
  if (!Object.hasOwn(known, layer)) return;
  throw new OptionError(
    `${who}: "${name}": the layer "${layer}" has no activation of its own; needs one that has, as dense and ` +
      `activation do. Take "${layer}".`,
  );
}

/**
 * The values that names stand for, in the graph of a loss.
 *
 * @throws OptionError for a layer behind the place where the loss begins
 */
export function subjectsIn(
  who: string,
  state: ModelState,
  names: readonly string[],
  graph: LossGraph,
): Subject[] {
  const known = namesOf(state);
  return names.map((name) => {
    const { find, shape } = known[name] as Named;
    const value = find(graph);
    if (value !== undefined && graph.bypassed.has(value)) {
      const before = name + PRE_ACTIVATION;
      const mend = Object.hasOwn(known, before)
        ? `Take "${before}", which it is worked from`
        : "Take a layer before it";
      throw new OptionError(
        `${who}: the loss does not go through "${name}": it is worked from the logits, which is stable; needs what is ` +
          `before its activation. ${mend}.`,
      );
    }
    return { name, shape: shape(graph), value };
  });
}
