"""Ten steps of SGD, clipped by torch.nn.utils and averaged by torch.optim.swa_utils, in f64: for tests/optimizers/clippedAverages.test.ts.

    /usr/bin/python3 tests/peers/torch/averages.py > tests/peers/torch/averages.json
"""
import json
import sys

import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.optim.swa_utils import AveragedModel

torch.set_default_dtype(torch.float64)
STEPS = 10
RATE = 0.25
MOMENTUM = 0.5
DECAY = 0.75

# Multiples of 1/8, which f32 has exactly. The error is large at first, so that every clipping has work to do.
X = [[2.0, -1.0, 0.5], [1.5, 3.0, -2.5], [-0.625, 0.375, 4.0], [0.125, 1.25, -1.125], [-3.0, -0.5, -0.25]]
Y = [[0.5, -6.0], [-2.25, 4.0], [8.0, 0.75], [-0.5, 0.125], [1.25, -1.0]]
KERNEL = [[0.25, -0.5], [0.75, 1.0], [-1.25, 0.125]]
BIAS = [0.125, -0.25]

CLIPS = [
    {},
    {"clipValue": 0.75},
    {"clipNorm": 0.5},
    {"clipParameterNorm": 0.5},
    {"clipValue": 0.75, "clipParameterNorm": 1.0, "clipNorm": 0.875},
]


def trajectory(clips):
    model = torch.nn.Linear(3, 2)
    with torch.no_grad():
        model.weight.copy_(torch.tensor(KERNEL).T)
        model.bias.copy_(torch.tensor(BIAS))
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=MOMENTUM)
    averaged = AveragedModel(model, avg_fn=lambda a, w, _: DECAY * a + (1 - DECAY) * w)
    points = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(torch.tensor(X)), torch.tensor(Y)).backward()
        parameters = list(model.parameters())
        if "clipValue" in clips:
            clip_grad_value_(parameters, clips["clipValue"])
        if "clipParameterNorm" in clips:
            for one in parameters:
                clip_grad_norm_([one], clips["clipParameterNorm"])
        if "clipNorm" in clips:
            clip_grad_norm_(parameters, clips["clipNorm"])
        optimizer.step()
        averaged.update_parameters(model)

        def flat(one):
            return [*one.weight.T.flatten().tolist(), *one.bias.tolist()]

        points.append({"weights": flat(model), "averages": flat(averaged.module)})
    return points


runs = [{"clips": clips, "points": trajectory(clips)} for clips in CLIPS]
fixed = {"x": X, "y": Y, "kernel": KERNEL, "bias": BIAS, "rate": RATE, "momentum": MOMENTUM, "decay": DECAY}
json.dump({"torch": torch.__version__, **fixed, "runs": runs}, sys.stdout, indent=1)
print()
