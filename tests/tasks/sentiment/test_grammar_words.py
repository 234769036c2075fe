import re

from mitseq.tasks.sentiment.grammar_words import (
    BLAME,
    DOMAINS,
    EMBEDDED,
    EVERYONE,
    PEOPLE,
    PRAISE,
)


def words(texts):
    return {word for text in texts for word in re.findall(r"\w+", text)}


def kinds():
    return [kind for domain in DOMAINS.values() for kind in domain.aspects]


def test_no_word_is_both_praise_and_blame():
    praise = set(PRAISE).union(*(kind.praise for kind in kinds()))
    blame = set(BLAME).union(*(kind.blame for kind in kinds()))
    assert not praise & blame
    assert len(praise) > 40 and len(blame) > 40


def test_what_stands_in_between_holds_no_opinion_and_no_word_that_decides():
    between = words(f.lower() for d in DOMAINS.values() for f in d.fillers)
    between |= words([*EMBEDDED, *PEOPLE, *EVERYONE])
    opinions = {*PRAISE, *BLAME}.union(*(k.praise + k.blame for k in kinds()))
    assert not between & opinions
    assert not between & {"not", "but", "although", "first", "second", "wrong"}


def test_lists_hold_nothing_twice_and_special_words_come_in_pairs():
    for domain in DOMAINS.values():
        names = [name for kind in domain.aspects for name in kind.names]
        for listed in (names, domain.fillers, domain.facts):
            assert len(set(listed)) == len(listed)
        assert all(len(kind.names) >= 2 for kind in domain.aspects)
        assert all(len(k.praise) == len(k.blame) for k in domain.aspects)
