"""What PyTorch makes of every activation, with gradients, in f64: what tests/layers/activation/activations.test.ts compares with.

    /usr/bin/python3 tests/peers/torch/activations.py > tests/peers/torch/activations.json

All numbers that go in are f32. Gated units are written as their papers have them where PyTorch has no function.
"""

import json

import numpy as np
import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)

# Kinks, both zeros, the places where slopes pass through 0, tails, and what overflows a square.
POINTS = [
    0.0, -0.0, 1e-30, -1e-30, 1e-8, -1e-8, 0.001, -0.001, 0.1, -0.1, 0.25, -0.25, 0.5, -0.5, -0.75, -0.752, 1.0, -1.0,
    -1.25, -1.278, 1.5, -1.5, 2.0, -2.0, 2.9999, -2.9999, 3.0, -3.0, 4.5, -4.5, 6.0, -6.0, 7.0, -8.0, 12.0, -12.0, 30.0,
    -30.0, 80.0, -80.0, 1000.0, -1e6, 1e30, 2.9e38, -3.4e38,
]
MODERATE = [x for x in POINTS if abs(x) <= 80]


def single(x):
    """The f32 that is nearest."""
    return float(np.float32(x))


CURVES = {
    "linear": (lambda x: x * 1, POINTS),
    "relu": (F.relu, POINTS),
    "leakyRelu": (F.leaky_relu, POINTS),
    "leakyRelu 0.25": (lambda x: F.leaky_relu(x, 0.25), POINTS),
    "elu": (F.elu, POINTS),
    "elu 0.5": (lambda x: F.elu(x, 0.5), POINTS),
    "selu": (F.selu, POINTS),
    "celu": (F.celu, POINTS),
    "celu 0.25": (lambda x: F.celu(x, 0.25), POINTS),
    "gelu": (F.gelu, POINTS),
    "geluTanh": (lambda x: F.gelu(x, approximate="tanh"), POINTS),
    "silu": (F.silu, POINTS),
    "mish": (F.mish, POINTS),
    "sigmoid": (torch.sigmoid, POINTS),
    "tanh": (torch.tanh, POINTS),
    "softplus": (F.softplus, POINTS),
    "softsign": (F.softsign, POINTS),
    "hardSigmoid": (F.hardsigmoid, POINTS),
    "hardSwish": (F.hardswish, POINTS),
    "hardTanh": (F.hardtanh, POINTS),
    "hardTanh -0.5 3": (lambda x: F.hardtanh(x, -0.5, 3.0), POINTS),
    "relu6": (F.relu6, POINTS),
    "exponential": (torch.exp, MODERATE),
}

# Multiples of 1/8, no two alike in a row; each gradient dy too.
ROWS = [[((i * 37 + j * 13) % 41 - 20) / 8 for j in range(8)] for i in range(3)]
WEIGHTS = [[((i * 11 + j * 7) % 17 - 8) / 8 for j in range(8)] for i in range(3)]


def silu_gate(x):
    a, b = x.chunk(2, -1)
    return F.silu(a) * b


def gelu_gate(x):
    a, b = x.chunk(2, -1)
    return F.gelu(a) * b


BLOCKS = {
    "softmax": lambda x: F.softmax(x, -1),
    "softmax 0": lambda x: F.softmax(x, 0),
    "logSoftmax": lambda x: F.log_softmax(x, -1),
    "logSoftmax 0": lambda x: F.log_softmax(x, 0),
    "glu": lambda x: F.glu(x, -1),
    "swiGlu": silu_gate,
    "geGlu": gelu_gate,
    "maxout 2": lambda x: x.unflatten(-1, (4, 2)).amax(-1),
    "maxout 4": lambda x: x.unflatten(-1, (2, 4)).amax(-1),
}


def rounded(tensor):
    return [float("%.10g" % v) for v in tensor.detach().flatten().tolist()]


def curve(f, points):
    # One by one: the vectors of PyTorch 1.13 have another slope of hardswish at 3 than its scalar code and its GPUs.
    ys, slopes = [], []
    xs = [single(p) for p in points]
    for one in xs:
        x = torch.tensor([one], requires_grad=True)
        y = f(x)
        y.backward(torch.ones(1))
        ys += rounded(y)
        slopes += rounded(x.grad)
    return {"x": xs, "y": ys, "dx": slopes}


def block(f):
    x = torch.tensor(ROWS, requires_grad=True)
    y = f(x)
    dy = torch.tensor(WEIGHTS)[:, : y.shape[1]]
    y.backward(dy)
    return {"y": rounded(y), "dx": rounded(x.grad)}


def prelu(slopes):
    x = torch.tensor(ROWS, requires_grad=True)
    layer = torch.nn.PReLU(len(slopes))
    layer.weight.data = torch.tensor(slopes)
    y = layer(x)
    y.backward(torch.tensor(WEIGHTS))
    return {"slope": slopes, "y": rounded(y), "dx": rounded(x.grad), "dslope": rounded(layer.weight.grad)}


print(
    json.dumps(
        {
            "torch": torch.__version__,
            "curves": {name: curve(*of) for name, of in CURVES.items()},
            "rows": ROWS,
            "weights": WEIGHTS,
            "blocks": {name: block(f) for name, f in BLOCKS.items()},
            "prelu": [prelu([0.25]), prelu([j / 8 - 0.25 for j in range(8)])],
        }
    )
)
