"""Losses of torch.nn.functional and their gradients by the prediction, in f64: what tests/losses/torch.test.ts compares with.

    /usr/bin/python3 tests/peers/torch/losses.py > tests/peers/torch/losses.json

Predictions and targets are numbers that f32 holds. A loss that PyTorch has not is written with its operations, after the
formula of the paper or of Keras that the docstring of the loss names.
"""
import json
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
ROWS = 6
LARGE = 50.0


def numbers(*shape, scale=3.0, first=0):
    """Fixed numbers in ±scale, multiples of 1/64."""
    count = math.prod(shape)
    values = [((37 * i * i + 7919 * i + 101) % 2003) / 1001.5 - 1 for i in range(first, first + count)]
    return (torch.tensor(values).reshape(shape) * scale * 64).round() / 64


def with_extremes(x):
    """Every third number is ±50."""
    flat = x.clone().reshape(-1)
    for i in range(0, flat.numel(), 3):
        flat[i] = LARGE if i % 2 else -LARGE
    return flat.reshape(x.shape)


def single(x):
    """What f32 makes of numbers."""
    return x.float().double()


def distribution(*shape, first=0):
    return single(torch.softmax(numbers(*shape, first=first), dim=-1))


cases = []
tensors = []


def kept(x):
    """The place of a tensor in the list of all; each is there once."""
    entry = {"shape": list(x.shape), "data": [int(n) if n == int(n) else n for n in x.flatten().tolist()]}
    if entry not in tensors:
        tensors.append(entry)
    return tensors.index(entry)


def rounded(x):
    """To eight digits, as many as f32 has."""
    return float(f"{x:.7e}")


def case(loss, prediction, target, f, options=None, sample_weight=None, name=""):
    """f(prediction, target): the loss."""
    x = prediction.clone().requires_grad_(True)
    value = f(x) if target is None else f(x, target)
    (gradient,) = torch.autograd.grad(value, x)
    entry = {
        "loss": loss,
        "options": options or {},
        "note": name,
        "prediction": kept(prediction),
        "value": rounded(value.item()),
        "gradient": [rounded(one) for one in gradient.flatten().tolist()],
    }
    if target is not None:
        entry["target"] = kept(target)
    if sample_weight is not None:
        entry["sampleWeight"] = sample_weight.tolist()
    cases.append(entry)


def both(loss, predictions, target, f, options=None, name=""):
    """With both reductions, the sum of the first prediction; f(prediction, target, reduction)."""
    for reduction in ("mean", "sum"):
        for note, prediction in predictions if reduction == "mean" else predictions[:1]:
            all_options = {**(options or {}), **({"reduction": "sum"} if reduction == "sum" else {})}
            case(loss, prediction, target, lambda x, t: f(x, t, reduction), all_options, name=f"{name}{note}")


def reduce(losses, reduction):
    return losses.mean() if reduction == "mean" else losses.sum()


sample = torch.tensor([0.5, 2.0, 0.0, 1.0, 1.5, 3.0])

# Numbers. Errors of 0, of a thousandth, of about 1 and of 50 are among them.
target = numbers(ROWS, 3, scale=2.0, first=40)
near = numbers(ROWS, 3, scale=2.0)
near[0, 0] = target[0, 0]
near[1, 1] = target[1, 1] + 2**-10
near[2, 2] = target[2, 2] - 2**-9
errors = [("", near), ("extremes", with_extremes(near))]
both("meanSquaredError", errors, target, lambda x, t, r: F.mse_loss(x, t, reduction=r))
both("meanAbsoluteError", errors, target, lambda x, t, r: F.l1_loss(x, t, reduction=r))
for delta in (1.0, 0.25, 2.0):
    both("huber", errors, target, lambda x, t, r: F.huber_loss(x, t, reduction=r, delta=delta), {"delta": delta})
apart = [("", near + 2**-7), ("extremes", with_extremes(near + 2**-7))]
for beta in (1.0, 0.5, 0.0):
    # With a beta of 0, PyTorch 1.13 takes the slope at an error of 0 for −1, and later for 0.
    both("smoothL1", errors if beta else apart, target, lambda x, t, r: F.smooth_l1_loss(x, t, reduction=r, beta=beta), {"beta": beta})


def log_cosh(e):
    return e.abs() + F.softplus(-2 * e.abs()) - math.log(2)


both("logCosh", errors, target, lambda x, t, r: reduce(log_cosh(x - t), r))


def pinball(e, q):
    return torch.maximum(q * e, (q - 1) * e)


for q in (0.5, 0.875, 0.0625):
    both("quantile", apart, target, lambda x, t, r: reduce(pinball(t - x, q), r), {"quantile": q})
quantiles = [0.125, 0.5, 0.75]
both(
    "quantile",
    apart,
    target[:, 0],
    lambda x, t, r: reduce(pinball(t[:, None] - x, torch.tensor(quantiles)), r),
    {"quantile": quantiles},
)
case("huber", near, target, lambda x, t: (F.huber_loss(x, t, reduction="none") * sample[:, None]).mean(), sample_weight=sample)

# Classes.
logits = numbers(ROWS, 4)
sure = [("", logits), ("extremes", with_extremes(logits))]
labels = torch.tensor([0, 3, 1, 1, 2, 3])
hot = F.one_hot(labels, 4).double()
soft = distribution(ROWS, 4, first=60)
weights = torch.tensor([0.5, 2.0, 1.0, 0.25])
for smoothing, weight in ((0.0, None), (0.125, None), (0.0, weights), (0.125, weights)):
    options = {
        **({"labelSmoothing": smoothing} if smoothing else {}),
        **({"classWeights": weight.tolist()} if weight is not None else {}),
    }
    entropy = lambda x, t, r: F.cross_entropy(x, t, weight=weight, reduction=r, label_smoothing=smoothing)
    both("crossEntropy", sure, labels, entropy, options, "labels ")
    both("crossEntropy", sure, hot, entropy, options, "one-hot ")
    both("crossEntropy", sure, soft, entropy, options, "shares ")
    sequences = numbers(ROWS, 2, 4, first=90)
    places = torch.stack([labels, labels.flip(0)], dim=1)
    both("crossEntropy", [("sequences", sequences)], places, lambda x, t, r: entropy(x.transpose(1, 2), t, r), options)
    # Sample weights multiply; the mean stays that over class weights, or over rows.
    counted = lambda x, t: (
        (F.cross_entropy(x, t, weight=weight, reduction="none", label_smoothing=smoothing) * sample).sum()
        / (ROWS if weight is None else weight[t].sum())
    )
    case("crossEntropy", logits, labels, counted, options, sample_weight=sample, name="labels ")


def focal(x, t, gamma, alpha):
    log = F.log_softmax(x, dim=-1)
    return (-alpha * t * torch.pow(-torch.expm1(log), gamma) * log).sum(-1)


for gamma, alpha in ((2.0, 1.0), (0.5, 0.25), (0.0, 1.0), (3.0, weights)):
    options = {"gamma": gamma, "alpha": alpha if isinstance(alpha, float) else alpha.tolist()}
    plain = sure if gamma >= 1 else sure[:1]  # A root of 1 − p = 0 has no slope in f64 either.
    both("focal", plain, labels, lambda x, t, r: reduce(focal(x, F.one_hot(t, 4), gamma, alpha), r), options, "labels ")
    both("focal", [("", logits)], soft, lambda x, t, r: reduce(focal(x, t, gamma, alpha), r), options, "shares ")


def categorical_hinge(x, t):
    right = (t * x).sum(-1)
    wrong = ((1 - t) * x).amax(-1)
    return torch.relu(wrong - right + 1)


for weight in (None, weights):
    options = {} if weight is None else {"classWeights": weight.tolist()}

    def hinges(x, t, r):
        of_rows = torch.ones(ROWS) if weight is None else (t * weight).sum(-1)
        total = (categorical_hinge(x, t) * of_rows).sum()
        return total / of_rows.sum() if r == "mean" else total

    both("categoricalHinge", sure, labels, lambda x, t, r: hinges(x, F.one_hot(t, 4), r), options, "labels ")
    both("categoricalHinge", sure, soft, hinges, options, "shares ")

for t in (soft, hot):
    both(
        "klDivergence",
        sure,
        t,
        lambda x, t, r: F.kl_div(F.log_softmax(x, dim=-1), t, reduction="batchmean" if r == "mean" else "sum"),
        name="shares " if t is soft else "one-hot ",
    )

# Yes or no.
answers = (numbers(ROWS, 4, first=200) > 0).double()
chances = single(torch.sigmoid(numbers(ROWS, 4, first=150)))
positive = torch.tensor([3.0, 0.5, 1.0, 0.0])
for note, t in (("answers ", answers), ("chances ", chances)):
    for weight in (1.0, 2.5, positive):
        options = {"positiveWeight": weight if isinstance(weight, float) else weight.tolist()}
        pos = torch.as_tensor(weight)
        both(
            "binaryCrossEntropy",
            sure,
            t,
            lambda x, t, r: F.binary_cross_entropy_with_logits(x, t, pos_weight=pos, reduction=r),
            options,
            note,
        )
    both(
        "binaryCrossEntropy",
        sure,
        t,
        lambda x, t, r: F.binary_cross_entropy_with_logits(x, t * 0.75 + 0.125, reduction=r),
        {"labelSmoothing": 0.25},
        note,
    )

    def binary_focal(x, t, gamma, alpha):
        doubt = t * torch.sigmoid(-x) + (1 - t) * torch.sigmoid(x)
        entropy = F.binary_cross_entropy_with_logits(x, t, reduction="none")
        return (t * alpha + (1 - t) * (1 - alpha)) * torch.pow(doubt, gamma) * entropy

    for gamma, alpha in ((2.0, 0.25), (0.5, 0.5), (0.0, 0.75), (1.0, 0.25)):
        both(
            "binaryFocal",
            sure,
            t,
            lambda x, t, r: reduce(binary_focal(x, t, gamma, alpha), r),
            {"gamma": gamma, "alpha": alpha},
            note,
        )

for note, t in (("of −1 and 1 ", 2 * answers - 1), ("of 0 and 1 ", answers)):
    side = 2 * answers - 1
    both("hinge", sure, t, lambda x, t, r: reduce(torch.relu(1 - side * x), r), name=note)
    both("squaredHinge", sure, t, lambda x, t, r: reduce(torch.relu(1 - side * x) ** 2, r), name=note)

# Likelihoods.
counts = torch.tensor([[0.0, 1.0, 2.0], [5.0, 0.0, 17.0], [1.0, 1.0, 100.0], [3.0, 2.0, 0.0], [0.5, 8.0, 1.5], [4.0, 0.0, 1.0]])
rates = single(torch.exp(numbers(ROWS, 3)))
deep = numbers(ROWS, 3)
deep[0] = torch.tensor([-LARGE, LARGE, 20.0])
for full in (False, True):
    both(
        "poisson",
        [("", numbers(ROWS, 3)), ("extremes", deep)],
        counts,
        lambda x, t, r: F.poisson_nll_loss(x, t, log_input=True, full=full, reduction=r),
        {"full": full},
    )
    both(
        "poisson",
        [("rates", rates)],
        counts,
        lambda x, t, r: F.poisson_nll_loss(x, t, log_input=False, full=full, eps=2**-20, reduction=r),
        {"full": full, "logInput": False, "epsilon": 2**-20},
    )
    pairs = torch.stack([numbers(ROWS, 3), numbers(ROWS, 3, first=30)], dim=-1)
    far = pairs.clone()
    far[0, 0] = torch.tensor([LARGE, -8.0])
    far[1, 1] = torch.tensor([1.0, LARGE])
    both(
        "gaussianNegativeLogLikelihood",
        [("", pairs), ("extremes", far)],
        target,
        lambda x, t, r: F.gaussian_nll_loss(x[..., 0], t, torch.exp(x[..., 1]), full=full, reduction=r),
        {"full": full},
    )
    spread = torch.stack([pairs[..., 0], single(torch.exp(pairs[..., 1]))], dim=-1)
    spread[0, 0, 1] = 2**-12
    spread[1, 1, 1] = 2**-16
    both(
        "gaussianNegativeLogLikelihood",
        [("variances", spread)],
        target,
        lambda x, t, r: F.gaussian_nll_loss(x[..., 0], t, x[..., 1], full=full, eps=2**-14, reduction=r),
        {"full": full, "logVariance": False, "epsilon": 2**-14},
    )

# Directions and distances.
both(
    "cosineSimilarity",
    [("", logits), ("extremes", with_extremes(logits))],
    numbers(ROWS, 4, first=300),
    lambda x, t, r: reduce(-F.cosine_similarity(x, t, dim=-1), r),
)
distances = numbers(ROWS, 1, first=20).abs()
distances[0] = LARGE
pairs = torch.tensor([[1.0], [0.0], [1.0], [0.0], [1.0], [0.0]])
for margin in (1.0, 2.5):
    both(
        "contrastive",
        [("", distances)],
        pairs,
        lambda d, t, r: reduce(0.5 * (t * d**2 + (1 - t) * torch.relu(margin - d) ** 2), r),
        {"margin": margin},
    )


def triplets(f):
    return lambda x, r: f(x[:, 0], x[:, 1], x[:, 2], r)


kinds = {
    "euclidean": lambda m: triplets(lambda a, p, n, r: F.triplet_margin_loss(a, p, n, margin=m, reduction=r)),
    "manhattan": lambda m: triplets(lambda a, p, n, r: F.triplet_margin_loss(a, p, n, margin=m, p=1, reduction=r)),
    "squaredEuclidean": lambda m: triplets(
        lambda a, p, n, r: reduce(torch.relu(((a - p) ** 2).sum(-1) - ((a - n) ** 2).sum(-1) + m), r)
    ),
    "cosine": lambda m: triplets(
        lambda a, p, n, r: F.triplet_margin_with_distance_loss(
            a, p, n, margin=m, reduction=r, distance_function=lambda u, v: 1 - F.cosine_similarity(u, v, dim=-1)
        )
    ),
}
faces = numbers(ROWS, 3, 5, first=400)
for kind, make in kinds.items():
    for margin in (1.0, 0.25):
        for note, x in (("", faces), ("extremes", with_extremes(faces))):
            for r in ("mean", "sum") if note == "" else ("mean",):
                options = {"margin": margin, "distance": kind, **({"reduction": "sum"} if r == "sum" else {})}
                case("triplet", x, None, lambda x: make(margin)(x, r), options, name=note)

# Sequences.
TIME = 9
spelled = torch.tensor([[1, 2, 3, -1], [2, 2, 2, 1], [3, -1, -1, -1], [-1, -1, -1, -1], [1, 3, 1, 3], [2, 1, -1, -1]])
sounds = numbers(ROWS, TIME, 5, first=500)
loud = with_extremes(sounds)
lengths = (spelled >= 0).sum(1)


def ctc(x, t, r, blank=0, zero_infinity=False):
    return F.ctc_loss(
        F.log_softmax(x, dim=-1).transpose(0, 1),
        t.clamp(min=0),
        torch.full((ROWS,), x.shape[1]),
        (t >= 0).sum(1),
        blank=blank,
        reduction=r,
        zero_infinity=zero_infinity,
    )


both("ctc", [("", sounds), ("extremes", loud)], spelled, ctc)
both("ctc", [("", sounds), ("extremes", loud)], spelled, lambda x, t, r: ctc(x, t, r, blank=4), {"blank": 4})
both(
    "ctc",
    [("too short", sounds[:, :4])],
    spelled,
    lambda x, t, r: ctc(x, t, r, zero_infinity=True),
    {"zeroInfinity": True},
)
long = numbers(ROWS, 40, 12, first=700, scale=6.0)
words = torch.tensor([[(row * 5 + i * 3) % 11 + 1 if i < 15 - row else -1 for i in range(15)] for row in range(ROWS)])
both("ctc", [("long", long)], words, ctc)

print(json.dumps({"torch": torch.__version__, "tensors": tensors, "cases": cases}, separators=(",", ":")))
