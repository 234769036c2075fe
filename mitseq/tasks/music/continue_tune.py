"""A tune goes on where the user's ends.

Slide: Lecture 2, "Music Generation" (docs/slides.md#music). The whole tune is
the prompt: the model has read it when it writes the next note, so what comes
is in its key and meter. Read prompts.py and generate.py before.
"""

import keras

from mitseq.arguments import check_kind
from mitseq.errors import MitseqError
from mitseq.tasks.music.generate import GeneratedTunes, generate_tunes
from mitseq.tunes.normalize import normalize
from mitseq.tunes.notation import pieces
from mitseq.tunes.tokens import header_fields, scan


def continue_tune(
    model: keras.Model, abc: str, count: int = 1, **sampling
) -> GeneratedTunes:
    r"""Returns a tune with what a model writes behind it.

    A tune that is whole gets a further section; one that breaks off inside a
    section, or inside a bar, goes on from there.

    Args:
        model: A model of `build_music_model`, trained.
        abc: One tune in ABC, with its key.
        count: Positive int: how many ways to go on.
        **sampling: `temperature`, `top_k`, `top_p`, `seed`, `device` of
            `generate_tunes`.

    Returns:
        The tunes. Each begins with the notes of the given one.

    Raises:
        MitseqError: if the tune cannot be read, its bars do not add up, or the
            model has never seen such a meter.
        GenerationError: if the model cannot go on from there.

    Example:

    >>> from mitseq.tasks.music.model import load_music_model
    >>> abc = "M:6/8\nL:1/8\nK:D\n|:d2f a2f|g2e faf:|\n"
    >>> (tune,) = continue_tune(load_music_model(), abc, seed=3)
    >>> tune.key, tune.meter, tune.check()
    ('D', '6/8', [])
    """
    check_kind(str, "be the ABC of one tune", abc=abc)
    fields = {letter for letter, _, _ in header_fields(scan(abc))}
    if "K" not in fields:
        raise MitseqError(
            "a tune to go on with must have its key, a line K:. "
            f"Received: {abc[:40]!r}."
        )
    return generate_tunes(model, count, prompt=beginning_of(abc), **sampling)


def beginning_of(abc: str) -> str:
    r"""Returns a tune as the beginning of a longer one.

    What ends it becomes what ends a section.

    Example:

    >>> beginning_of("M:2/4\nL:1/8\nK:D\n|:d2A2|d4:|\n").split("\n")[-1]
    '|:d2A2|d4::'
    >>> beginning_of("M:2/4\nL:1/8\nK:D\nd2A2|d4|]\n").split("\n")[-1]
    'd2A2|d4||'
    >>> beginning_of("M:2/4\nL:1/8\nK:D\nd2A2|d").split("\n")[-1]
    'd2A2|d'
    """
    try:
        tokens = pieces(normalize(abc).rstrip("\n"))
    except MitseqError:  # it breaks off inside a bar: that is for the prompt
        return abc.rstrip()
    whole = abc.rstrip().endswith(("]", ":", ":|", "||"))
    last = tokens.pop()
    if not whole:  # `normalize` closed it
        kept = abc.rstrip().endswith("|")
        tokens += ["|"] if kept else []
    elif last.startswith(":"):
        tokens.append("::" if last == ":|" else "||")
    else:
        tokens.append("||")
    return "".join(tokens)
