"""A data scientist's program: a classifier of texts, and its reasons."""

import os
from collections.abc import Sequence

import mitseq


def train(path: str | os.PathLike[str]) -> mitseq.SentimentClassifier:
    """Trains on a table of texts with labels."""
    data = mitseq.read_texts(path)
    classifier = mitseq.SentimentClassifier(cell=None, buckets=2**16)
    return classifier.fit(data.texts, data.labels)


def reasons(
    classifier: mitseq.SentimentClassifier, texts: Sequence[str]
) -> dict[str, str]:
    """Returns the label of each text; prints which words spoke for it."""
    labels: list[str] = classifier.predict(texts).tolist()
    for text in texts:
        print(classifier.explain(text).ansi())
    return dict(zip(texts, labels, strict=True))


def main(path: str) -> float:
    try:
        classifier = train(path)
    except mitseq.MitseqError as error:
        raise SystemExit(str(error)) from error
    reasons(classifier, ["good film", "bad food"])
    return classifier.score(["a good trip"], ["pos"])


if __name__ == "__main__":
    print(main("reviews.csv"))
