import re

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.generation.generate import generate
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.tasks.music import generate as module
from mitseq.tasks.music.choice import CHOOSE_FROM
from mitseq.tasks.music.discriminator import build_discriminator
from mitseq.tasks.music.generate import (
    GenerationError,
    generate_tunes,
    rejection,
    sample_texts,
)
from mitseq.tasks.music.prompts import rhythm_of
from mitseq.text.vocabulary import END, START, Vocabulary
from mitseq.tunes.check import check
from mitseq.tunes.normalize import normalize
from mitseq.tunes.notation import PIECE, pieces
from mitseq.tunes.sections import form, sections
from tests.tasks.music.test_adds_up import TOKENS as RULED
from tests.tasks.music.test_adds_up import blind_model

layers = keras.layers
TOKENS = Vocabulary(RULED, "token", PIECE.pattern)

NOTES = ["d6", "A6", "B6", "f6", "e6"]
# What may follow what, and how often: a tune of bars that are one note long,
# good in 6/8 and too short in 4/4.
CHAIN = {
    "": {"M:6/8\n": 2, "M:4/4\n": 1},
    "M:6/8\n": {"L:1/8\n": 1},
    "M:4/4\n": {"L:1/8\n": 1},
    "L:1/8\n": {"K:D\n": 2, "K:Em\n": 1},
    "K:D\n": {"|:": 1},
    "K:Em\n": {"|:": 1},
    "K:G\n": {"|:": 1},
    "|:": dict.fromkeys(NOTES, 1),
    "|": dict.fromkeys(NOTES, 1),
    **{note: {"|": 3, ":|": 1} for note in NOTES},
    ":|": {"\n": 1},
    "\n": {},
}


def chain_model(chain):
    """A model that draws the next token by a table, whatever came before."""
    vocabulary = Vocabulary([t for t in chain if len(t) > 1])
    table = np.full((len(vocabulary),) * 2, -40, "float32")
    for token, following in chain.items():
        row = START if token == "" else vocabulary.encode([token])[0]
        for other, weight in following.items():
            table[row, vocabulary.encode([other])[0]] = np.log(weight)
        if not following:
            table[row, END] = 0
    ids = keras.Input((None,), dtype="int32")
    embedding = VocabularyEmbedding(
        vocabulary,
        len(vocabulary),
        embeddings_initializer=keras.initializers.Constant(table),
    )
    return keras.Model(ids, embedding(ids))


@pytest.fixture(scope="module")
def model():
    return chain_model(CHAIN)


@pytest.fixture(autouse=True)
def as_the_model_likes(request, monkeypatch):
    """These models know nothing but their table; adds_up.py has its tests."""
    if "adding_up" not in request.node.name:
        monkeypatch.setattr(module, "can_add_up", lambda vocabulary: False)


def test_every_tune_is_accepted_and_complete(model):
    result = generate_tunes(model, 12, seed=3)
    assert len(result) == len(result.tunes) == 12
    for number, tune in enumerate(result, start=1):
        assert tune.check() == []
        assert tune.meter == "6/8" and tune.key in ("D", "Em")
        assert tune.title == f"Tune {number}, seed 3"
        assert tune.abc.startswith(f"X:{number}\n")
    assert result[0].abc == result.tunes[0].abc


def test_rejected_candidates_are_counted_with_their_reasons(model):
    result = generate_tunes(model, 12, seed=3)
    assert result.rejected == sum(result.reasons.values()) > 0
    assert any("6/8 in a 4/4 tune" in r or "4/4" in r for r in result.reasons)


def test_tunes_of_one_run_differ(model):
    result = generate_tunes(model, 30, seed=1)
    assert len({normalize(tune.abc) for tune in result}) == 30
    assert result.reasons["the same tune again"] > 0


def test_same_seed_same_tunes(model):
    def run(seed):
        result = generate_tunes(model, 5, seed=seed)
        return [t.abc for t in result], result.rejected, result.reasons

    assert run(7) == run(7)
    assert run(7)[0] != run(8)[0]


def test_seed_that_was_drawn_is_told_and_writes_the_same_again(model):
    first = generate_tunes(model, 3)
    again = generate_tunes(model, 3, seed=first.seed)
    assert [t.abc for t in first] == [t.abc for t in again]
    assert generate_tunes(model, 3).seed != first.seed


def test_key_wish_leaves_meter_and_unit_to_the_model(model):
    result = generate_tunes(model, 6, key="E minor", seed=2)
    assert {tune.key for tune in result} == {"Em"}
    # the model wrote 4/4 too: such candidates were rejected
    assert result.rejected > 0


def test_key_that_the_model_never_writes(model):
    result = generate_tunes(model, 3, key="G major", seed=2)
    assert {tune.key for tune in result} == {"G"}


def test_meter_wish(model):
    result = generate_tunes(model, 10, meter="6/8", seed=2)
    assert {tune.meter for tune in result} == {"6/8"}
    assert set(result.reasons) <= {"the same tune again"}


def test_prompt_begins_every_tune(model):
    result = generate_tunes(model, 4, prompt="|: A6 | B6 |", seed=4)
    for tune in result:
        assert "|:A6|B6|" in normalize(tune.abc)
        assert tune.meter == "6/8"
    # headers under which the prompt's bars do not add up are not tried
    assert set(result.reasons) <= {"the same tune again"}


def test_prompt_with_header(model):
    result = generate_tunes(
        model, 2, prompt="M:6/8\nL:1/8\nK:Em\nd6|", seed=4, temperature=0.7
    )
    for tune in result:
        assert normalize(tune.abc).startswith("M:6/8\nL:1/8\nK:Em\n|:d6|")


def test_unchecked_returns_the_first_samples_as_they_are(model):
    result = generate_tunes(model, 80, unchecked=True, seed=3)
    assert len(result) == 80 and result.rejected == 0
    share = np.mean([tune.meter == "4/4" for tune in result])
    assert 0.15 < share < 0.55
    assert any(tune.check() for tune in result)
    texts = sample_texts(model, 80, seed=3)
    assert [rejection(t) is None for t in texts] == [
        tune.check() == [] for tune in result
    ]


def test_samples_are_the_model_s_own_text(model):
    for text in sample_texts(model, 5, seed=0):
        assert text.startswith("M:") and text.endswith(":|\n")


def test_sampling_arguments_reach_the_model(model):
    everything = set("".join(sample_texts(model, 40, seed=1)))
    assert set("dABfe") <= everything
    # the meter that is half as likely goes first
    for kwargs in ({"top_k": 1}, {"top_p": 0.6}, {"temperature": 0.05}):
        writer = module.Writer(
            model,
            module.Wish({"K": "K:D\n"}),
            seed=1,
            **{"temperature": 1.0, "top_k": None, "top_p": None, **kwargs},
        )
        assert {text[:6] for text in writer._beginnings(40)} == {"M:6/8\n"}


def test_model_that_never_writes_a_good_bar_is_given_up(model, monkeypatch):
    monkeypatch.setattr(module, "CANDIDATES", (30, 1))
    bad = {**CHAIN, "": {"M:4/4\n": 1}}
    with pytest.raises(
        GenerationError, match=r"only 0 of 2 tunes .* 32 candidates .*4/4"
    ):
        generate_tunes(chain_model(bad), 2, seed=0)


def test_model_that_never_ends_is_given_up(monkeypatch):
    monkeypatch.setattr(module, "CANDIDATES", (8, 0))
    monkeypatch.setattr(module, "MAX_LENGTH", 50)
    endless = {**CHAIN, **{note: {"|": 1} for note in NOTES}}
    with pytest.raises(GenerationError, match="8 x no end after 50 tokens"):
        generate_tunes(chain_model(endless), 1, seed=0)


def test_greedy_writes_one_tune_only(model):
    chain = {**CHAIN, **{note: {"|": 1, ":|": 3} for note in NOTES}}
    model = chain_model(chain)
    assert len(generate_tunes(model, 1, temperature=0)) == 1
    with pytest.raises(GenerationError, match="only 1 of 2.*7 x the same tune"):
        generate_tunes(model, 2, temperature=0)


def test_model_without_headers_cannot_meet_a_wish():
    headless = {**CHAIN, "": {"|:": 1}}
    with pytest.raises(GenerationError, match="no line M: for the header"):
        generate_tunes(chain_model(headless), 1, key="D")


def test_character_level():
    # the character at each place is drawn by itself: a tune with choices
    template = ["M:6/8\nL:1/8\nK:", "DGA", "\n|:", "dAB", "6|", "dAB", "6:|\n"]
    places = [
        choice
        for i, part in enumerate(template)
        for choice in ([part] if i % 2 else list(part))
    ]
    vocabulary = Vocabulary(sorted(set("".join(template))), level="character")
    table = np.full((len(places) + 1, len(vocabulary)), -40, "float32")
    for place, choice in enumerate(places):
        table[place, vocabulary.encode(choice)] = 0
    table[-1, END] = 0

    class PlaceCell(layers.Layer):
        state_size = 1
        output_size = 1

        def get_initial_state(self, batch_size):
            return [keras.ops.zeros((batch_size, 1), "int32")]

        def call(self, token, states):
            last = len(places)
            return states[0], [keras.ops.minimum(states[0] + 1, last)]

    class Place(layers.RNN):
        def call(self, sequences, initial_state=None):
            one = keras.ops.ones_like(sequences)
            place = keras.ops.cumsum(one, axis=1) - 1
            return keras.ops.minimum(place, len(places))[..., None]

        def compute_output_shape(
            self, sequences_shape, initial_state_shape=None
        ):
            return (*sequences_shape, 1)

    ids = keras.Input((None,), dtype="int32")
    unused = VocabularyEmbedding(vocabulary, len(vocabulary))(ids)
    place = Place(PlaceCell(), return_sequences=True, dtype="int32")(ids)
    x = layers.Embedding(
        *table.shape, embeddings_initializer=keras.initializers.Constant(table)
    )(place)[:, :, 0]
    model = keras.Model(ids, layers.Add()([x, unused]))
    result = generate_tunes(model, 6, seed=1)
    assert len({tune.abc for tune in result}) == 6
    result = generate_tunes(model, 3, key="G", seed=1)
    assert {tune.key for tune in result} == {"G"}
    result = generate_tunes(model, 2, prompt="|:B6|", key="D", seed=1)
    for tune in result:
        assert normalize(tune.abc).startswith("M:6/8\nL:1/8\nK:D\n|:B6|")
    with pytest.raises(MitseqError, match="unknown character 'F'"):
        generate_tunes(model, 1, key="F")


def test_device(model):
    result = generate_tunes(model, 2, seed=3, device="cpu")
    assert [t.abc for t in result] == [
        t.abc for t in generate_tunes(model, 2, seed=3)
    ]


def test_rejection_says_why():
    good = "M:6/8\nL:1/8\nK:D\n|:d6|A6:|\n"
    assert check(good) == [] and rejection(good) is None
    assert rejection(good.replace("A6", "A7")) == "7/8 in a 6/8 tune"
    assert "key" in rejection("|:d6|A6:|\n")
    assert rejection("")


@pytest.mark.parametrize(
    "change, match",
    [
        ({"count": 0}, "`count` must be a positive int. Received: count=0"),
        ({"count": -3}, "`count` must be"),
        ({"count": 1.5}, "`count` must be"),
        ({"temperature": -1}, "`temperature` must be"),
        ({"top_k": 0}, "`top_k` must be"),
        ({"top_p": 2}, "`top_p` must be"),
        ({"seed": "x"}, "`seed` must be"),
        ({"key": "X major"}, "`key` must be a tonic"),
        ({"meter": "5/5"}, "`meter` must be two numbers"),
        ({"prompt": "d2 ü"}, "unknown character 'ü'"),
        ({"device": "tpu"}, "`device` must be"),
    ],
)
def test_bad_arguments_are_named(model, change, match):
    with pytest.raises(MitseqError, match=match):
        generate_tunes(model, **change)


def test_model_of_another_kind_raises():
    ids = keras.Input((None,), dtype="int32")
    other = keras.Model(ids, layers.Embedding(5, 5)(ids))
    assert generate(other, [[1]], max_length=3)[0].shape == (1, 3)
    with pytest.raises(MitseqError, match="`model` must be a music model"):
        generate_tunes(other)


def fields_of(tune):
    """Every field from the first M: on, also those inside the tune."""
    return re.findall(r"[MLK]:[^\n\]]*", tune.abc)


def two_meters(second):
    """As `CHAIN`, but a second M: may follow the first; bars of both kinds."""
    chain = {**CHAIN, "M:6/8\n": {second: 3, "L:1/8\n": 1}}
    for note in ("d8", "A8"):
        chain[note] = {"|": 3, ":|": 1}
    chain["|"] = chain["|:"] = dict.fromkeys(("d6", "A6", "d8", "A8"), 1)
    return chain_model(chain)


def test_a_second_meter_that_the_model_writes_is_no_meter_of_the_wish():
    model = two_meters("M:4/4\n")
    result = generate_tunes(model, 5, meter="6/8", seed=1)
    for tune in result:
        assert fields_of(tune)[0] == "M:6/8"
        assert [f[0] for f in fields_of(tune)] == ["M", "L", "K"]
        assert check(tune.abc) == []
    assert result.reasons["another meter than M:6/8"] > 0


def test_unchecked_samples_meet_the_wishes_too():
    model = two_meters("M:4/4\n")
    result = generate_tunes(model, 9, meter="6/8", seed=1, unchecked=True)
    assert any(tune.check() for tune in result)
    for tune in result:
        assert fields_of(tune)[0] == "M:6/8" and "M:4/4" not in tune.abc
    assert result.rejected == result.reasons["another meter than M:6/8"] > 0


def test_a_field_amid_the_notes_of_a_sample_changes_no_wish(monkeypatch):
    # It is no field there, but would be one in the text that is laid out.
    monkeypatch.setattr(module, "CANDIDATES", (8, 0))
    chain = {**CHAIN, "d6": {"K:G\n": 1}, "|:": {"d6": 1}, "K:G\n": {"A6": 1}}
    chain["K:D\n"] = {"|:": 1}
    with pytest.raises(GenerationError, match="the key changes from K:D"):
        generate_tunes(chain_model(chain), key="D", unchecked=True, seed=1)


def test_a_wish_that_is_never_met_is_refused(monkeypatch):
    monkeypatch.setattr(module, "CANDIDATES", (8, 0))
    chain = {**CHAIN, "M:6/8\n": {"M:4/4\n": 1}, "|": {"d8": 1}}
    chain |= {"|:": {"d8": 1}, "d8": {"|": 1, ":|": 1}}
    for unchecked in (False, True):
        with pytest.raises(
            GenerationError, match="0 of 1 .*8 x another meter than M:6/8"
        ):
            generate_tunes(
                chain_model(chain), meter="6/8", unchecked=unchecked, seed=1
            )


@pytest.mark.parametrize(
    "wish, message",
    [
        ({"meter": "5/4"}, "`meter` must .*: 4/4, 6/8. Received: M:5/4"),
        ({"meter": "12/8"}, "`meter` must .*: 4/4, 6/8. Received: M:12/8"),
        ({"prompt": "M:3/4\nK:D\n"}, "`meter` must .* Received: M:3/4"),
        ({"prompt": "L:1/32\n"}, "`L:` must .*: 1/8. Received: L:1/32"),
    ],
)
def test_a_meter_that_the_model_never_saw_is_refused(model, wish, message):
    with pytest.raises(MitseqError, match=message):
        generate_tunes(model, **wish)


@pytest.mark.parametrize(
    "wish, line",
    [
        ({"meter": "C"}, "M:4/4"),
        ({"meter": " 4/4"}, "M:4/4"),
        ({"meter": "6/8"}, "M:6/8"),
        ({"key": "e minor"}, "K:Em"),
        ({"key": "E aeolian"}, "K:Em"),
        ({"key": "G ionian"}, "K:G"),
        ({"prompt": "M:C\nK:D\n"}, "M:4/4"),
    ],
)
def test_however_a_wish_is_spelled_the_text_has_it(wish, line):
    chain = {**CHAIN, **{f"{n}8": {"|": 3, ":|": 1} for n in "dAB"}}
    chain["|"] = chain["|:"] = {"d8": 3, "A8": 3, "B8": 1, "d6": 2, "A6": 1}
    for tune in generate_tunes(chain_model(chain), 3, seed=1, **wish):
        assert fields_of(tune).count(line) == 1
        assert [field[0] for field in fields_of(tune)] == ["M", "L", "K"]


def test_a_prompt_whose_last_note_became_another_is_not_kept():
    # the model may spell out that the prompt's last note is half as long
    halved = {"/": {"2": 1}, "2": {"d9/2": 1}, "A3": {"/": 2, "d3": 1}}
    halved["d3"] = halved["d9/2"] = {"|": 3, ":|": 1}
    model = chain_model({**CHAIN, **halved})
    result = generate_tunes(model, 5, prompt="|:A3", meter="6/8", seed=1)
    for tune in result:
        assert "|:A3d3" in normalize(tune.abc)
    assert result.reasons["the last note of the prompt became another"] > 0


def test_numbers_of_the_tunes_may_follow_those_of_an_earlier_run(model):
    result = generate_tunes(model, 2, seed=3)
    later = result.numbered(5)
    assert [tune.title for tune in later] == [
        "Tune 5, seed 3",
        "Tune 6, seed 3",
    ]
    assert [tune.abc[:4] for tune in later] == ["X:5\n", "X:6\n"]
    for tune, again in zip(result, later, strict=True):
        assert normalize(tune.abc) == normalize(again.abc)
    assert later.seed == 3 and later.reasons == result.reasons


@pytest.mark.parametrize(
    "sample",
    [
        "M:6/8\nL:1/8\nK:D\n|:d6|\n\nX:2\nK:G\ng6|\n",
        "M:6/8\nL:1/8\nK:D\n|:d6|\n\nM:4/4\nK:G\ng6|\n",
        "<d6\n\nM:4/4\nL:1/8\nK:G\ng6|\n",
    ],
)
def test_an_unchecked_sample_that_is_two_tunes_ends_with_the_first(sample):
    tune = module._tune(sample, 1, seed=1)
    assert tune.title == "Tune 1, seed 1"
    assert "d6" in tune.abc and "g6" not in tune.abc


def test_it_shows_how_many_are_written(model, progress_lines):
    sample_texts(model, 160, seed=0)
    assert progress_lines() == ["writing samples: 80%"]


def test_adding_up_meets_form_bars_and_range():
    model = blind_model(TOKENS)
    wishes = {"form": "AAB", "bars": 2, "range": "A:f"}
    result = generate_tunes(
        model, 4, seed=1, prompt="M:2/4\nL:1/8\nK:D", **wishes
    )
    for tune in result:
        assert form(tune.melody) == "AAB" and tune.check() == []
        parts = sections(tune.melody)
        assert [part.size for part in parts] == [2, 2]
        steps = [p.octave for b in tune.melody.bars for s in b.symbols
                 for p in s.pitches]  # fmt: skip
        assert set(steps) <= {4, 5}
    assert not {"^c'"} & {p for p in result[0].abc.split()}


def test_adding_up_is_left_out_where_it_is_not_wished():
    bare = generate_tunes(
        blind_model(TOKENS),
        6,
        seed=1,
        prompt="M:2/4\nL:1/8\nK:D",
        unchecked=True,
    )
    assert any(tune.check() for tune in bare)
    kept = generate_tunes(
        blind_model(TOKENS),
        6,
        seed=1,
        prompt="M:2/4\nL:1/8\nK:D",
        unchecked=True,
        adding_up=True,
    )
    assert sum(bool(tune.check()) for tune in kept) <= 1


def test_form_needs_a_model_of_tokens(model):
    with pytest.raises(MitseqError, match="`form`, `bars` and `like` need"):
        generate_tunes(model, form="AABB")


def test_adding_up_writes_tunes_like_another():
    like = "M:2/4\nL:1/8\nK:D\n|:A2-A(3d/2f/2d/2|f3d::d4|z2f2:|\n"
    result = generate_tunes(blind_model(TOKENS), 5, seed=2, like=like)
    bodies = [tune.abc.split("\n")[-2] for tune in result]
    for tune in result:
        assert form(tune.melody) == "AABB" and tune.check() == []
        assert [part.size for part in sections(tune.melody)] == [2, 2]
        pitches = {
            p.midi
            for b in tune.melody.bars
            for s in b.symbols
            for p in s.pitches
        }
        assert min(pitches) >= 69 and max(pitches) <= 79  # from A to f
        begun = rhythm_of(pieces(normalize(tune.abc))[3:], 2)
        assert begun == rhythm_of(pieces(like)[3:], 2)
    assert len(set(bodies)) == 5


def test_adding_up_follows_a_rhythm_as_far_as_there_are_tokens():
    like = "M:2/4\nL:1/8\nK:D\nd2A2|d3/2d5/2|d4|d4|]\n"  # no 5/2
    (tune,) = generate_tunes(blind_model(TOKENS), seed=2, like=like)
    begun = rhythm_of(pieces(normalize(tune.abc))[3:])
    assert begun[:3] == ("d2", "d2", "|")


@pytest.fixture
def likes_e_minor(monkeypatch):
    """A discriminator by which only tunes in E minor are a person's."""
    kinds = {"intervals": ["1"]}
    monkeypatch.setattr(
        "mitseq.tasks.music.discriminator.score_tunes",
        lambda _, tunes: np.array([100.0 * ("K:Em" in t) for t in tunes]),
    )
    return build_discriminator(kinds, units=2)


def test_of_several_tunes_the_discriminator_chooses(model, likes_e_minor):
    alone = generate_tunes(model, 8, seed=6)
    assert {tune.key for tune in alone} == {"D", "Em"}
    found = generate_tunes(model, 8, seed=6, discriminator=likes_e_minor)
    assert [tune.key for tune in found] == ["Em"] * 8
    assert found.passed_over == 8 * (CHOOSE_FROM - 1)
    assert alone.passed_over == 0
    again = generate_tunes(model, 8, seed=6, discriminator=likes_e_minor)
    assert [t.abc for t in again] == [t.abc for t in found]


def test_where_there_is_no_choice_one_tune_is_enough(
    model, likes_e_minor, monkeypatch
):
    monkeypatch.setattr(module, "CANDIDATES", (8, 1))
    found = generate_tunes(model, seed=5, discriminator=likes_e_minor)
    assert len(found) == 1 and not found[0].check()
    assert 0 <= found.passed_over < 9  # of nine candidates


def test_what_is_unchecked_is_not_chosen_from(model, likes_e_minor):
    with pytest.raises(MitseqError, match="Received: both"):
        generate_tunes(model, unchecked=True, discriminator=likes_e_minor)
    with pytest.raises(MitseqError, match="`choose_from` must be"):
        generate_tunes(model, discriminator=likes_e_minor, choose_from=0)
    with pytest.raises(MitseqError, match="must be a model that tells"):
        generate_tunes(model, discriminator=model)
