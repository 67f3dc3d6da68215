import { DataError, FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { leakyRelu } from "../../layers/activation/activationOptions.js";
import { dense } from "../../layers/dense/dense.js";
import { input } from "../../layers/input.js";
import type { compile as compiling } from "../../model/compile.js";
import type { Model } from "../../model/model.js";
import type { CompileOptions } from "../../model/settings.js";
import type { Network } from "../../network/description.js";
import { sequential } from "../../network/sequential.js";
import { DEPTH } from "../safetensors/limits.js";
import { parseStrict } from "../strictJson.js";
import { readBrain } from "./brainNetwork.js";

/** A record of brain.js, or its numbers in their order. */
export type BrainInput = Readonly<Record<string, number>> | ArrayLike<number>;
/** One number for each output, by their names where the network was trained on records. */
export type BrainOutput = Readonly<Record<string, number>> | Float32Array;

/** A network of brain.js as a model. */
export interface BrainModel {
  /** To predict, train on and save as any other. */
  readonly model: Model;
  readonly network: Network;
  /** Names of inputs and outputs in the order of their numbers, where it was trained on records. */
  readonly inputs: readonly string[] | undefined;
  readonly outputs: readonly string[] | undefined;
  /**
   * As `net.run` of brain.js: of a record without some of the names they count as 0.
   *
   * @throws DataError for what is no record, or not of so many numbers
   */
  run(given: BrainInput): Promise<BrainOutput>;
  /** Lets go of the memory of the model now. */
  dispose(): void;
}

/** @param compile the caller's, as conditions of the package have each their own */
export async function fromBrain(
  compile: typeof compiling,
  json: unknown,
  options: CompileOptions = {},
): Promise<BrainModel> {
  const who = "fromBrain";
  const { sizes, activation, leakyReluAlpha, layers, inputs, outputs } = readBrain(who, parsedOf(who, json));
  const apply = activation === "leaky-relu" ? leakyRelu({ slope: leakyReluAlpha }) : activation;
  const [first = 0, ...others] = sizes;
  const network = sequential(input(first), ...others.map((size) => dense(size, apply)));
  const model = (await compile(network, options)) as unknown as Model;
  const named = network.layers.filter(({ kind }) => kind === "dense");
  model.setWeights(
    Object.fromEntries(
      named.flatMap(({ name }, i) => {
        const [from, to] = [sizes[i] as number, sizes[i + 1] as number];
        const { weights, biases } = layers[i] as (typeof layers)[number];
        const kernel = Float32Array.from(
          { length: from * to },
          (_, k) => weights[(k % to) * from + Math.floor(k / to)] as number,
        );
        return [
          [`${name}/kernel`, kernel],
          [`${name}/bias`, biases],
        ];
      }),
    ),
  );
  const rowOf = (given: BrainInput): Float32Array => {
    const row = inputs === undefined || isList(given) ? listed(given) : byName(inputs, given);
    if (row.length === first) return row;
    throw new DataError(`run: got ${row.length} numbers; needs ${first}.`);
  };
  return {
    model,
    network: network as unknown as Network,
    inputs,
    outputs,
    async run(given) {
      const numbers = (await model.predict([rowOf(given)])) as Float32Array;
      return outputs === undefined
        ? numbers
        : Object.fromEntries(outputs.map((name, i) => [name, numbers[i] as number]));
    },
    dispose: () => model.dispose(),
  };
}

const isList = (given: BrainInput): given is ArrayLike<number> =>
  Array.isArray(given) || ArrayBuffer.isView(given);

function listed(given: BrainInput): Float32Array {
  if (isList(given)) return Float32Array.from(given);
  throw new DataError(`run: got ${describe(given)}; needs a list of numbers, as it was trained on.`);
}

/** @throws DataError for what is no record, or has a name that there is not */
function byName(names: readonly string[], given: BrainInput): Float32Array {
  if (typeof given !== "object" || given === null) {
    throw new DataError(`run: got ${describe(given)}; needs a record of ${names.slice(0, 8).join(", ")}.`);
  }
  const record = given as Readonly<Record<string, number>>;
  return Float32Array.from(names, (name) => (Object.hasOwn(record, name) ? (record[name] as number) : 0));
}

/** As text it is held to the rules of strangers' JSON, however it came. @throws FormatError */
function parsedOf(who: string, json: unknown): unknown {
  let text: unknown = json;
  try {
    if (typeof json !== "string") text = JSON.stringify(json);
  } catch (cause) {
    throw new FormatError(`${who}: got ${describe(json)}; needs what net.toJSON() gives.`, { cause });
  }
  if (typeof text !== "string")
    throw new FormatError(`${who}: got ${describe(json)}; needs what net.toJSON() gives.`);
  return parseStrict(who, "the network", text, DEPTH);
}
