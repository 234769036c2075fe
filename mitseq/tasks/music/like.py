r"""A wish read off a tune: another one like it.

Slide: Lecture 2, "Music Generation" (docs/slides.md#music). What is taken of
the tune are things that can be kept to and looked up afterwards: meter, unit
and key, form and bars, the lowest and the highest note, and the rhythm of the
first two bars. Its pitches are not.

Read prompts.py before and adds_up.py after this file.
"""

from fractions import Fraction

from mitseq.arguments import check_kind
from mitseq.errors import MitseqError
from mitseq.tasks.music.prompts import (
    FIELDS,
    Compass,
    Wish,
    read_form,
    rhythm_of,
    staff_step,
)
from mitseq.tunes.melody import Melody, read_melody
from mitseq.tunes.normalize import normalize
from mitseq.tunes.notation import pieces
from mitseq.tunes.sections import form, sections

BARS = 2  # whose rhythm is taken; a pickup comes on top


def wish_like(abc: str, own: Wish | None = None) -> Wish:
    r"""Returns the wish for another tune like a given one.

    Args:
        abc: One tune in ABC.
        own: What else is wished: it goes before what the tune has.

    Raises:
        MitseqError: if the tune cannot be read or its bars do not add up, or
            it has a form, or sections of several lengths, that cannot be
            wished.

    Example:

    >>> wish = wish_like("M:2/4\nL:1/8\nK:D\n|:d2A2|f3g|a4|d4:|\n")
    >>> wish.form, wish.bars, str(wish.compass), wish.rhythm
    ('AA', 4, 'A:a', ('d2', 'd2', '|', 'd3', 'd', '|'))
    """
    check_kind(str, "be the ABC of one tune", like=abc)
    own = own or Wish({})
    text = normalize(abc)
    tokens = pieces(text)
    header, music = tokens[: len(FIELDS)], tokens[len(FIELDS) :]
    fields = {line[0]: line for line in header}
    is_own = any(own.fields.get(k, fields[k]) != fields[k] for k in "ML")
    if is_own:  # the unit and the rhythm are those of the tune's meter
        del fields["L"]
    fields |= own.fields
    melody = read_melody(text)
    rhythm: tuple[str, ...] = ()
    if not is_own and not own.body:
        pickup = melody.bars[0].length < Fraction(*melody.meter)
        rhythm = rhythm_of(music, BARS + pickup)
    return Wish(
        {k: fields[k] for k in FIELDS if k in fields},
        own.body,
        own.bars or _bars(melody),
        own.form or _form(melody),
        own.compass or _compass(music),
        rhythm,
    )


def _bars(melody: Melody) -> int:
    sizes = [section.size for section in sections(melody)]
    if len(set(sizes)) > 1:
        raise MitseqError(
            "`like` must be a tune whose sections are equally long, or `bars` "
            "must say how long they shall be. Received: sections of "
            f"{', '.join(map(str, sizes))} bars."
        )
    return sizes[0]


def _form(melody: Melody) -> str:
    found = form(melody)
    try:
        return read_form(found)
    except MitseqError:
        raise MitseqError(
            "`like` must be a tune whose sections are played once or twice, "
            "each before the next, or `form` must say what the form shall be. "
            f"Received: a tune of the form {found}."
        ) from None


def _compass(music: list[str]) -> Compass:
    notes = [
        piece for piece in music if piece.strip("^_=")[0] in "abcdefgABCDEFG"
    ]
    lowest, highest = min(notes, key=staff_step), max(notes, key=staff_step)
    names = (piece.strip("^_=0123456789/") for piece in (lowest, highest))
    return Compass(staff_step(lowest), staff_step(highest), ":".join(names))
