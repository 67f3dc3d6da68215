"""The first learning rates of torch.optim.lr_scheduler, in f64: what tests/schedules/schedules.test.ts compares with.

    /usr/bin/python3 tests/peers/torch/schedules.py > tests/peers/torch/schedules.json
"""
import json
import warnings

import torch
from torch.optim import SGD
from torch.optim import lr_scheduler as schedulers

warnings.simplefilter("ignore")
STEPS = 50
RATE = 0.1


def optimizer(rate=RATE):
    return SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)


def rates(make, steps=STEPS, rate=RATE):
    """The rate that each step is taken with."""
    sgd = optimizer(rate)
    schedule = make(sgd)
    found = []
    for _ in range(steps):
        found.append(sgd.param_groups[0]["lr"])
        sgd.step()
        schedule.step()
    return found


def plateau(metrics, **options):
    sgd = optimizer()
    schedule = schedulers.ReduceLROnPlateau(sgd, **options)
    found = []
    for metric in metrics:
        schedule.step(metric)
        found.append(sgd.param_groups[0]["lr"])
    return found


def cycle(**options):
    return lambda o: schedulers.OneCycleLR(o, max_lr=0.5, cycle_momentum=False, **options)


LOSSES = [1.0, 0.8, 0.81, 0.79999, 0.8, 0.7, 0.7, 0.7, 0.71, 0.7, 0.7, 0.69, 0.6, 0.65, 0.65, 0.65, 0.65, 0.65,
          0.65, 0.65, 0.65, 0.65, 0.65, 0.65, 0.2, 0.1, 0.15, 0.15, 0.15, 0.15]
ACCURACIES = [0.1, 0.5, 0.5, 0.50001, 0.6, 0.6, 0.6, 0.6, 0.59, 0.7, 0.71, 0.7, 0.7, 0.7, 0.7, 0.7]
WARM = 8

print(json.dumps({
    "torch": torch.__version__,
    "rate": RATE,
    "schedules": {
        "stepDecay": rates(lambda o: schedulers.StepLR(o, step_size=7, gamma=0.3)),
        "multiStepDecay": rates(lambda o: schedulers.MultiStepLR(o, milestones=[3, 11, 30], gamma=0.2)),
        "exponentialDecay": rates(lambda o: schedulers.ExponentialLR(o, gamma=0.93)),
        "polynomialDecay": rates(lambda o: schedulers.PolynomialLR(o, total_iters=40, power=2.5)),
        "linearDecay": rates(lambda o: schedulers.LinearLR(o, start_factor=1, end_factor=0.2, total_iters=30)),
        "cosineDecay": rates(lambda o: schedulers.CosineAnnealingLR(o, T_max=STEPS - 1, eta_min=0.003)),
        "cosineDecayRestarts": rates(lambda o: schedulers.CosineAnnealingWarmRestarts(o, T_0=6, T_mult=2, eta_min=0.001)),
        "cosineDecayRestarts, of one length": rates(lambda o: schedulers.CosineAnnealingWarmRestarts(o, T_0=9)),
        "inverseSquareRoot": rates(lambda o: schedulers.LambdaLR(o, lambda t: (5 / (t + 5)) ** 0.5)),
        "inverseTimeDecay": rates(lambda o: schedulers.LambdaLR(o, lambda t: 1 / (1 + 0.5 * t / 4))),
        "warmup": rates(lambda o: schedulers.LinearLR(o, start_factor=0.25, total_iters=WARM)),
        "warmup, then stepDecay": rates(lambda o: schedulers.SequentialLR(o, [
            schedulers.LinearLR(o, start_factor=0.1, total_iters=WARM),
            schedulers.StepLR(o, step_size=5, gamma=0.5),
        ], milestones=[WARM])),
        "warmup, then inverseSquareRoot": rates(
            lambda o: schedulers.LambdaLR(o, lambda t: min(t / WARM, (WARM / max(t, 1)) ** 0.5))),
        "oneCycle": rates(cycle(total_steps=STEPS + 1)),
        "oneCycle, to its end": rates(cycle(total_steps=STEPS), steps=STEPS - 1),
        "oneCycle, linear": rates(
            cycle(total_steps=STEPS + 1, anneal_strategy="linear", pct_start=0.42, div_factor=10, final_div_factor=50)),
        "oneCycle, in three phases": rates(cycle(total_steps=STEPS + 1, three_phase=True, pct_start=0.35)),
    },
    "plateau": {
        "losses": {
            "metrics": LOSSES,
            "options": {"factor": 0.5, "patience": 2},
            "rates": plateau(LOSSES, factor=0.5, patience=2),
        },
        "losses, with cooldown and a floor": {
            "metrics": LOSSES,
            "options": {"factor": 0.3, "patience": 1, "cooldown": 2, "minLearningRate": 0.002, "minDelta": 0.02,
                        "minDeltaMode": "absolute"},
            "rates": plateau(LOSSES, factor=0.3, patience=1, cooldown=2, min_lr=0.002, threshold=0.02,
                             threshold_mode="abs"),
        },
        "losses, without patience": {
            "metrics": LOSSES,
            "options": {"patience": 0, "minDelta": 0.1},
            "rates": plateau(LOSSES, patience=0, threshold=0.1),
        },
        "accuracies": {
            "metrics": ACCURACIES,
            "options": {"factor": 0.1, "patience": 1, "mode": "max", "minDelta": 0.001},
            "rates": plateau(ACCURACIES, factor=0.1, patience=1, mode="max", threshold=0.001),
        },
        "accuracies, absolute": {
            "metrics": ACCURACIES,
            "options": {"factor": 0.7, "patience": 2, "mode": "max", "minDelta": 0.05, "minDeltaMode": "absolute",
                        "cooldown": 1},
            "rates": plateau(ACCURACIES, factor=0.7, patience=2, mode="max", threshold=0.05, threshold_mode="abs",
                             cooldown=1),
        },
    },
}, indent=1))
