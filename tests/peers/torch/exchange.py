"""Exchange of weights with PyTorch: what tests/io/torch/exchange.test.ts compares with.

    UPDATE_GIVEN=1 npx vitest run --config tools/vitest.config.ts tests/io/torch/exchange.test.ts
    /usr/bin/python3 tests/peers/torch/exchange.py build/exchange > tests/peers/torch/exchange.json

The first line writes what was trained here: weights, the optimizer's state, x and y as safetensors files. Of each, this
answers what the module makes of x there, and after five more steps. Then it trains modules of its own and writes theirs.
"""

import base64
import json
import struct
import sys
import zlib
from pathlib import Path

import torch
from torch import nn

STEPS = 5


def read(data):
    """A safetensors file, by its format alone: this Debian has no library for it."""
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    found = {}
    for name, info in header.items():
        assert info["dtype"] == "F32"
        begin, end = (8 + length + offset for offset in info["data_offsets"])
        numbers = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float32)
        found[name] = numbers.reshape(info["shape"]).clone()
    return found


def write(tensors):
    infos, parts, end = {}, [], 0
    for name, tensor in tensors.items():
        part = tensor.detach().contiguous().to(torch.float32).numpy().tobytes()
        infos[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [end, end + len(part)]}
        parts.append(part)
        end += len(part)
    header = json.dumps(infos).encode()
    return struct.pack("<Q", len(header)) + header + b"".join(parts)


class RmsNorm(nn.Module):
    """PyTorch 2.4's nn.RMSNorm, by its documentation; this PyTorch does not have it."""

    def __init__(self, features, eps=2.0**-23):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(features))
        self.eps = eps

    def forward(self, x):
        return self.weight * x / torch.sqrt((x * x).mean(-1, keepdim=True) + self.eps)


class ElementPrelu(nn.Module):
    """A slope for each element, which nn.PReLU has not."""

    def __init__(self, *shape):
        super().__init__()
        self.weight = nn.Parameter(torch.full(shape, 0.25))

    def forward(self, x):
        return torch.where(x > 0, x, self.weight * x)


class Separable(nn.Module):
    def __init__(self, channels, filters, size):
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, size, groups=channels, bias=False)
        self.pointwise = nn.Conv2d(channels, filters, 1)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


def rows():
    return nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.BatchNorm1d(6), nn.Linear(6, 5), nn.PReLU(), nn.LayerNorm(5),
                         nn.Linear(5, 3))


class Images(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv2d = nn.Conv2d(2, 4, 3, padding="same", groups=2)
        self.batchNorm = nn.BatchNorm2d(4)
        self.depthwiseConv2d = nn.Conv2d(4, 8, 2, groups=4)
        self.separableConv2d = Separable(8, 6, (2, 1))
        self.batchNorm_2 = nn.BatchNorm1d(24)
        self.dense = nn.Linear(24, 3)

    def forward(self, x):
        x = nn.functional.max_pool2d(self.batchNorm(torch.relu(self.conv2d(x))), 2)
        x = self.depthwiseConv2d(nn.functional.pad(x, (1, 0, 0, 1)))
        x = torch.tanh(self.separableConv2d(x)).flatten(1)
        return self.dense(self.batchNorm_2(x))


class Signals(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1d = nn.Conv1d(3, 4, 3, stride=2)
        self.prelu = nn.PReLU(4)
        self.conv1dTranspose = nn.ConvTranspose1d(4, 3, 4, stride=2, padding=1)
        self.layerNorm = nn.LayerNorm([3, 10])
        self.dense = nn.Linear(30, 2)

    def forward(self, x):
        x = self.conv1dTranspose(self.prelu(torch.tanh(self.conv1d(x))))
        return self.dense(self.layerNorm(x).flatten(1))


class Maps(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv2dTranspose = nn.ConvTranspose2d(2, 6, (3, 2), stride=2, bias=False)
        self.groupNorm = nn.GroupNorm(3, 6)
        self.instanceNorm = nn.InstanceNorm2d(6, affine=True)
        self.layerNorm = nn.LayerNorm([6, 9, 6])
        self.prelu = ElementPrelu(6, 9, 6)
        self.dense = nn.Linear(6, 3)

    def forward(self, x):
        x = self.instanceNorm(self.groupNorm(self.conv2dTranspose(x)))
        return self.dense(self.prelu(self.layerNorm(x)).mean((2, 3)))


class Branches(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv2d = nn.Conv2d(2, 3, 2)
        self.dense = nn.Linear(24, 6)
        self.rmsNorm = RmsNorm(6)
        self.inner = nn.LayerNorm(24)
        self.prelu = ElementPrelu(24)
        self.dense_2 = nn.Linear(24, 10)
        self.maxout = nn.Linear(5, 8)
        self.dense_3 = nn.Linear(4, 3)

    def forward(self, x):
        one = torch.tanh(self.conv2d(x)).flatten(1)
        both = torch.cat([one, self.rmsNorm(self.dense(x.flatten(1)))], 1)
        gated = nn.functional.glu(self.dense_2(self.prelu(both + self.inner(both))))
        return self.dense_3(self.maxout(gated).unflatten(1, (4, 2)).amax(2))


def decaying(module):
    """Slopes of prelu never decay here, as its paper says."""
    slopes = [one for name, one in module.named_parameters() if name.startswith("prelu")]
    others = [one for name, one in module.named_parameters() if not name.startswith("prelu")]
    return [{"params": others}, {"params": slopes, "weight_decay": 0}]


modules = {
    "rows": (rows, lambda p: torch.optim.Adam(p), [4], 3),
    "images": (Images, lambda p: torch.optim.SGD(p, 0.05, momentum=0.9), [6, 5, 2], 3),
    "signals": (Signals, lambda p: torch.optim.Adam(p, 0.01, amsgrad=True, weight_decay=0.01), [12, 3], 2),
    "maps": (Maps, lambda p: torch.optim.AdamW(p, 0.02, weight_decay=0.1), [4, 3, 2], 3),
    "branches": (Branches, lambda p: torch.optim.SGD(p, 0.1, momentum=0.5, nesterov=True), [4, 3, 2], 3),
}

PREFIX = "optimizer.state."


def load(module, optimizer, tensors):
    """Weights as they are, and the optimizer's state by the names of the parameters."""
    weights = {name: one for name, one in tensors.items() if not name.startswith(PREFIX)}
    module.load_state_dict(weights, strict=True)
    for name, parameter in module.named_parameters():
        start = f"{PREFIX}{name}."
        state = {key[len(start):]: one for key, one in tensors.items() if key.startswith(start)}
        # SGD counts no steps.
        if isinstance(optimizer, torch.optim.SGD):
            state.pop("step", None)
        optimizer.state[parameter] = state


def saved(module, optimizer, steps):
    found = dict(module.state_dict())
    for name, parameter in module.named_parameters():
        for key, one in {"step": torch.tensor(float(steps)), **optimizer.state[parameter]}.items():
            found[f"{PREFIX}{name}.{key}"] = one
    return found


def train(module, optimizer, x, y, steps):
    module.train()
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.mse_loss(module(x), y).backward()
        optimizer.step()


def answers(module, x):
    module.eval()
    with torch.no_grad():
        return module(x)


def plain(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def numbers(*shape, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(-64, 64, shape, generator=generator).to(torch.float32) / 64


torch.manual_seed(1)
torch.set_num_threads(1)
folder = Path(sys.argv[1])
found = {}
for name, (make, optimize, shape, outputs) in modules.items():
    file = (folder / f"{name}.safetensors").read_bytes()
    tensors = read(file)
    # Channels first.
    x = tensors.pop("x")
    x = x if x.dim() == 2 else x.movedim(-1, 1)
    y = tensors.pop("y")
    module = make()
    optimizer = optimize(decaying(module))
    load(module, optimizer, tensors)
    fromHere = {"crc": zlib.crc32(file), "y": plain(answers(module, x))}
    train(module, optimizer, x, y, STEPS)
    fromHere["later"] = plain(answers(module, x))

    module = make()
    optimizer = optimize(decaying(module))
    x = numbers(12, *shape, seed=3)
    first = x if x.dim() == 2 else x.movedim(-1, 1)
    y = numbers(12, outputs, seed=4)
    train(module, optimizer, first, y, STEPS)
    fromThere = {
        "file": base64.b64encode(write({**saved(module, optimizer, STEPS), "x": x, "y": y})).decode(),
        "y": plain(answers(module, first)),
    }
    train(module, optimizer, first, y, STEPS)
    fromThere["later"] = plain(answers(module, first))
    found[name] = {"fromHere": fromHere, "fromThere": fromThere}

json.dump({"torch": torch.__version__, "steps": STEPS, "networks": found}, sys.stdout, indent=1)
print()
