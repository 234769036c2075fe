r"""From a user's wishes to the text that a tune has to begin with.

A normalized tune begins with "M:6/8\nL:1/8\nK:D\n", so a wish for a key or a
meter is a piece of prompt, and so are the notes that a tune is to open with.
What stands before a wish and was not wished, the model writes itself.

Read tunes/normalize.py before and generate.py after this file.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

from mitseq.arguments import check_text, is_int, received, wrong
from mitseq.errors import MitseqError
from mitseq.tunes.check import judge
from mitseq.tunes.events import Problem
from mitseq.tunes.keys import parse_key
from mitseq.tunes.melody import read_melody
from mitseq.tunes.notation import (
    default_unit,
    is_bar_line,
    parse_meter,
    parse_unit,
    split_meter,
)
from mitseq.tunes.reader import read_events
from mitseq.tunes.repeats import explicit_repeats
from mitseq.tunes.sections import form, sections
from mitseq.tunes.tokens import field_value, scan

# In the order in which a normalized tune has them, and what they are called.
FIELDS = {"M": "meter", "L": "unit", "K": "key"}
_DEFAULTS = {"M": "M:4/4\n", "L": "L:1/8\n", "K": "K:C\n"}
_HEADER_LINE = re.compile(r"[A-Za-z+]:(?![|:])|%|\s*$")
_NOTHING = "have notes or one of the fields M:, L:, K:"
_UNFINISHED = "too few notes"  # the problem that the model mends by going on
_MUSIC = ("note", "rest", "tuplet", "tie")  # bar lines may be joined by others
_NO_SIGNS = set("IJKNQRWhijklmnopqrstw")  # letters that ABC gives no meaning


@dataclasses.dataclass(frozen=True)
class Compass:
    """The lowest and the highest note that a tune may have, as written.

    Example:

    >>> compass = read_compass("G,:b")
    >>> compass.has("^g2"), compass.has("c'"), compass.has("F,")
    (True, False, False)
    """

    lowest: int  # steps of the staff: C is 0, c is 7
    highest: int
    text: str

    def has(self, piece: str) -> bool:
        """Returns whether a note, as a normalized tune has it, is inside."""
        return self.lowest <= staff_step(piece) <= self.highest

    def __str__(self) -> str:
        return self.text


def read_compass(text: str) -> Compass:
    """Reads two notes with a colon between, as in `G,:b`.

    Raises:
        MitseqError: if they are none, or stand the wrong way round.
    """
    match = re.fullmatch(r"\s*([A-Ga-g][,']*)\s*:\s*([A-Ga-g][,']*)\s*", text)
    if match:
        lowest, highest = map(staff_step, match.groups())
        if lowest <= highest:
            return Compass(lowest, highest, f"{match[1]}:{match[2]}")
    raise MitseqError(
        "`range` must be the lowest and the highest note in ABC, such as "
        f"G,:b. Received: range={text[:40]!r}."
    )


def read_form(text: str) -> str:
    """Reads a form: sections in the order of their letters, once or twice.

    Raises:
        MitseqError: if it is no such form.

    Example:

    >>> read_form("aabb")
    'AABB'
    """
    form = text.strip().upper()
    if (
        not re.fullmatch(r"([A-H])\1?(?:([A-H])\2?)*", form)
        or [*dict.fromkeys(form)] != list("ABCDEFGH"[: len(set(form))])
        or any(
            form.count(letter) > 2 or letter * form.count(letter) not in form
            for letter in form
        )
    ):
        raise MitseqError(
            "`form` must be sections in the order of their letters, each "
            "played once or twice, such as AABB, AAB or ABC. "
            f"Received: form={text[:40]!r}."
        )
    return form


def staff_step(piece: str) -> int:
    """Returns the step of the staff on which a note stands, 0 for C.

    Example:

    >>> staff_step("^F,2"), staff_step("c'")
    (-4, 14)
    """
    letter = re.search("[A-Ga-g]", piece)[0]
    octaves = piece.count("'") - piece.count(",") + letter.islower()
    return "CDEFGAB".index(letter.upper()) + 7 * octaves


@dataclasses.dataclass(frozen=True)
class Wish:
    r"""How a tune has to begin.

    Example:

    >>> wish = read_wish(key="D major", meter="C|", prompt="d2 A2 | B")
    >>> wish.fields
    {'M': 'M:2/2\n', 'K': 'K:D\n'}
    >>> wish.missing
    ['L']
    >>> wish.text({"L": "L:1/8\n"})
    'M:2/2\nL:1/8\nK:D\nd2A2|B'
    """

    fields: dict[str, str]  # some of the header's lines, by their letter
    body: str = ""  # the first notes as the user wrote them
    bars: int | None = None  # of each section
    form: str = ""  # as it is played
    compass: Compass | None = None  # which notes there may be
    rhythm: tuple[str, ...] = ()  # of the first bars, see `rhythm_of`

    @property
    def missing(self) -> list[str]:
        """The fields that the model has to write before what is wished."""
        behind = [k in self.fields for k in FIELDS] + [bool(self.body)]
        return [
            k
            for i, k in enumerate(FIELDS)
            if k not in self.fields and any(behind[i:])
        ]

    def text(self, written: dict[str, str]) -> str:
        """Returns the beginning of a tune in the spelling of the models.

        `written` are the lines of the `missing` fields.
        """
        header = self._header(written)
        return header + "".join(e.piece for e in self._read(header)[1])

    def problems(self, written: dict[str, str]) -> list[Problem]:
        """Returns the bars of the body that do not add up under a header.

        Its last bar may be unfinished. `written` is as for `text`.
        """
        if not self.body:
            return []
        # The rest belongs to the unfinished bar: the one in which it stands.
        reading, events = self._read(self._header(written), more="z")
        unfinished = events[-1].bar + reading.first_bar
        return [p for p in judge(reading, events) if p.bar < unfinished]

    def unmet(self, tune: str) -> str | None:
        r"""Returns why a whole tune is not what was wished, or None.

        Its header must have the wished fields and its body must not change
        them, and it must begin with the wished notes.

        Example:

        >>> read_wish(meter="3/4").unmet("M:3/4\nM:6/8\nL:1/8\nK:D\nd6|]\n")
        'another meter than M:3/4'
        """
        if self == Wish({}):
            return None
        reading = read_events(tune)
        if reading.key is None or reading.meter is None:
            return "no meter or no key"
        lines = dict(zip(FIELDS, _lines_of(reading), strict=True))
        for k, line in self.fields.items():
            if lines[k] != line:
                return f"another {FIELDS[k]} than {line.strip()}"
            if any(FIELDS[k] in change.reason for change in reading.changes):
                return f"the {FIELDS[k]} changes from {line.strip()}"
        if self.body:
            wished = self._read(self._header({**lines, **self.fields}))[1]
            wished = [e.piece for e in wished if e.kind in _MUSIC]
            music = [e.piece for e in reading.events if e.kind in _MUSIC]
            if music[: len(wished)] != wished:
                return "the last note of the prompt became another"
        return (
            self._unmet_form(tune)
            or self._unmet_compass(reading)
            or self._unmet_rhythm(reading)
        )

    def _unmet_form(self, tune):
        if not self.bars and not self.form:
            return None
        try:
            melody = read_melody(tune)
        except MitseqError as error:  # an unchecked sample
            return str(error)
        parts = sections(melody)
        if self.bars and any(part.size != self.bars for part in parts):
            return f"a section that has not {self.bars} bars"
        if self.form and form(melody, parts) != self.form:
            return f"another form than {self.form}"
        return None

    def _unmet_compass(self, reading):
        if self.compass is None:
            return None
        pieces = (e.piece for e in reading.events if e.kind == "note")
        if any(not self.compass.has(piece) for piece in pieces):
            return f"a note outside {self.compass}"
        return None

    def _unmet_rhythm(self, reading):
        found = rhythm_of([e.piece for e in reading.events])
        if found[: len(self.rhythm)] != self.rhythm:
            return "another rhythm at the beginning"
        return None

    @property
    def plays(self) -> tuple[int, ...] | None:
        """How often each section of the wished form is played."""
        if not self.form:
            return None
        return tuple(self.form.count(x) for x in dict.fromkeys(self.form))

    def _header(self, written):
        fields = {**self.fields, **written}
        return "".join(fields[k] for k in FIELDS if k in fields)

    def _read(self, header, more=""):
        reading = read_events(header + self.body + more)
        events, _ = explicit_repeats(reading.events) if self.body else ([], [])
        return reading, events


def rhythm_of(
    tokens: Iterable[str], bars: int | None = None
) -> tuple[str, ...]:
    r"""Returns the rhythm of the first bars: each note a `d` of its length.

    Args:
        tokens: What stands behind the header of a normalized tune.
        bars: How many; None for all.

    Returns:
        Notes, rests, tuplet signs and ties; every bar line told as `|`, also
        two that stand side by side, and none before the first note.

    Example:

    >>> rhythm_of(["|:", "A", "|", "(3", "B", "c", "d", "-", "d4", "::"], 1)
    ('d', '|')
    >>> rhythm_of(["|:", "(3", "B", "^c", "d", "-", "d4", ":|", "|:", "z3/2"])
    ('(3', 'd', 'd', 'd', '-', 'd4', '|', 'z3/2')
    """
    found: list[str] = []
    for token in tokens:
        if token == "\n" or (bars is not None and found.count("|") == bars):
            break
        if not is_bar_line(token):
            is_note = token.strip("^_=")[0] in "abcdefgABCDEFG"
            length = token.lstrip("^_=abcdefgABCDEFG,'")
            found.append(f"d{length}" if is_note else token)
        elif found and found[-1] != "|":
            found.append("|")
    return tuple(found)


def read_wish(
    prompt: str | None = None,
    key: str | None = None,
    meter: str | None = None,
    *,
    form: str | None = None,
    bars: int | None = None,
    range: str | None = None,
) -> Wish:
    """Reads what a user wishes: a prompt, a key, a meter, as people write them.

    Of a prompt's header, titles and other fields are passed over. `form`,
    `bars` and `range` are as of `generate_tunes`.

    Raises:
        MitseqError: if one of them cannot be read, the bars of the prompt do
            not add up, or the wishes contradict each other.
    """
    check_text(prompt=prompt, key=key, meter=meter, form=form, range=range)
    header, body = _split_prompt(prompt or "")
    fields = {k: _header_line(k, value) for k, value in header.items()}
    for k, value, name in (("K", key, "key"), ("M", meter, "meter")):
        if value is None:
            continue
        line = _header_line(k, value)
        if fields.setdefault(k, line) != line:
            raise MitseqError(
                f"`{name}` and the {k}: of `prompt` must agree. Received: "
                f"{name}={value!r} and {fields[k].strip()!r}."
            )
    if prompt is not None and not fields and not body:
        raise _wrong_prompt(_NOTHING, prompt)
    if bars is not None and not (is_int(bars) and 1 <= bars <= 64):
        must = "be an int from 1 to 64, the bars of each section"
        raise wrong("bars", must, bars)
    wish = Wish(
        {k: fields[k] for k in FIELDS if k in fields},
        body,
        bars,
        "" if form is None else read_form(form),
        None if range is None else read_compass(range),
    )
    if body:
        _check_body(wish)
    return wish


def is_header_line(field: str, text: str) -> bool:
    r"""Tells whether a text is a field's line as normalized tunes have it.

    Example:

    >>> is_header_line("K", "K:Ador\n"), is_header_line("K", "K:a dorian\n")
    (True, False)
    """
    try:
        return text[:2] == f"{field}:" and _header_line(field, text[2:]) == text
    except MitseqError:
        return False


def _lines_of(reading):
    """The header's lines of a tune that has all of them."""
    (top, bottom), unit = reading.meter, reading.unit
    yield f"M:{top}/{bottom}\n"
    yield f"L:{unit.numerator}/{unit.denominator}\n"
    yield f"K:{reading.key}\n"


def _split_prompt(prompt):
    lines = prompt.lstrip("\ufeff").splitlines(keepends=True)
    header = {}
    while lines and "K" not in header and _HEADER_LINE.match(lines[0]):
        line = lines.pop(0)
        if line[0] in FIELDS:
            value = field_value(line.strip())
            if header.setdefault(line[0], value) != value:
                must = f"have one {line[0]}:"
                raise _wrong_prompt(must, prompt)
    body = "".join(lines)
    if body.strip() and "M" in header and "L" not in header:
        # the rule of ABC: the unit that a tune without L: has
        unit = default_unit(parse_meter(header["M"]))
        header["L"] = f"{unit.numerator}/{unit.denominator}"
    return header, body if body.strip() else ""


def _header_line(field, value):
    if field == "K":
        return f"K:{parse_key(value)}\n"
    if field == "L":
        unit = parse_unit(value)
        return f"L:{unit.numerator}/{unit.denominator}\n"
    meter = split_meter(value)
    if meter is None:
        raise MitseqError(
            "`meter` must be a meter, since every bar is checked against it. "
            f"Received: meter={received(value)}."
        )
    return f"M:{meter[0]}/{meter[1]}\n"


def _check_body(wish):
    defaults = {k: v for k, v in _DEFAULTS.items() if k not in wish.fields}
    reading, events = wish._read(wish._header(defaults))
    if word := _word(wish.body):
        must = f"be ABC notation: {word!r} is none"
        raise _wrong_prompt(must, wish.body)
    lost = [p for p in reading.mendable if "before no note" in p.reason]
    for problem in [*reading.problems, *reading.changes, *lost]:
        if _UNFINISHED not in problem.reason:
            must = f"be the ABC of one tune: {problem.reason}"
            raise _wrong_prompt(must, wish.body)
    if not events:
        raise _wrong_prompt(_NOTHING, wish.body)
    if not wish.missing:
        for problem in wish.problems({}):
            bar = f"bar {problem.bar}: {problem.reason}"
            raise _wrong_prompt(f"have bars that add up: {bar}", wish.body)


def _word(body):
    """The first word that has a letter without a meaning in ABC, or ""."""
    lines = body.splitlines()
    for kind, content, line, column in scan("K:C\n" + body):
        if kind == "decoration" and content in _NO_SIGNS:
            words = re.finditer(r"[^\W\d_]+", lines[line - 2])
            return next(m[0] for m in words if m.end() >= column)
    return ""


def _wrong_prompt(must: str, prompt: str) -> MitseqError:
    return MitseqError(
        f"`prompt` must {must}. Received: prompt={prompt[:40]!r}."
    )
