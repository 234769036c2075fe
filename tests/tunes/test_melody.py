"""Reading a tune: header, pitches, lengths, and what is refused."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.tunes.check import check
from mitseq.tunes.melody import accepted_melody, read_melody, why_not_drawn

HEAD = "X:1\nT:Test\nM:4/4\nL:1/4\nK:C\n"


def played(body, head=HEAD):
    """The letters of what is heard, sharps as capitals with #."""
    names = "C C# D D# E F F# G G# A A# B".split()
    sounds = read_melody(head + body + "\n").sounds()
    return "".join(names[sound.pitch % 12] for sound in sounds)


def test_accidentals_hold_until_the_bar_line_in_all_octaves():
    melody = read_melody(HEAD + "^F f F, =F|F f2 z|]\n")
    assert [s.pitch for s in melody.sounds()] == [66, 78, 54, 65, 65, 77]
    shown = [s.pitches[0].shown for s in melody.bars[0].symbols]
    assert shown == [True, True, True, True]


def test_key_signature_alters_notes():
    assert played("F B f ^e", HEAD.replace("K:C", "K:D")) == "F#BF#F"


def test_lengths_broken_rhythm_and_tuplets_add_up():
    melody = read_melody(HEAD + "A>B c<d|(3ABc A//B/4A/2A|]\n")
    lengths = [s.sounding for s in melody.bars[0].symbols]
    assert lengths == [Fraction(n, 8) for n in (3, 1, 1, 3)]
    triplet = melody.bars[1].symbols[:3]
    assert [s.sounding for s in triplet] == [Fraction(1, 6)] * 3
    assert [s.tuplet for s in triplet] == ["start", "inside", "stop"]


@pytest.mark.parametrize(
    ("field", "tempo"),
    [
        ("Q:1/4=90", 90),
        ("Q:3/8=100", 150),
        ('Q:"Lively" 1/2=60', 120),
        ("Q:1/8 1/8=60", 60),
        ("Q:80", 80),
        ("Q:1/4=99999", 184),  # no tempo; the usual one of 4/4
        ("Q:fast", 184),
        ("R:jig", 168),
    ],
)
def test_tempo(field, tempo):
    text = HEAD.replace("K:C", f"{field}\nK:C") + "CDEF|]\n"
    assert read_melody(text).tempo == tempo


def test_accepted_melody_takes_a_melody():
    melody = read_melody(HEAD + "C4|]\n")
    assert accepted_melody(melody) is melody


def test_a_voice_may_have_any_name():
    assert played("V:2\nC4|]") == "C"


def test_what_crosses_a_bar_line_is_heard_as_it_is_checked():
    melody = read_melody(HEAD + "A>|B(3c|de|]")
    lasting = [4 * s.sounding for bar in melody.bars for s in bar.symbols]
    third = Fraction(2, 3)
    assert lasting == [Fraction(3, 2), Fraction(1, 2), third, third, third]


def test_a_blank_line_ends_a_tune():
    assert played("C4|]\n\nD4|]") == "C"


def test_a_tune_without_a_meter_prints_none():
    melody = accepted_melody("X:1\nL:1/4\nK:C\nC4|]\n")
    assert melody.meter is None


def test_duration_counts_repeats():
    head = HEAD.replace("K:C", "Q:1/4=60\nK:C")
    assert read_melody(head + "|:CDEF:|\n").duration == 8.0


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "at least one note"),
        (HEAD + "z4|]\n", "at least one note"),
        (HEAD + "C4|]\nX:2\nK:C\nC4|]\n", "a second tune begins"),
        (HEAD + "C4|]\n\nX:2\nK:C\nC4|]\n", "a second tune begins"),
        (HEAD + "V:1\nC4|]\nV:2\nC4|]\n", "a tune has one"),
        (HEAD + "C4&E4|]\n", "a tune has one"),
        (HEAD + "C999|]\n", "at most 16 whole notes"),
        (HEAD + "C,,,,,,,4|]\n", "out of reach"),
        (HEAD + "{C,,,,,,,}C4|]\n", "out of reach"),
        (HEAD + "C0|]\n", "no length of a note"),
        (HEAD + "|:C64|C64:|" * 40, "at most 12 minutes"),
        (HEAD + "C4|" * 601, "at most 600 bars"),
        (HEAD + "C/3z/3D/3|]", "printed with heads"),
        ("X:1\nM:x\nK:C\nC|]\n", "`meter` must be"),
        ("X:1\nK:Q\nC|]\n", "`key` must be"),
    ],
)
def test_what_cannot_be_played_is_told_in_one_line(text, match):
    with pytest.raises(MitseqError, match=match) as caught:
        read_melody(text)
    assert "\n" not in str(caught.value)


def test_a_length_that_one_head_cannot_show_becomes_tied_heads():
    (sound, *_) = read_melody("X:1\nM:5/8\nL:1/8\nK:C\nA5|]\n").sounds()
    assert [name for name, _, _ in sound.parts] == ["n0", "n0b"]
    assert sound.parts[0][2] == sound.parts[1][1] == Fraction(1, 2)


@settings(deadline=2000, max_examples=300)
@given(st.text(alphabet="ABcdz|:[]12()3{}<>-^_=/,' \n\"!~KMLVQ&8", max_size=80))
def test_any_body_is_read_or_refused(body):
    try:
        melody = read_melody(HEAD + body)
    except MitseqError:
        return
    sounds = melody.sounds()
    assert sounds
    assert all(sound.start < sound.stop for sound in sounds)
    assert len(melody.order) < 20 * len(melody.bars)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("d63/32|]", "a length that can be printed"),
        ("d" * 101 + "|]", "at most 100 signs to be drawn. Received: 101 in b"),
        ("{gab}d " * 26 + "|]", "Received: 104 in bar 1"),
        ('"word"d ' * 51 + "|]", "Received: 102 in bar 1"),
        ("!trill!d" * 51 + "|]", "Received: 102 in bar 1"),
        ("^c_B" * 26 + "|]", "Received: 104 in bar 1"),
        ("[DFA]" * 34 + "|]", "Received: 102 in bar 1"),
        (("d" * 90 + "|") * 12 + "]", "1000 signs to be drawn. Received: 1080"),
        ("d8|" * 700 + "]", "at most 600 bars"),
    ],
)
def test_what_the_checker_accepts_and_nobody_draws_has_a_reason(body, why):
    text = f"M:none\nL:1/8\nK:D\n{body}\n"
    assert check(text) == []
    assert why in why_not_drawn(text)


def test_what_can_be_drawn_has_no_reason():
    assert why_not_drawn("M:none\nL:1/8\nK:D\n" + "d" * 100 + "|]\n") is None
    assert why_not_drawn("M:4/4\nL:1/8\nK:D\nV:2\nd8|]\n") is None
