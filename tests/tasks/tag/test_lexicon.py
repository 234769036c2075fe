"""Forms by rule, and no list that holds something else."""

import pytest

from mitseq.tasks.tag import lexicon


@pytest.mark.parametrize(
    ("form", "pairs"),
    [
        (lexicon.plural, "city cities key keys wish wishes woman women"),
        (lexicon.third_person, "cry cries play plays do does kiss kisses"),
        (lexicon.past, "cry cried play played plan planned take took"),
        (lexicon.participle, "cry cried begin begun take taken"),
        (lexicon.gerund, "cry crying die dying agree agreeing make making"),
    ],
)
def test_forms_are_english(form, pairs):
    words = pairs.split()
    assert [form(w) for w in words[::2]] == words[1::2]


def test_irregular_and_doubled_ones_are_verbs_of_the_lists():
    verbs = {
        verb
        for name in (
            *("TRANSITIVE", "INTRANSITIVE", "LINKING", "SAYING", "WISHING"),
            *("ASKING", "GIVING", "DOING", "PARTICLE_VERBS"),
        )
        for verb in getattr(lexicon, name)
    }
    assert not set(lexicon.IRREGULAR) - verbs
    assert not set(lexicon.DOUBLED) - verbs
    assert not set(lexicon.COMPARED) - set(lexicon.ADJECTIVES)


def test_words_that_the_sentence_decides_stand_in_several_lists():
    both = set(lexicon.NOUNS) & set(lexicon.TRANSITIVE)
    assert {"book", "play", "saw", "can"} - both == {"can"}
    assert len(both) > 80
    assert "can" in lexicon.NOUNS and "can" in lexicon.MODALS
    assert "like" in lexicon.TRANSITIVE
