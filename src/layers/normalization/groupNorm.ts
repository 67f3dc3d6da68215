/** Normalization of each row by itself, over its positions: of groups of channels, or of each channel. */
import { ShapeError } from "../../check/errors.js";
import { integer } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { formatShape, ROWS, type Shape } from "../../graph/shape.js";
import { epsilonOf, instanceNorm as withChannel, groupNorm as withGroups } from "../../ops/normalization.js";
import { type Layer, layerTitle } from "../layer.js";
import { rowNorm } from "./rowNorm.js";
import { centerSchema, type ScaleAndCenterOptions, scaleAndCenter } from "./scaleAndCenter.js";

export interface InstanceNormLayerOptions extends ScaleAndCenterOptions {
  /** Added to the variance; above 0, default 1e-5, as in PyTorch and unlike Keras' 1e-3. */
  readonly epsilon?: number;
}

export interface GroupNormLayerOptions extends InstanceNormLayerOptions {
  /** Into how many groups the channels are divided, neighbors together; default 32, as in Keras. */
  readonly groups?: number;
}

/**
 * y = gamma · (x − mean) / √(variance + epsilon) + beta of each row and group of channels, over its positions (Wu & He
 * 2018): the same in training and without. gamma and beta have one number for each channel.
 *
 * x is [rows, …positions, channels]; [rows, features] has no positions, and its features are divided alike. With one
 * group it is layerNorm over all axes, but for gamma and beta.
 *
 * @throws OptionError for options outside their domains; when it is called, ShapeError for channels that the groups do
 *   not divide
 */
export function groupNorm(options: GroupNormLayerOptions = {}): Layer {
  checkSurplus("groupNorm", arguments, 1);
  const who = layerTitle("groupNorm", options?.name);
  const schema = { groups: integer(1, 32), epsilon: epsilonOf(), ...centerSchema(true) };
  const settled = take(who, options, schema);
  const { groups, epsilon } = settled;
  return rowNorm({
    kind: "groupNorm",
    layout: "groups",
    options: settled,
    scaling: scaleAndCenter(who, settled),
    axesOf: (shape) => {
      const last = channelsOf(who, shape, 2);
      if ((shape[last] as number) % groups === 0) return [last];
      throw new ShapeError(
        `${who}: input is ${formatShape(shape)}; needs channels, its last axis, that ${groups} groups divide evenly.`,
      );
    },
    normalize: (x) => withGroups(x, groups, { epsilon }),
  });
}

/**
 * y = (x − mean) / √(variance + epsilon) of each row and channel, over its positions (Ulyanov, Vedaldi & Lempitsky
 * 2016): the same in training and without. gamma and beta, one of each for a channel, are there on request, by `scale`
 * and `center`: as in PyTorch they are left out.
 *
 * x is [rows, …positions, channels].
 *
 * @throws OptionError for options outside their domains; when it is called, ShapeError for an input without positions
 */
export function instanceNorm(options: InstanceNormLayerOptions = {}): Layer {
  checkSurplus("instanceNorm", arguments, 1);
  const who = layerTitle("instanceNorm", options?.name);
  const settled = take(who, options, { epsilon: epsilonOf(), ...centerSchema(false) });
  const { epsilon } = settled;
  return rowNorm({
    kind: "instanceNorm",
    options: settled,
    scaling: scaleAndCenter(who, settled),
    axesOf: (shape) => [channelsOf(who, shape, 3)],
    normalize: (x) => withChannel(x, { epsilon }),
  });
}

/** The last axis. @throws ShapeError where it has no known size, or there are fewer axes than `rank` */
function channelsOf(who: string, shape: Shape, rank: number): number {
  if (shape.length >= rank && shape[0] === ROWS) return shape.length - 1;
  const mend = rank > 2 ? " Use layerNorm() where there are no positions." : "";
  throw new ShapeError(
    `${who}: input is ${formatShape(shape)}; needs [rows, …${rank > 2 ? "positions, channels" : ", channels"}].${mend}`,
  );
}
