/** What bench/kernels.mjs measures, and the loops whose speed is the roof. */
export { adam } from "../assembly/kernels/adam";
export { dropout } from "../assembly/kernels/dropout";
export { gather } from "../assembly/kernels/gather";
export { gradientNorm } from "../assembly/kernels/gradientNorm";
export { sgd } from "../assembly/kernels/sgd";
export { randomWords } from "../assembly/random";
