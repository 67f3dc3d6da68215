"""Ten steps of torch.optim.LBFGS(max_iter=1) on two convex problems, in f64: what tests/optimizers/lbfgs.test.ts compares with.

    /usr/bin/python3 tests/peers/torch/lbfgs.py > tests/peers/torch/lbfgs.json
"""
import json

import torch

torch.set_default_dtype(torch.float64)
STEPS = 10

# Multiples of 1/8, which f32 has exactly.
X = [
    [0.5, -1.0, 0.25],
    [1.5, 0.75, -0.5],
    [-0.625, 0.375, 1.0],
    [0.125, 1.25, -1.125],
    [-1.0, -0.5, -0.25],
    [0.875, -0.125, 0.625],
    [-0.25, 1.0, 0.75],
    [1.0, -1.5, -0.875],
]
Y = [0.5, -0.25, 1.0, 0.75, -0.5, 0.125, 1.25, -1.0]
LABELS = [1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0]
KERNEL = [0.25, -0.5, 0.75]
BIAS = 0.125
L2 = 0.0625

x = torch.tensor(X)


def regression(w, b):
    return ((x @ w + b - torch.tensor(Y)) ** 2).mean()


def logistic(w, b):
    z = x @ w + b
    loss = torch.nn.functional.binary_cross_entropy_with_logits(z, torch.tensor(LABELS))
    return loss + L2 * (w**2).sum()


def trajectory(problem, rate, history):
    w = torch.tensor(KERNEL, requires_grad=True)
    b = torch.tensor(BIAS, requires_grad=True)
    optimizer = torch.optim.LBFGS([w, b], lr=rate, max_iter=1, history_size=history)
    points = []

    def closure():
        optimizer.zero_grad()
        loss = problem(w, b)
        loss.backward()
        return loss

    for _ in range(STEPS):
        optimizer.step(closure)
        points.append([*w.tolist(), b.item()])
    return points


runs = [
    {"problem": name, "learningRate": rate, "history": history, "points": trajectory(problem, rate, history)}
    for name, problem in (("regression", regression), ("logistic", logistic))
    for rate, history in ((1, 10), (0.5, 10), (1, 2), (0.25, 3))
]
json.dump(
    {"x": X, "y": Y, "labels": LABELS, "kernel": KERNEL, "bias": BIAS, "l2": L2, "runs": runs},
    __import__("sys").stdout,
    indent=1,
)
print()
