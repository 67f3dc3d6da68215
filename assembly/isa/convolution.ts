/** Convolutions of maps with two axes, channels last, and pooling. */
export enum ConvolutionOp {
  /** y = max(x * kernel + bias, floor): Conv2dRecord */
  Conv2d = 0xe00,
  /** x = max(adjoint of y by the kernel + bias, floor), the transposed convolution: Conv2dGradInputRecord */
  Conv2dGradInput = 0xe01,
  /** dkernel from x and dy: Conv2dGradKernelRecord */
  Conv2dGradKernel = 0xe02,
  /** y = the greatest of each window: MaxPool2dRecord */
  MaxPool2d = 0xe03,
  /** dx from x and dy: MaxPool2dGradRecord */
  MaxPool2dGrad = 0xe04,
  /** y = the mean of each window: AveragePool2dRecord */
  AveragePool2d = 0xe05,
  /** dx from dy: AveragePool2dGradRecord */
  AveragePool2dGrad = 0xe06,
}

/**
 * x is [images, height, width, inputs], kernel [kernelHeight, kernelWidth, terms, outputs] with terms = inputs / groups,
 * y [images, outHeight, outWidth, outputs], whichever of them is the result. All fields from height on lie in the order
 * in which the kernels read them: see ConvolutionShape in assembly/kernels/convolution/shape.ts.
 */
export enum Conv2dRecord { y = 2, x, kernel, bias, images, height, width, inputs, outHeight, outWidth, outputs, kernelHeight, kernelWidth, terms, groups, strideHeight, strideWidth, dilationHeight, dilationWidth, top, left, algorithm, activation, words }
export enum Conv2dGradInputRecord { x = 2, y, kernel, bias, images, height, width, inputs, outHeight, outWidth, outputs, kernelHeight, kernelWidth, terms, groups, strideHeight, strideWidth, dilationHeight, dilationWidth, top, left, algorithm, activation, words }
export enum Conv2dGradKernelRecord { dkernel = 2, x, dy, images, height, width, inputs, outHeight, outWidth, outputs, kernelHeight, kernelWidth, terms, groups, strideHeight, strideWidth, dilationHeight, dilationWidth, top, left, algorithm, words }

/** How a convolution is computed: a function of its shapes alone. */
export enum ConvolutionAlgorithm {
  /** Sums in registers, along runs of floats that lie side by side. */
  Segments = 0,
  /** Sums in registers, each term by its place in a table: where runs are short, as in first layers. */
  Taps = 1,
  /** A kernel for each channel. */
  Depthwise = 2,
}

/** `adaptive`: 1 spreads the windows over the map, so that window, stride and padding do not count. */
export enum MaxPool2dRecord { y = 2, x, images, height, width, channels, outHeight, outWidth, windowHeight, windowWidth, strideHeight, strideWidth, top, bottom, left, right, adaptive, countsPadding, words }
export enum MaxPool2dGradRecord { dx = 2, x, dy, images, height, width, channels, outHeight, outWidth, windowHeight, windowWidth, strideHeight, strideWidth, top, bottom, left, right, adaptive, countsPadding, words }
export enum AveragePool2dRecord { y = 2, x, images, height, width, channels, outHeight, outWidth, windowHeight, windowWidth, strideHeight, strideWidth, top, bottom, left, right, adaptive, countsPadding, words }
export enum AveragePool2dGradRecord { dx = 2, dy, images, height, width, channels, outHeight, outWidth, windowHeight, windowWidth, strideHeight, strideWidth, top, bottom, left, right, adaptive, countsPadding, words }
