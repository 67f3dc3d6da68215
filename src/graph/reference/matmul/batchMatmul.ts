import { Form } from "../../../../assembly/isa/matmul.js";
import type { Definition } from "../definition.js";
import { at, ndArray } from "../ndArray.js";

/** y[…, i, j] = Σ_t a[…, i, t] · b[…, t, j], the leading axes repeated by NumPy's rule. */
export const batchMatmul: Definition<{ form: Form }> = ([a, b], shape, { form }) => {
  const terms = a!.shape.at(form === Form.AtB ? -2 : -1)!;
  return ndArray(shape, (index) => {
    const batch = index.slice(0, -2);
    const [i, j] = index.slice(-2) as [number, number];
    let sum = 0;
    for (let t = 0; t < terms; t++) {
      const left = form === Form.AtB ? [t, i] : [i, t];
      const right = form === Form.ABt ? [j, t] : [t, j];
      sum += at(a!, [...batch, ...left]) * at(b!, [...batch, ...right]);
    }
    return sum;
  });
};
