"""Ten steps of torch.optim's optimizers in f64: what tests/optimizers/optimizers.test.ts compares with.

    /usr/bin/python3 tests/peers/torch/optimizers.py > tests/peers/torch/optimizers.json

The problem: 13 weights w, and in step t one row x of X and its y: the loss is (w . x - y)^2 / 2. For parameter groups two
such vectors, `first` and `second`, predict together: first . x + second . x.

Where PyTorch 1.13 has no such option or optimizer, its definition stands here: decoupled decay of NAdam and RAdam is
torch 2's, w *= 1 - lr * weight_decay before the step; Lion is algorithm 2 of Chen et al. 2023. NAdam runs with
foreach=True: the loop over single tensors of 1.13 multiplies mu_t twice, against its documentation; torch 2 mended it.
"""
import json

import torch
from torch import optim

STEPS, SIZE = 10, 13
GROUPS = [
    ("first", {"learningRateScale": 0.1, "weightDecay": 0.2}),
    ("second", {"learningRateScale": 2.0}),
]


def sequence(count, seed):
    """Numbers in [-1, 1), exact in f32: a linear congruential generator (Knuth, TAOCP 2, 3.3.4)."""
    state, found = seed, []
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        found.append((state >> 20) / 2**11 - 1)
    return found


class Lion(optim.Optimizer):
    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for w in group["params"]:
                m = self.state[w].setdefault("m", torch.zeros_like(w))
                update = (beta1 * m + (1 - beta1) * w.grad).sign() + group["weight_decay"] * w
                w -= group["lr"] * update
                m.mul_(beta2).add_(w.grad, alpha=1 - beta2)


def decoupled(make):
    """The optimizer with torch 2's decoupled_weight_decay."""

    def build(params, lr, weight_decay=0.0, **options):
        groups = params if isinstance(params[0], dict) else [{"params": params}]
        decays = [(one, one.pop("weight_decay", weight_decay), one.get("lr", lr)) for one in groups]
        inner = make([one for one, _, _ in decays], lr=lr, **options)
        step = inner.step

        def both():
            with torch.no_grad():
                for one, decay, rate in decays:
                    for w in one["params"]:
                        w *= 1 - rate * decay
            step()

        inner.step = both
        return inner

    return build


def nadam(params, **options):
    return optim.NAdam(params, foreach=True, **options)


X = [sequence(SIZE, t + 1) for t in range(STEPS)]
Y = sequence(STEPS, 99)
START = {"first": sequence(SIZE, 1000), "second": sequence(SIZE, 2000)}

SGD, ADAM, ADAMW, ADAGRAD = optim.SGD, optim.Adam, optim.AdamW, optim.Adagrad
RMSPROP, ADADELTA, ADAMAX, RADAM = optim.RMSprop, optim.Adadelta, optim.Adamax, optim.RAdam

# Name here, options here, optimizer there, options there.
CASES = [
    ("sgd", {"learningRate": 0.05}, SGD, {"lr": 0.05}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9}, SGD, {"lr": 0.05, "momentum": 0.9}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9, "nesterov": True, "weightDecay": 0.1},
     SGD, {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("adagrad", {}, ADAGRAD, {"lr": 0.01}),
    ("adagrad", {"learningRate": 0.1, "learningRateDecay": 0.2, "weightDecay": 0.1},
     ADAGRAD, {"lr": 0.1, "lr_decay": 0.2, "weight_decay": 0.1}),
    ("adagrad", {"learningRate": 0.1, "initialAccumulatorValue": 0.1, "epsilon": 1e-3},
     ADAGRAD, {"lr": 0.1, "initial_accumulator_value": 0.1, "eps": 1e-3}),
    ("rmsprop", {}, RMSPROP, {"lr": 0.01}),
    ("rmsprop", {"rho": 0.9, "weightDecay": 0.1}, RMSPROP, {"lr": 0.01, "alpha": 0.9, "weight_decay": 0.1}),
    ("rmsprop", {"rho": 0.9, "momentum": 0.5}, RMSPROP, {"lr": 0.01, "alpha": 0.9, "momentum": 0.5}),
    ("rmsprop", {"rho": 0.9, "centered": True, "epsilon": 1e-3},
     RMSPROP, {"lr": 0.01, "alpha": 0.9, "centered": True, "eps": 1e-3}),
    ("rmsprop", {"centered": True, "momentum": 0.9, "weightDecay": 0.1},
     RMSPROP, {"lr": 0.01, "centered": True, "momentum": 0.9, "weight_decay": 0.1}),
    ("adadelta", {}, ADADELTA, {"lr": 1.0}),
    ("adadelta", {"learningRate": 0.5, "rho": 0.95, "epsilon": 1e-3, "weightDecay": 0.1},
     ADADELTA, {"lr": 0.5, "rho": 0.95, "eps": 1e-3, "weight_decay": 0.1}),
    ("adam", {}, ADAM, {"lr": 0.001}),
    ("adam", {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.9, "epsilon": 1e-3, "weightDecay": 0.1},
     ADAM, {"lr": 0.05, "betas": (0.8, 0.9), "eps": 1e-3, "weight_decay": 0.1}),
    ("adam", {"learningRate": 0.05, "beta2": 0.9, "amsgrad": True},
     ADAM, {"lr": 0.05, "betas": (0.9, 0.9), "amsgrad": True}),
    ("adam", {"learningRate": 0.05, "beta2": 0.9, "amsgrad": True, "weightDecay": 0.1},
     ADAM, {"lr": 0.05, "betas": (0.9, 0.9), "amsgrad": True, "weight_decay": 0.1}),
    ("adam", {"learningRate": 0.05, "decoupled": True, "weightDecay": 0.5},
     ADAMW, {"lr": 0.05, "weight_decay": 0.5}),
    ("adamW", {}, ADAMW, {"lr": 0.001}),
    ("adamW", {"learningRate": 0.05, "beta2": 0.9, "amsgrad": True, "weightDecay": 0.3},
     ADAMW, {"lr": 0.05, "betas": (0.9, 0.9), "amsgrad": True, "weight_decay": 0.3}),
    ("adamax", {}, ADAMAX, {"lr": 0.002}),
    ("adamax", {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.9, "epsilon": 1e-3, "weightDecay": 0.1},
     ADAMAX, {"lr": 0.05, "betas": (0.8, 0.9), "eps": 1e-3, "weight_decay": 0.1}),
    ("nadam", {}, nadam, {"lr": 0.002}),
    ("nadam", {"learningRate": 0.05, "momentumDecay": 0.5, "beta2": 0.9, "weightDecay": 0.1},
     nadam, {"lr": 0.05, "momentum_decay": 0.5, "betas": (0.9, 0.9), "weight_decay": 0.1}),
    ("nadam", {"learningRate": 0.05, "decoupled": True, "weightDecay": 0.5},
     decoupled(nadam), {"lr": 0.05, "weight_decay": 0.5}),
    ("radam", {}, RADAM, {"lr": 0.001}),
    ("radam", {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3, "weightDecay": 0.1},
     RADAM, {"lr": 0.05, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.1}),
    ("radam", {"learningRate": 0.05, "decoupled": True, "weightDecay": 0.5},
     decoupled(RADAM), {"lr": 0.05, "weight_decay": 0.5}),
    ("lion", {}, Lion, {"lr": 1e-4}),
    ("lion", {"learningRate": 0.01, "beta1": 0.8, "beta2": 0.95, "weightDecay": 0.5},
     Lion, {"lr": 0.01, "betas": (0.8, 0.95), "weight_decay": 0.5}),
]

# Of each optimizer one with groups.
GROUPED = [
    ("sgd", {"learningRate": 0.05, "momentum": 0.9}, SGD, {"lr": 0.05, "momentum": 0.9}),
    ("adagrad", {"learningRate": 0.1}, ADAGRAD, {"lr": 0.1}),
    ("rmsprop", {"momentum": 0.5}, RMSPROP, {"lr": 0.01, "momentum": 0.5}),
    ("adadelta", {}, ADADELTA, {"lr": 1.0}),
    ("adam", {"learningRate": 0.05}, ADAM, {"lr": 0.05}),
    ("adamW", {"learningRate": 0.05}, ADAMW, {"lr": 0.05, "weight_decay": 0.01}),
    ("adamax", {"learningRate": 0.05}, ADAMAX, {"lr": 0.05}),
    ("nadam", {"learningRate": 0.05, "decoupled": True}, decoupled(nadam), {"lr": 0.05}),
    ("radam", {"learningRate": 0.05}, RADAM, {"lr": 0.05}),
    ("lion", {"learningRate": 0.01}, Lion, {"lr": 0.01}),
]


def parameter(values):
    return torch.nn.Parameter(torch.tensor(values, dtype=torch.float64))


def short(values):
    return [float("%.9g" % value) for value in values]


def run(weights, optimizer):
    """The weights after each step."""
    found = []
    for x, y in zip(X, Y):
        row = torch.tensor(x, dtype=torch.float64)
        error = sum(float(w.detach().dot(row)) for w in weights) - y
        for w in weights:
            w.grad = error * row
        optimizer.step()
        found.append([short(w.tolist()) for w in weights])
    return found


def trajectory(make, options):
    w = parameter(START["first"])
    return [step[0] for step in run([w], make([w], **options))]


def grouped(make, options):
    weights, groups = [], []
    for name, group in GROUPS:
        w = parameter(START[name])
        weights.append(w)
        one = {"params": [w], "lr": options["lr"] * group["learningRateScale"]}
        if "weightDecay" in group:
            one["weight_decay"] = group["weightDecay"]
        groups.append(one)
    return run(weights, make(groups, **options))[-1]


cases = [dict(name=name, options=ours, weights=trajectory(make, theirs)) for name, ours, make, theirs in CASES]
groups = [dict(name=name, options=ours, weights=grouped(make, theirs)) for name, ours, make, theirs in GROUPED]


def block(entries):
    return "[\n    " + ",\n    ".join(json.dumps(one) for one in entries) + "\n  ]"


print("{")
print('  "torch": %s,' % json.dumps(torch.__version__))
print('  "x": %s,' % json.dumps(X))
print('  "y": %s,' % json.dumps(Y))
print('  "start": %s,' % json.dumps(START))
print('  "groups": %s,' % json.dumps(dict(GROUPS)))
print('  "cases": %s,' % block(cases))
print('  "grouped": %s' % block(groups))
print("}")
