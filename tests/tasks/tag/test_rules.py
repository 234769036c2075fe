"""Every rule leads to words."""

import re

from mitseq.tasks.tag.grammar import LISTS
from mitseq.tasks.tag.rules import RULES
from mitseq.tasks.tag.sentences import UPOS


def pieces():
    for name, text in RULES.items():
        for line in text.strip().split("\n"):
            weight, *found = line.split()
            assert int(weight) > 0, (name, line)
            yield from ((name, piece) for piece in found)


def test_every_piece_is_a_part_a_list_or_a_word_with_its_tag():
    for name, piece in pieces():
        if piece.rstrip("?") in RULES:
            continue
        if found := re.fullmatch(r"<(\w+)>", piece):
            assert found[1] in LISTS, (name, piece)
        else:
            assert piece.rpartition("/")[2] in UPOS, (name, piece)


def test_every_part_and_every_list_is_used():
    used = {piece for _, piece in pieces()}
    parts = {piece.rstrip("?") for piece in used}
    assert set(RULES) - parts == {"SENTENCE"}
    assert {f"<{name}>" for name in LISTS} <= used


def test_the_first_choice_of_a_part_comes_to_an_end():
    """Sentences that are deep take it, so it must not lead to itself."""

    def walk(name, above):
        assert name not in above, (*above, name)
        for piece in RULES[name].strip().split("\n")[0].split()[1:]:
            if piece in RULES:
                walk(piece, (*above, name))

    for name in RULES:
        walk(name, ())
