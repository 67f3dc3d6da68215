/** What random numbers are drawn for: part of their key, so that no two kernels draw the same. Portable: see op.ts. */
export enum Purpose {
  Dropout = 0,
  Uniform = 1,
  Shuffle = 2,
  UniformNoise = 3,
  NormalNoise = 4,
  Normal = 5,
}
