import { MOVE_AXES } from "../../../assembly/isa/limits.js";
import type { Size } from "../../graph/shape.js";
import type { Place } from "../instruction.js";

/** All sizes and places are linear in the rows: what holds for one row and for very many holds between. */
const ROWS_TO_CHECK = [1, 2 ** 20];

/** Whether a Move of these operands stays inside its "x" or "y". Beyond, there may be another live value. */
export function staysInside(operands: Readonly<Record<string, unknown>>, side: "x" | "y"): boolean {
  const size = (field: string) => (operands[field] as { readonly count: Size }).count;
  const place = operands[side] as Place;
  return ROWS_TO_CHECK.every((rows) => {
    const at = ({ factor, perRow }: Size) => (perRow ? factor * rows : factor);
    const axes = Array.from({ length: MOVE_AXES }, (_, axis) => ({
      length: at(size(`size${axis}`)),
      stride: at(size(`${side}${axis}`)),
    }));
    if (axes.some(({ length }) => length === 0)) return true;
    const last = axes.reduce(
      (sum, { length, stride }) => sum + (length - 1) * stride,
      at(size(`${side}Offset`)),
    );
    return last < at(place.size);
  });
}
