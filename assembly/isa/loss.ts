/** The common losses and their gradients. */
export enum LossOp {
  /** loss[outer] from prediction[outer, inner] and target: LossRecord, up to BinaryCrossEntropy */
  SquaredError = 0x400,
  CrossEntropy = 0x401,
  CrossEntropyOneHot = 0x402,
  BinaryCrossEntropy = 0x403,
  /** dprediction[outer, inner] from dloss[outer]: LossGradRecord, as the following */
  SquaredErrorGrad = 0x404,
  CrossEntropyGrad = 0x405,
  CrossEntropyOneHotGrad = 0x406,
  BinaryCrossEntropyGrad = 0x407,
}

export enum LossRecord { loss = 2, prediction, target, outer, inner, words }
export enum LossGradRecord { dprediction = 2, prediction, target, dloss, outer, inner, words }
