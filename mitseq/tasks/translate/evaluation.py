"""How good translations are, by the length of what was read.

Notes: "Machine Translation" (docs/slides.md#translation): long sentences
degrade where everything goes through one vector. chrF and BLEU are those of
sacrebleu, against all translations that are known of a sentence.
"""

from collections.abc import Sequence

import keras
import numpy as np

from mitseq.errors import MitseqError
from mitseq.tasks.translate.language import Made
from mitseq.tasks.translate.model import vocabularies_of
from mitseq.tasks.translate.pairs import Pair, as_pair, by_source
from mitseq.tasks.translate.rows import encode_pairs, pad
from mitseq.tasks.translate.train import batches_of
from mitseq.tasks.translate.translate import (
    BATCH_SIZE,
    BEAMS,
    cross_weights,
    translate,
)
from mitseq.text.vocabulary import PAD
from mitseq.text.words import WordIndex, cut_words, join_words
from mitseq.training.metrics import share_interval


def score(
    written: Sequence[str], references: Sequence[Sequence[str]]
) -> dict[str, float]:
    """Returns chrF and BLEU of a corpus, from 0 to 100.

    Args:
        written: The translations.
        references: For each of them all that are right.

    Raises:
        MitseqError: if sacrebleu is not installed.

    Example:

    >>> right = ["Tengo hambre.", "Estoy hambriento."]
    >>> round(score(["Tengo hambre."], [right])["chrf"])
    100
    """
    try:
        import sacrebleu
    except ImportError:
        raise MitseqError(
            "chrF and BLEU need sacrebleu: pip install 'mitseq[translate]'"
        ) from None
    most = max(map(len, references))
    # sacrebleu wants one list a rank: the first of each, the second, ...
    streams = [
        [row[i] if i < len(row) else None for row in references]
        for i in range(most)
    ]
    return {
        "chrf": sacrebleu.corpus_chrf(list(written), streams).score,
        "bleu": sacrebleu.corpus_bleu(list(written), streams).score,
    }


def word_accuracy(written: str, references: Sequence[str]) -> float:
    """Returns the share of words at their place, of the best reference.

    Of the longer of the two sentences; capital letters do not count.

    Example:

    >>> word_accuracy("lo kato", ["lo kato rasen"])
    0.6666666666666666
    """
    words = [word.lower() for word in cut_words(written)]
    shares = []
    for reference in references:
        truth = [word.lower() for word in cut_words(reference)]
        hits = sum(a == b for a, b in zip(words, truth, strict=False))
        shares.append(hits / max(len(words), len(truth), 1))
    return max(shares)


def evaluate_translation_model(
    model: keras.Model,
    pairs: Sequence[Pair],
    *,
    beams: int = BEAMS,
    length_penalty: float = 1.0,
) -> dict:
    """Measures a model on pairs that it has not learned from.

    Args:
        model: A model of translation.
        pairs: The pairs; those of one source count as one sentence.
        beams: As for `translate`, and so is `length_penalty`.

    Returns:
        "sentences"; "unknown" (the share of source words that the model
        lacks); "perplexity" (e to the mean loss of a word); "chrf", "bleu"
        (0 to 100); "exact" (the share of sentences that are one of the known
        translations, but for capital letters), its "exact_interval";
        "accuracy" (the share of words at their place) and "by_length", the
        same for each number of source words.

    Raises:
        MitseqError: if sacrebleu is not installed, or there is no pair.
    """
    known = by_source(pairs)
    if not known:
        raise MitseqError(
            "`pairs` must hold at least one pair. Received: none."
        )
    sources, references = list(known), list(known.values())
    score(["a"], [["a"]])  # says at once if sacrebleu is missing
    source_index, _ = map(WordIndex, vocabularies_of(model))
    written = [
        best.text if (best := each[0]) else ""
        for each in translate(
            model, sources, beams=beams, length_penalty=length_penalty
        )
    ]
    # both sides are spelled by one rule: words joined, sentences begun
    references = [
        [join_words(cut_words(text)) for text in each] for each in references
    ]
    cut = list(map(cut_words, sources))
    lacking = sum(
        word == source_index.unknown_id
        for words in cut
        for word in source_index.encode(words)
    )
    accuracies = [
        word_accuracy(text, right)
        for text, right in zip(written, references, strict=True)
    ]
    exact = [
        text.lower() in [each.lower() for each in right]
        for text, right in zip(written, references, strict=True)
    ]
    lengths = np.array([len(words) for words in cut])
    by_length = []
    for length in sorted(set(lengths.tolist())):
        rows = np.flatnonzero(lengths == length)
        chrf = score([written[i] for i in rows], [references[i] for i in rows])[
            "chrf"
        ]
        by_length.append(
            {
                "words": length,
                "sentences": len(rows),
                "chrf": chrf,
                "accuracy": float(np.mean([accuracies[i] for i in rows])),
                "exact": float(np.mean([exact[i] for i in rows])),
            }
        )
    return {
        "sentences": len(sources),
        "unknown": lacking / max(1, sum(map(len, cut))),
        "perplexity": perplexity(model, pairs),
        **score(written, references),
        "exact": float(np.mean(exact)),
        "exact_interval": share_interval(sum(exact), len(exact)),
        "accuracy": float(np.mean(accuracies)),
        "by_length": by_length,
    }


def perplexity(model: keras.Model, pairs: Sequence[Pair]) -> float:
    """Returns e to the mean loss of a word: among how many it hesitates."""
    nats, words = 0.0, 0
    batches = batches_of(model, pairs, BATCH_SIZE)
    loss = keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, ignore_class=PAD, reduction="sum"
    )
    for i in range(batches.steps):
        (sources, before), after = batches.batch(i)
        logits = model([sources, before], training=False)
        nats += float(loss(after, logits))
        words += int((after != PAD).sum())
    return float(np.exp(nats / words))


def alignment_accuracy(model: keras.Model, made: Sequence[Made]) -> dict:
    """Judges the attention on a language whose alignment is known.

    The right translation is given, and for each of its words the source word
    with the largest weight is compared with the one that it comes from.

    Args:
        model: A model with attention, of the language that is made up.
        made: From `write_sentences`.

    Returns:
        "words", "aligned" (the share) and its "interval".

    Raises:
        MitseqError: if the model has no attention.
    """
    source, target = map(WordIndex, vocabularies_of(model))
    hits = words = 0
    for at in range(0, len(made), BATCH_SIZE):
        part = made[at : at + BATCH_SIZE]
        rows = encode_pairs(source, target, [as_pair(each) for each in part])
        weights = cross_weights(
            model, pad([s for s, _ in rows]), pad([t[:-1] for _, t in rows])
        )
        for each, row in zip(part, weights, strict=True):
            looked = row[: len(each.alignment)].argmax(-1)
            hits += int((looked == np.array(each.alignment)).sum())
            words += len(each.alignment)
    return {
        "words": words,
        "aligned": hits / words,
        "interval": share_interval(hits, words),
    }
