import { ShapeError } from "../check/errors.js";
import { siteOf } from "../check/site.js";
import { parameter, source } from "../graph/primitives/step/source.js";
import { schedule } from "../graph/schedule.js";
import type { Value } from "../graph/value.js";

/** Whether a value is the rows of an input, or a parameter: what only its own graph can give. */
const isGiven = ({ op }: Value) => (op as unknown) === source || (op as unknown) === parameter;

/**
 * A build that kept a value from another one would compute on what that stood for, or on nothing.
 *
 * @param own the inputs and parameters of this graph
 * @throws ShapeError for a value that was made of those of another
 */
export function checkStrays(results: readonly Value[], own: ReadonlySet<Value>): void {
  const isStray = (value: Value) => isGiven(value) && !own.has(value);
  const users = schedule(results).filter(({ inputs }) => inputs.some(isStray));
  const [user] = [...users, ...results.filter(isStray)];
  if (user === undefined) return;
  throw new ShapeError(
    `${user.layer}: ${isGiven(user) ? "its build returns" : `${user.op.name}${siteOf(user)} uses`} a value of another ` +
      "graph; needs the inputs and parameters that its build is given. Do not keep values from one build to the next.",
  );
}
