"""PyTorch's side of the convolution bench, on one thread: answers the rounds that peers/rounds.mjs asks for."""

import json
import sys
import time


def say(message):
    print("@@" + json.dumps(message), flush=True)


try:
    import torch
except ImportError:
    say({"skipped": "not installed: apt-get install python3-torch libopenblas0-pthread"})
    sys.exit(0)

BATCH, BATCHES, BLOCK = 64, 40, 20
OPTIMIZER, LAYOUT = sys.argv[1].split(",")
torch.set_num_threads(1)
torch.manual_seed(1)

nn = torch.nn
layout = torch.channels_last if LAYOUT == "last" else torch.contiguous_format
network = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(32 * 7 * 7, 10),
).to(memory_format=layout)
cost = nn.CrossEntropyLoss()
images = lambda: torch.rand(BATCH, 1, 28, 28).contiguous(memory_format=layout)
batches = [(images(), torch.randint(10, (BATCH,))) for _ in range(BATCHES)]
if OPTIMIZER == "adam":
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4, foreach=True)
else:
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, foreach=True)


def step(i):
    x, labels = batches[i % BATCHES]
    optimizer.zero_grad(set_to_none=True)
    loss = cost(network(x), labels)
    loss.backward()
    optimizer.step()
    return loss


loss = step(0)
with open("/proc/self/maps") as maps:
    blas = "OpenBLAS" if "openblas" in maps.read() else "reference BLAS: apt-get install libopenblas0-pthread"
say({"ready": True, "api": f"one thread, {blas}, channels {LAYOUT}, {torch.__version__}"})
for line in sys.stdin:
    seconds = json.loads(line)["seconds"]
    samples, start, cpu = [], time.perf_counter(), time.process_time()
    while not samples or time.perf_counter() - start < seconds:
        block = time.perf_counter()
        for i in range(BLOCK):
            loss = step(i)
        samples.append((time.perf_counter() - block) * 1000 / BLOCK)
    cores = (time.process_time() - cpu) / (time.perf_counter() - start)
    say({"samples": samples, "loss": loss.item(), "cores": cores})
