/** Stands for a bias that is not there: as many zeros as the widest tile has columns. */
export const ZEROS: usize = memory.data<f32>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);

/** The floor of the rectifier is the first zero; nothing lies below this one, −Infinity. */
export const LOWEST: usize = memory.data<u32>([0xff800000], 16);
