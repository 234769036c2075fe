"""How well a music model knows tunes that it has never seen.

The code length in bits per character (training/code_length.py), and what its
samples are worth: what share the checker accepts, and what is copied.
"""

from collections.abc import Sequence

import keras

from mitseq.errors import MitseqError
from mitseq.tasks.music.generate import generate_tunes
from mitseq.tasks.music.model import vocabulary_of
from mitseq.tasks.music.rows import encode_tunes
from mitseq.training.code_length import CodeLength
from mitseq.tunes.copying import body_of, is_copy, longest_run, training_text


def bits_per_character(
    model: keras.Model,
    tunes: Sequence[str],
    code_length: CodeLength | None = None,
) -> float:
    """Returns the code length of normalized tunes over their characters.

    Args:
        model: A music model.
        tunes: Normalized tunes that the model was not trained on.
        code_length: The `CodeLength` of the model, if there is one already;
            to compile another takes seconds.

    Returns:
        Total bits, each tune's end included, by total characters.

    Raises:
        MitseqError: if there is no tune.
    """
    if not tunes:
        raise MitseqError(
            "`tunes` must hold at least one tune to evaluate. Received: none."
        )
    encoded = encode_tunes(vocabulary_of(model), tunes)
    code_length = code_length or CodeLength(model)
    return code_length(encoded) / sum(map(len, tunes))


def evaluate_music_model(
    model: keras.Model,
    tunes: Sequence[str],
    *,
    samples: int = 0,
    train_tunes: Sequence[str] = (),
    seed: int = 0,
) -> dict:
    """Measures a music model on held-out tunes and on its own samples.

    Args:
        model: A music model.
        tunes: Normalized tunes that the model was not trained on.
        samples: Number of unfiltered samples to draw, at temperature 1.
        train_tunes: Normalized tunes that it was trained on; a sample may
            repeat one.
        seed: Of the samples.

    Returns:
        A dict of `bits_per_character`, `tunes`, `characters`, and with
        samples of `samples`, `accepted` (the share that our checker accepts),
        `copied` (the share that repeats training tunes, see
        `mitseq.tunes.copying`) and `longest_copied_run` (characters).

    Raises:
        MitseqError: if there is no tune or `samples` is negative.
    """
    if samples < 0:
        raise MitseqError(
            f"`samples` must not be negative. Received: samples={samples!r}."
        )
    result = {
        "bits_per_character": bits_per_character(model, tunes),
        "tunes": len(tunes),
        "characters": sum(map(len, tunes)),
    }
    if not samples:
        return result
    drawn = generate_tunes(model, samples, seed=seed, unchecked=True).tunes
    accepted = [not tune.check() for tune in drawn]
    training = training_text(train_tunes)
    bodies = [body_of(tune.abc) for tune in drawn]
    runs = [longest_run(body, training) for body in bodies]
    copies = list(map(is_copy, bodies, runs))
    return result | {
        "samples": samples,
        "accepted": sum(accepted) / samples,
        "copied": sum(copies) / samples,
        "longest_copied_run": max(runs),
    }
