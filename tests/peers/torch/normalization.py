"""What PyTorch makes of normalization layers, in f64: what tests/layers/normalization/torch.test.ts compares with.

    /usr/bin/python3 tests/peers/torch/normalization.py > tests/peers/torch/normalization.json

All numbers that go in are multiples of 1/64, so that they are the same in f32.
"""

import json

import torch
from torch import nn

torch.set_default_dtype(torch.float64)


def numbers(*shape, seed, scale=2.0):
    """Numbers in [-scale, scale), multiples of 1/64."""
    generator = torch.Generator().manual_seed(seed)
    steps = int(scale * 64)
    return torch.randint(-steps, steps, shape, generator=generator).to(torch.float64) / 64


class RmsNorm(nn.Module):
    """PyTorch 2.4's nn.RMSNorm, by its documentation; this PyTorch does not have it."""

    def __init__(self, features, eps=2.0**-23):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(features))
        self.eps = eps

    def forward(self, x):
        return self.weight * x / torch.sqrt((x * x).mean(-1, keepdim=True) + self.eps)


class ChannelsLast(nn.Module):
    """A layer that takes channels first, on channels last."""

    def __init__(self, norm):
        super().__init__()
        self.norm = norm

    def forward(self, x):
        return self.norm(x.movedim(-1, 1)).movedim(1, -1)


def plain(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def function(name, x, apply):
    """y and the gradient of sum(y * w)."""
    w = numbers(*x.shape, seed=99)
    x.requires_grad_(True)
    y = apply(x)
    (y * w).sum().backward()
    return {"name": name, "shape": list(x.shape), "x": plain(x), "w": plain(w), "y": plain(y), "dx": plain(x.grad)}


F = nn.functional
functions = [
    function("layerNorm", numbers(3, 7, seed=1), lambda x: F.layer_norm(x, [7])),
    function("layerNormOverTwo", numbers(3, 4, 5, seed=2), lambda x: F.layer_norm(x, [4, 5], eps=1e-3)),
    function("rmsNorm", numbers(3, 6, seed=3), lambda x: RmsNorm(6)(x)),
    function("batchNorm", numbers(6, 5, seed=4), lambda x: F.batch_norm(x, None, None, training=True)),
    function("batchNormOfImages", numbers(2, 3, 3, 4, seed=5),
             ChannelsLast(lambda x: F.batch_norm(x, None, None, training=True))),
    function("groupNorm", numbers(3, 6, seed=6), lambda x: F.group_norm(x, 2)),
    function("groupNormOfImages", numbers(2, 3, 2, 6, seed=7), ChannelsLast(lambda x: F.group_norm(x, 3))),
    function("instanceNorm", numbers(2, 5, 3, seed=8), ChannelsLast(lambda x: F.instance_norm(x))),
]

ROWS, BATCH, EPOCHS, RATE, MOMENTUM = 21, 8, 3, 0.125, 0.5


def training(name, shape, before, norm, after):
    """Steps of SGD over batches of 8, 8 and 5 rows; then what it predicts."""
    size = torch.tensor(shape).prod().item()
    x = numbers(ROWS, *shape, seed=11)
    y = numbers(ROWS, 2, seed=12)
    layers = []
    width = shape
    if before:
        layers.append(nn.Linear(size, before, bias=False))
        width = [before]
    layers += [norm, nn.Tanh(), nn.Flatten(), nn.Linear(torch.tensor(width).prod().item(), 2)]
    model = nn.Sequential(*layers)
    linears = [layer for layer in model if isinstance(layer, nn.Linear)]
    start = []
    for i, layer in enumerate(linears):
        kernel = numbers(layer.in_features, layer.out_features, seed=20 + i, scale=1.0)
        start.append(plain(kernel))
        layer.weight.data = kernel.T.clone()
        if layer.bias is not None:
            layer.bias.data = torch.zeros(layer.out_features)
    if after:
        for i, key in enumerate(["weight", "bias"]):
            parameter = getattr(after, key, None)
            if parameter is not None:
                parameter.data = numbers(*parameter.shape, seed=30 + i, scale=1.0) + 1 - i
    gamma = plain(after.weight) if after and after.weight is not None else None
    beta = plain(after.bias) if after and getattr(after, "bias", None) is not None else None
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=MOMENTUM)
    losses = []
    model.train()
    for _ in range(EPOCHS):
        for first in range(0, ROWS, BATCH):
            optimizer.zero_grad()
            loss = F.mse_loss(model(x[first:first + BATCH]), y[first:first + BATCH])
            loss.backward()
            optimizer.step()
            losses.append(loss)
    model.eval()
    weights = {"kernels": [plain(layer.weight.T.contiguous()) for layer in linears]}
    weights["gamma"] = plain(after.weight) if gamma else None
    weights["beta"] = plain(after.bias) if beta else None
    for key in ["running_mean", "running_var"]:
        found = getattr(after, key, None)
        weights[key] = plain(found) if found is not None else None
    return {
        "name": name, "shape": shape, "before": before, "x": plain(x), "y": plain(y),
        "start": {"kernels": start, "gamma": gamma, "beta": beta},
        "losses": plain(torch.stack(losses)), "weights": weights, "predictions": plain(model(x)),
    }


def on_images(name, norm):
    return training(name, [3, 2, 4], None, ChannelsLast(norm), norm)


def on_features(name, norm):
    return training(name, [4], 6, norm, norm)


trainings = [
    on_features("batchNorm", nn.BatchNorm1d(6)),
    on_features("batchNormSlow", nn.BatchNorm1d(6, momentum=0.01, eps=1e-3)),
    on_features("layerNorm", nn.LayerNorm(6)),
    on_features("rmsNorm", RmsNorm(6)),
    on_features("groupNorm", nn.GroupNorm(2, 6)),
    on_images("batchNormOfImages", nn.BatchNorm2d(4)),
    on_images("groupNormOfImages", nn.GroupNorm(2, 4)),
    on_images("instanceNorm", nn.InstanceNorm2d(4)),
    on_images("instanceNormScaled", nn.InstanceNorm2d(4, affine=True)),
]

setup = {"rows": ROWS, "batchSize": BATCH, "epochs": EPOCHS, "learningRate": RATE, "momentum": MOMENTUM}
print(json.dumps({"torch": torch.__version__, "setup": setup, "functions": functions, "trainings": trainings}))
