/** 16 zeros: the bias of a convolution without one, and of the parts of a long sum. */
export const ZEROS: usize = memory.data<f32>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);

/** The floor that changes nothing. */
export const LOWEST: usize = memory.data<f32>([-Infinity], 16);
