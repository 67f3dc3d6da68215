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
    "sgd": lambda: optim.SGD([w], lr=1e-3, foreach=True),
    "sgd, momentum": lambda: optim.SGD([w], lr=1e-3, momentum=0.9, foreach=True),
    "adagrad": lambda: optim.Adagrad([w], lr=1e-3, foreach=True),
    "rmsprop": lambda: optim.RMSprop([w], lr=1e-3, foreach=True),
    "rmsprop, centred, momentum": lambda: optim.RMSprop([w], lr=1e-3, momentum=0.9, centered=True, foreach=True),
    "adadelta": lambda: optim.Adadelta([w], lr=1e-3, foreach=True),
    "adamax": lambda: optim.Adamax([w], lr=1e-3, foreach=True),
    "adam": lambda: optim.Adam([w], lr=1e-3, foreach=True),
    "adamW": lambda: optim.AdamW([w], lr=1e-3, foreach=True),
    "amsgrad": lambda: optim.Adam([w], lr=1e-3, amsgrad=True, foreach=True),
    "nadam": lambda: optim.NAdam([w], lr=1e-3, foreach=True),
    "radam": lambda: optim.RAdam([w], lr=1e-3, foreach=True),
}
optimizer = OPTIMIZERS[name]()
optimizer.step()
BLOCK = max(1, round(1e6 / int(size)))
say({"ready": True, "api": f"torch.optim, foreach, {torch.__version__}"})
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
