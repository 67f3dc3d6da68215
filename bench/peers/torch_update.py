"""PyTorch's side of optimizers.mjs: one update of a vector of weights by torch.optim, on one thread."""

import json
import sys
import time


def say(message):
    print("@@" + json.dumps(message), flush=True)


try:
    import torch
    from torch import optim
except ImportError:
    say({"skipped": "not installed: apt-get install python3-torch libopenblas0-pthread"})
    sys.exit(0)

torch.set_num_threads(1)
name, size = sys.argv[1].split(":")
w = torch.nn.Parameter(torch.full((int(size),), 0.5))
w.grad = torch.full((int(size),), 0.5)
OPTIMIZERS = {
    "sgd": (optim.SGD, {}),
    "sgd, momentum": (optim.SGD, {"momentum": 0.9}),
    "adagrad": (optim.Adagrad, {}),
    "rmsprop": (optim.RMSprop, {}),
    "rmsprop, centered, momentum": (optim.RMSprop, {"momentum": 0.9, "centered": True}),
    "adadelta": (optim.Adadelta, {}),
    "adamax": (optim.Adamax, {}),
    "adam": (optim.Adam, {}),
    "adamW": (optim.AdamW, {}),
    "amsgrad": (optim.Adam, {"amsgrad": True}),
    "nadam": (optim.NAdam, {}),
    "radam": (optim.RAdam, {}),
}


def duration(optimizer, steps):
    """Seconds of a step, the first one aside, which makes the state."""
    optimizer.step()
    start = time.perf_counter()
    for _ in range(steps):
        optimizer.step()
    return (time.perf_counter() - start) / steps


# Which of its two implementations is faster depends on the optimizer: the better one counts.
make, options = OPTIMIZERS[name]
BLOCK = max(1, round(1e6 / int(size)))
both = [make([w], lr=1e-3, foreach=foreach, **options) for foreach in (False, True)]
optimizer = min(both, key=lambda one: duration(one, 10 * BLOCK))
api = "foreach" if optimizer is both[1] else "single tensors"
say({"ready": True, "api": f"torch.optim, {api}, {torch.__version__}"})
for line in sys.stdin:
    seconds = json.loads(line)["seconds"]
    samples, start, cpu = [], time.perf_counter(), time.process_time()
    while not samples or time.perf_counter() - start < seconds:
        block = time.perf_counter()
        for _ in range(BLOCK):
            optimizer.step()
        samples.append((time.perf_counter() - block) * 1000 / BLOCK)
    cores = (time.process_time() - cpu) / (time.perf_counter() - start)
    say({"samples": samples, "loss": 0, "cores": cores})
