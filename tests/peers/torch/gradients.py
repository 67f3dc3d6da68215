"""What PyTorch's autograd makes of a network with batch normalization, a shared layer and two outputs, in f64: what
tests/model/inside/torch.test.ts compares with.

    /usr/bin/python3 tests/peers/torch/gradients.py > tests/peers/torch/gradients.json

    left  [7, 3] -> encoder (4, tanh) -.
                                        > concatenate -> batchNorm -> hidden (5, relu) -> price (1), kind (3, softmax)
    right [7, 3] -> encoder (the same) -'

The loss is mean((price - y)^2 * w) + 0.5 * mean(crossEntropy(kind, label)) + 0.01 * sum(hidden kernel^2), w being weights
of rows. All numbers that go in are multiples of 1/64, so that they are the same in f32.
"""

import json

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)

ROWS = 7


def numbers(*shape, seed, scale=2.0):
    """Numbers in [-scale, scale), multiples of 1/64."""
    generator = torch.Generator().manual_seed(seed)
    steps = int(scale * 64)
    return torch.randint(-steps, steps, shape, generator=generator).to(torch.float64) / 64


def plain(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def linear(into, out, seed):
    layer = nn.Linear(into, out)
    layer.weight.data = numbers(into, out, seed=seed, scale=1.0).T.clone()
    layer.bias.data = numbers(out, seed=seed + 1, scale=1.0)
    return layer


encoder, hidden, price, kind = linear(3, 4, 20), linear(8, 5, 30), linear(5, 1, 40), linear(5, 3, 50)
norm = nn.BatchNorm1d(8)
norm.weight.data = numbers(8, seed=60, scale=1.0) + 1
norm.bias.data = numbers(8, seed=61, scale=1.0)
norm.running_mean.data = numbers(8, seed=62, scale=1.0)
norm.running_var.data = numbers(8, seed=63, scale=0.5) + 1
layers = {"encoder": encoder, "batchNorm": norm, "hidden": hidden, "price": price, "kind": kind}

left, right = numbers(ROWS, 3, seed=1), numbers(ROWS, 3, seed=2)
target = numbers(ROWS, 1, seed=3)
label = torch.tensor([0, 1, 2, 2, 1, 0, 1])
weights = numbers(ROWS, seed=4).abs()


def weights_of():
    """By the names of wasmgrad, kernels as [in, out]."""
    found = {}
    for name, layer in layers.items():
        if isinstance(layer, nn.Linear):
            found[f"{name}/kernel"], found[f"{name}/bias"] = layer.weight.T, layer.bias
        else:
            found[f"{name}/gamma"], found[f"{name}/beta"] = layer.weight, layer.bias
    return found


def gradients(training, rows=slice(None)):
    for layer in layers.values():
        layer.train(training)
        layer.zero_grad()
    inputs = [left[rows].clone().requires_grad_(True), right[rows].clone().requires_grad_(True)]
    kept = {"left": inputs[0], "right": inputs[1]}

    def keep(name, value):
        value.retain_grad()
        kept[name] = value
        return value

    # The first use of the encoder is that of the left.
    first = torch.tanh(keep("encoder/preActivation", encoder(inputs[0])))
    joint = torch.cat([keep("encoder", first), torch.tanh(encoder(inputs[1]))], 1)
    normal = keep("batchNorm", norm(keep("concatenate", joint)))
    features = keep("hidden", torch.relu(keep("hidden/preActivation", hidden(normal))))
    y = keep("price", price(features))
    logits = keep("kind/preActivation", kind(features))
    of_price = ((y[:, 0] - target[rows][:, 0]) ** 2 * weights[rows]).mean()
    loss = of_price + 0.5 * F.cross_entropy(logits, label[rows]) + 0.01 * (hidden.weight ** 2).sum()
    loss.backward()
    found = {name: plain(value.grad) for name, value in kept.items()}
    for name, layer in layers.items():
        if isinstance(layer, nn.Linear):
            found[f"{name}/kernel"], found[f"{name}/bias"] = plain(layer.weight.grad.T), plain(layer.bias.grad)
        else:
            found[f"{name}/gamma"], found[f"{name}/beta"] = plain(layer.weight.grad), plain(layer.bias.grad)
    return {"loss": float(f"{loss.item():.9g}"), "gradients": found}


start = {name: plain(value) for name, value in weights_of().items()}
start["batchNorm/movingMean"], start["batchNorm/movingVariance"] = plain(norm.running_mean), plain(norm.running_var)
inference = gradients(False)
training = gradients(True)
data = {"left": left, "right": right, "target": target, "sampleWeight": weights}
print(
    json.dumps(
        {
            "torch": torch.__version__,
            "rows": ROWS,
            "start": start,
            "label": label.tolist(),
            "data": {name: plain(value) for name, value in data.items()},
            "training": training,
            "inference": inference,
        }
    )
)
