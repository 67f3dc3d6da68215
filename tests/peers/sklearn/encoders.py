"""What scikit-learn makes of incomplete, skewed and textual data: writes encoders.json, which the tests read.

    /usr/bin/python3 tests/peers/sklearn/encoders.py
"""

import json
import pathlib

import numpy
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import RobustScaler

random = numpy.random.default_rng(13)
rows = numpy.round(random.standard_cauchy((23, 3)) * [1, 50, 1e4], 3)
rows[:, 1] = numpy.round(rows[:, 1] / 40)  # of which some are equal
holes = random.uniform(size=rows.shape) < 0.25
incomplete = numpy.where(holes, numpy.nan, rows)

imputed = {
    strategy: SimpleImputer(strategy=strategy, **more).fit_transform(incomplete).tolist()
    for strategy, more in (("mean", {}), ("median", {}), ("most_frequent", {}), ("constant", {"fill_value": -7.5}))
}
scaled = {
    json.dumps(quantiles): RobustScaler(quantile_range=tuple(100 * q for q in quantiles)).fit_transform(rows).tolist()
    for quantiles in ([0.25, 0.75], [0.1, 0.95])
}

texts = [
    "Free entry in 2 a wkly comp to win FA Cup final",
    "U dun say so early hor... U c already then say...",
    "Nah I don't think he goes to usf, he lives around here though",
    "FREE free Free! Win a cup; win TWO cups",
    "ok",
    "says so, says he: so say I",
]
ENGLISH = r"(?u)[^\W]+"
settings = {
    "counts": (CountVectorizer, {}),
    "counts of pairs": (CountVectorizer, dict(ngram_range=(1, 2), min_df=2)),
    "counts of characters": (CountVectorizer, dict(analyzer="char", ngram_range=(2, 3), min_df=4)),
    "binary": (CountVectorizer, dict(binary=True, max_df=0.4)),
    "tfIdf": (TfidfVectorizer, {}),
    "tfIdf of pairs": (TfidfVectorizer, dict(ngram_range=(1, 2), sublinear_tf=True)),
    "tfIdf l1": (TfidfVectorizer, dict(norm="l1", smooth_idf=False)),
    "tfIdf of case": (TfidfVectorizer, dict(norm=None, lowercase=False)),
}
written = []
for name, (make, options) in settings.items():
    vectorizer = make(token_pattern=ENGLISH, **options)
    matrix = vectorizer.fit_transform(texts).toarray()
    unseen = vectorizer.transform(["win a free cup final, say", "nothing known"]).toarray()
    written.append(
        dict(
            name=name,
            names=vectorizer.get_feature_names_out().tolist(),
            matrix=matrix.tolist(),
            unseen=unseen.tolist(),
        )
    )

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(
    json.dumps(
        dict(
            rows=rows.tolist(),
            incomplete=[[None if numpy.isnan(x) else x for x in row] for row in incomplete],
            imputed=imputed,
            scaled=scaled,
            texts=texts,
            written=written,
        )
    )
    + "\n"
)
