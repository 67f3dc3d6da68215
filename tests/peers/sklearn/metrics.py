"""Writes metrics.json: scores by scikit-learn 1.2.1 of predictions that are written beside them.

    apt-get install -y python3-sklearn
    /usr/bin/python3 -W ignore tests/peers/sklearn/metrics.py && npx biome check --write tests/peers/sklearn/metrics.json
"""

import json
import pathlib

import numpy
import sklearn.metrics as metrics

random = numpy.random.default_rng(5)


def rounded(array):
    """Few digits, so that scores tie and the file stays small."""
    return numpy.round(array, 2)


def plain(value):
    return value.tolist() if hasattr(value, "tolist") else value


def classified(labels, said, weights, classes):
    """Scores of decisions: of each average, with and without weights."""
    found = {}
    averages = ["macro", "micro", "weighted", None] + (["binary"] if classes == 2 else [])
    for average in averages:
        for weighted, weight in (("", None), (" weighted rows", weights)):
            options = dict(average=average, sample_weight=weight)
            name = f"{average or 'none'}{weighted}"
            for division in (0, 1):
                key = f"{name} {division}"
                zero = dict(options, zero_division=division)
                found[f"precision {key}"] = plain(metrics.precision_score(labels, said, **zero))
                found[f"recall {key}"] = plain(metrics.recall_score(labels, said, **zero))
                found[f"f1 {key}"] = plain(metrics.f1_score(labels, said, **zero))
                found[f"fBeta {key}"] = plain(metrics.fbeta_score(labels, said, beta=2, **zero))
    for weighted, weight in (("", None), (" weighted rows", weights)):
        w = dict(sample_weight=weight)
        found[f"accuracy{weighted}"] = metrics.accuracy_score(labels, said, **w)
        found[f"balancedAccuracy{weighted}"] = metrics.balanced_accuracy_score(labels, said, **w)
        found[f"balancedAccuracy adjusted{weighted}"] = metrics.balanced_accuracy_score(labels, said, adjusted=True, **w)
        found[f"matthews{weighted}"] = metrics.matthews_corrcoef(labels, said, **w)
        for by in (None, "linear", "quadratic"):
            found[f"cohenKappa {by or 'none'}{weighted}"] = metrics.cohen_kappa_score(
                labels, said, weights=by, labels=range(classes), **w
            )
        for by in (None, "true", "pred", "all"):
            matrix = metrics.confusion_matrix(labels, said, labels=range(classes), normalize=by, **w)
            found[f"confusionMatrix {by or 'none'}{weighted}"] = plain(matrix)
        each = metrics.multilabel_confusion_matrix(labels, said, labels=range(classes), **w)
        found[f"specificity{weighted}"] = [m[0, 0] / (m[0, 0] + m[0, 1]) for m in each.astype(float)]
        found[f"report{weighted}"] = metrics.classification_report(
            labels, said, labels=range(classes), output_dict=True, zero_division=0, **w
        )
    return {name: json.loads(json.dumps(value, default=plain)) for name, value in found.items()}


rows = 40
weights = rounded(random.uniform(0, 3, rows))
cases = []

for classes, skew in ((2, 1.0), (3, 1.0), (5, 0.3)):
    shares = numpy.full(classes, 1.0)
    shares[-1] = skew
    labels = random.choice(classes, rows, p=shares / shares.sum())
    said = numpy.where(random.uniform(size=rows) < 0.6, labels, random.integers(0, classes, rows))
    cases.append(dict(classes=classes, labels=labels, predicted=said, scores=classified(labels, said, weights, classes)))
# A class that is never predicted, one that is never labeled, and one that is neither.
labels = random.choice([0, 1, 2], rows)
said = random.choice([0, 1, 3], rows)
with numpy.errstate(all="ignore"):
    cases.append(dict(classes=5, labels=labels, predicted=said, scores=classified(labels, said, weights, 5)))

ranked = []
for classes in (2, 4):
    labels = numpy.concatenate([numpy.arange(classes), random.integers(0, classes, rows - classes)])
    logits = rounded(random.normal(size=(rows, classes)) + 1.2 * numpy.eye(classes)[labels])
    shares = numpy.exp(logits) / numpy.exp(logits).sum(axis=1, keepdims=True)
    onehot = numpy.eye(classes)[labels]
    scores = {}
    for weighted, weight in (("", None), (" weighted rows", weights)):
        w = dict(sample_weight=weight)
        if classes == 2:
            # Differences of rounded logits tie.
            yes = numpy.round(logits[:, 1] - logits[:, 0], 1)
            scores[f"rocAuc{weighted}"] = metrics.roc_auc_score(labels, yes, **w)
            scores[f"prAuc{weighted}"] = metrics.average_precision_score(labels, yes, **w)
            for drop in (True, False):
                fpr, tpr, thresholds = metrics.roc_curve(labels, yes, drop_intermediate=drop, **w)
                scores[f"rocCurve {str(drop).lower()}{weighted}"] = [plain(fpr), plain(tpr), plain(thresholds[1:])]
            scores[f"precisionRecallCurve{weighted}"] = [
                plain(one) for one in metrics.precision_recall_curve(labels, yes, **w)
            ]
            scores[f"brierScore{weighted}"] = metrics.brier_score_loss(labels, shares[:, 1], **w)
        else:
            for average in ("macro", "weighted"):
                scores[f"rocAuc {average}{weighted}"] = metrics.roc_auc_score(
                    labels, shares, multi_class="ovr", average=average, **w
                )
                scores[f"prAuc {average}{weighted}"] = metrics.average_precision_score(
                    onehot, shares, average=average, **w
                )
            for k in (1, 2, 3):
                scores[f"topKAccuracy {k}{weighted}"] = metrics.top_k_accuracy_score(labels, shares, k=k, **w)
        scores[f"logLoss{weighted}"] = metrics.log_loss(labels, shares, **w)
    ranked.append(dict(classes=classes, labels=labels, logits=logits, probabilities=shares, scores=scores))
ranked[0]["yes"] = numpy.round(ranked[0]["logits"][:, 1] - ranked[0]["logits"][:, 0], 1)

regressions = []
for columns in (1, 3):
    targets = rounded(random.normal(3, 2, (rows, columns)))
    predicted = rounded(targets + random.normal(0, 1, (rows, columns)))
    scores = {}
    for weighted, weight in (("", None), (" weighted rows", weights)):
        w = dict(sample_weight=weight)
        scores[f"meanSquaredError{weighted}"] = metrics.mean_squared_error(targets, predicted, **w)
        scores[f"meanAbsoluteError{weighted}"] = metrics.mean_absolute_error(targets, predicted, **w)
        scores[f"meanAbsolutePercentageError{weighted}"] = metrics.mean_absolute_percentage_error(targets, predicted, **w)
        scores[f"rSquared{weighted}"] = metrics.r2_score(targets, predicted, **w)
    regressions.append(dict(targets=targets, predicted=predicted, scores=scores))

labeled = random.choice([0, 1], (rows, 4), p=[0.7, 0.3])
labeled[:, 3] = 0  # a label that no row has
shares = rounded(numpy.clip(0.6 * labeled + random.uniform(0, 0.6, labeled.shape), 0, 1))
multi = {}
for weighted, weight in (("", None), (" weighted rows", weights)):
    w = dict(sample_weight=weight)
    said = shares > 0.4
    for average in (None, "macro", "weighted", "micro"):
        name = average or "none"
        for ours, theirs in (
            ("f1", metrics.f1_score),
            ("precision", metrics.precision_score),
            ("recall", metrics.recall_score),
        ):
            multi[f"{ours} {name}{weighted}"] = theirs(labeled, said, average=average, zero_division=0, **w)
    multi[f"report{weighted}"] = metrics.classification_report(labeled, said, output_dict=True, zero_division=0, **w)
    multi[f"accuracy{weighted}"] = metrics.accuracy_score(labeled, said, **w)
multi = dict(labels=labeled, predicted=shares, scores=json.loads(json.dumps(multi, default=plain)))

path = pathlib.Path(__file__).with_suffix(".json")
everything = dict(weights=weights, cases=cases, multi=multi, ranked=ranked, regressions=regressions)
path.write_text(json.dumps(everything, default=plain, separators=(",", ":")) + "\n")
