"""What PyTorch makes of convolutions and pooling, in f64: what tests/layers/convolution/torch.test.ts compares with.

    /usr/bin/python3 tests/peers/torch/convolution.py > tests/peers/torch/convolution.json

All numbers that go in are multiples of 1/64, so that they are the same in f32. Maps and kernels are written channels
last: [rows, height, width, channels] and [height, width, channels, filters].
"""

import json

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
F = nn.functional


def numbers(*shape, seed, scale=2.0):
    """Numbers in [-scale, scale), multiples of 1/64."""
    generator = torch.Generator().manual_seed(seed)
    steps = int(scale * 64)
    return torch.randint(-steps, steps, shape, generator=generator).to(torch.float64) / 64


def plain(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def last(tensor):
    """Channels first to channels last; of a kernel [out, in, height, width] to [height, width, in, out]."""
    return tensor.movedim(1, -1)


def kernel_last(weight):
    return weight.movedim((0, 1), (-1, -2)) if weight.dim() > 2 else weight


def measured(name, x, apply, parameters=()):
    """y and the gradients of sum(y * w), for a function of channels first."""
    x = x.clone().requires_grad_(True)
    parameters = [parameter.clone().requires_grad_(True) for parameter in parameters]
    y = apply(x, *parameters)
    w = numbers(*y.shape, seed=99)
    (y * w).sum().backward()
    return {
        "name": name,
        "shape": list(last(x).shape),
        "x": plain(last(x)),
        "parameters": [
            {"shape": list(kernel_last(p).shape), "data": plain(kernel_last(p)), "gradient": plain(kernel_last(p.grad))}
            for p in parameters
        ],
        "yShape": list(last(y).shape),
        "w": plain(last(w)),
        "y": plain(last(y)),
        "dx": plain(last(x.grad)),
    }


def conv(name, x, weight, dimensions=2, before=None, **options):
    function = F.conv2d if dimensions == 2 else F.conv1d
    bias = numbers(weight[0], seed=3)

    def apply(x, weight, bias):
        return function(x if before is None else before(x), weight, bias, **options)

    return measured(name, numbers(*x, seed=1), apply, (numbers(*weight, seed=2), bias))


def transposed(name, x, weight, dimensions=2, **options):
    function = F.conv_transpose2d if dimensions == 2 else F.conv_transpose1d
    bias = numbers(weight[1], seed=3)
    return measured(name, numbers(*x, seed=1), lambda x, w, b: function(x, w, b, **options), (numbers(*weight, seed=2), bias))


def pooled(name, x, apply):
    """Few different numbers, so that windows have equals, half of them negative."""
    return measured(name, torch.floor(numbers(*x, seed=5)), apply)


print(
    json.dumps(
        {
            "version": torch.__version__,
            "layers": [
                conv("conv2d", (2, 3, 7, 6), (5, 3, 3, 3)),
                conv("conv2dSame", (2, 4, 6, 5), (9, 4, 3, 3), padding="same"),
                conv("conv2dStrided", (2, 3, 9, 8), (4, 3, 3, 2), stride=(2, 3), padding=(1, 0)),
                conv("conv2dDilated", (2, 2, 9, 9), (3, 2, 3, 3), dilation=2, padding=2),
                conv("conv2dGrouped", (2, 6, 5, 5), (4, 3, 3, 3), groups=2, padding=1),
                conv("conv2dOfOnePlace", (2, 5, 4, 4), (17, 5, 1, 1)),
                conv("conv2dAsymmetric", (2, 2, 5, 5), (3, 2, 4, 4), before=lambda x: F.pad(x, (0, 2, 1, 1)), stride=2),
                conv("depthwiseConv2d", (2, 5, 7, 7), (5, 1, 3, 3), groups=5, padding=1),
                conv("depthwiseConv2dTwice", (2, 3, 5, 5), (6, 1, 3, 3), groups=3, stride=2),
                conv("conv1d", (2, 3, 11), (4, 3, 5), dimensions=1, stride=2, padding=2),
                conv("conv1dCausal", (2, 3, 9), (4, 3, 3), dimensions=1, before=lambda x: F.pad(x, (4, 0)), dilation=2),
                transposed("conv2dTranspose", (2, 4, 3, 4), (4, 3, 3, 3)),
                transposed("conv2dTransposeStrided", (2, 4, 3, 4), (4, 5, 3, 3), stride=2, padding=1, output_padding=1),
                transposed("conv1dTranspose", (2, 3, 5), (3, 4, 4), dimensions=1, stride=3, padding=1),
                pooled("maxPool2d", (2, 3, 6, 6), lambda x: F.max_pool2d(x, 2)),
                pooled("maxPool2dPadded", (2, 5, 7, 6), lambda x: F.max_pool2d(x, 3, stride=2, padding=1)),
                pooled("maxPool1d", (2, 3, 9), lambda x: F.max_pool1d(x, 3, stride=2)),
                pooled("averagePool2d", (2, 3, 7, 5), lambda x: F.avg_pool2d(x, 2)),
                pooled("averagePool2dCounting", (2, 4, 6, 7), lambda x: F.avg_pool2d(x, 3, stride=2, padding=1)),
                pooled(
                    "averagePool2dInside",
                    (2, 4, 6, 7),
                    lambda x: F.avg_pool2d(x, 3, stride=2, padding=1, count_include_pad=False),
                ),
                pooled("adaptiveAveragePool2d", (2, 3, 7, 5), lambda x: F.adaptive_avg_pool2d(x, (3, 2))),
                pooled("upsample2d", (2, 3, 4, 3), lambda x: F.interpolate(x, scale_factor=2, mode="nearest")),
                pooled("zeroPad2d", (2, 3, 4, 3), lambda x: F.pad(x, (2, 1, 0, 3))),
            ],
        }
    )
)
