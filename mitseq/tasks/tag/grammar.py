"""Sentences with their tags, written by rules: what to learn from without data.

A rule says of what a part of a sentence consists, as `S -> NP VP .`: parts in
capitals, words of a list in angles, and words with their tag. Many words stand
in several lists, "flies" as a noun and as a verb, so what stands before and
after it decides. Made-up words with the endings of their kind ("brinkness",
"stoudly") take the place of some: so a model learns to tell an unknown word by
its ending.

The pattern of a sentence is the sequence of its tags. An eighth of all patterns
stands in no training sentence: what is measured on those is what was
understood, not remembered. `EVERYDAY` are sentences that no training has.
"""

import zlib
from collections.abc import Sequence

import numpy as np

from mitseq.errors import MitseqError
from mitseq.tasks.tag import lexicon as words_of
from mitseq.tasks.tag.rules import RULES
from mitseq.tasks.tag.sentences import Sentence, Treebank

COUNT, HELD_OUT = 24_000, 1_500  # sentences
DEEPEST = 9  # parts within parts; from there on the first choice of a rule
MADE_UP = 0.10  # share of words that are made up, where a list allows it
EVERYDAY = tuple(
    Sentence(tuple(words.split()), tuple(tags.split()))
    for words, tags in (
        (
            "Time flies like an arrow",
            "NOUN VERB ADP DET NOUN",
        ),
        (
            "Fruit flies like a banana",
            "NOUN NOUN VERB DET NOUN",
        ),
        (
            "I saw her with a saw .",
            "PRON VERB PRON ADP DET NOUN PUNCT",
        ),
        (
            "Can you open the can ?",
            "AUX PRON VERB DET NOUN PUNCT",
        ),
        (
            "She will book a flight to Paris .",
            "PRON AUX VERB DET NOUN ADP PROPN PUNCT",
        ),
        (
            "The book is on the table .",
            "DET NOUN AUX ADP DET NOUN PUNCT",
        ),
        (
            "I do n't like cold coffee .",
            "PRON AUX PART VERB ADJ NOUN PUNCT",
        ),
        (
            "They want to visit us before the visit ends .",
            "PRON VERB PART VERB PRON ADP DET NOUN VERB PUNCT",
        ),
        (
            "The old man walks slowly to the park .",
            "DET ADJ NOUN VERB ADV ADP DET NOUN PUNCT",
        ),
        (
            "Please close the door when you leave .",
            "INTJ VERB DET NOUN SCONJ PRON VERB PUNCT",
        ),
        (
            "My brother has never been in London .",
            "PRON NOUN AUX ADV AUX ADP PROPN PUNCT",
        ),
        (
            "We play football and watch a play on Sunday .",
            "PRON VERB NOUN CCONJ VERB DET NOUN ADP PROPN PUNCT",
        ),
        (
            "If it rains , we stay at home .",
            "SCONJ PRON VERB PUNCT PRON VERB ADP NOUN PUNCT",
        ),
        (
            "The light in the kitchen is too bright .",
            "DET NOUN ADP DET NOUN AUX ADV ADJ PUNCT",
        ),
        (
            "That dog knows that I am late .",
            "DET NOUN VERB SCONJ PRON AUX ADJ PUNCT",
        ),
    )
)


def pattern_of(tags: Sequence[str]) -> str:
    """Returns the pattern of a sentence: its tags, one after the other."""
    return " ".join(tags)


def is_held_out(tags: Sequence[str]) -> bool:
    """Tells whether a pattern stands in no training sentence.

    Example:

    >>> is_held_out(["DET", "NOUN"]), is_held_out(["NOUN", "VERB"])
    (True, False)
    """
    return zlib.crc32(pattern_of(tags).encode()) % 8 == 0


def write_sentences(
    count: int, seed=0, *, held_out: bool | None = False
) -> list[Sentence]:
    """Writes sentences with their tags.

    Args:
        count: How many.
        seed: Another seed, other sentences.
        held_out: Whether their patterns are held out; None for any.

    Raises:
        MitseqError: if `count` is not positive.

    Example:

    >>> sentence = write_sentences(1)[0]
    >>> len(sentence.words) == len(sentence.tags)
    True
    """
    if count < 1:
        raise MitseqError(
            f"`count` must be at least 1. Received: count={count}."
        )
    everyday = {_key(sentence) for sentence in EVERYDAY}
    writer = _Writer(seed)
    found = []
    while len(found) < count:
        sentence = writer.sentence()
        if not sentence.words or _key(sentence) in everyday:
            continue
        if held_out is None or is_held_out(sentence.tags) == held_out:
            found.append(sentence)
    return found


def grammar_treebank(count: int = COUNT, seed: int = 0) -> Treebank:
    """Returns sentences of the grammar; those to judge by are of new patterns.

    Args:
        count: How many to learn from.
        seed: Another seed, other sentences.
    """
    held = [write_sentences(HELD_OUT, [seed, i], held_out=True) for i in (1, 2)]
    return Treebank(write_sentences(count, [seed, 0]), *held)


def _key(sentence):
    """The words alone: the end is not what makes a sentence another one."""
    pairs = zip(sentence.words, sentence.tags, strict=True)
    return tuple(word.lower() for word, tag in pairs if tag != "PUNCT")


class _Writer:
    """Draws sentences."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.rules = {name: _choices(text) for name, text in RULES.items()}

    def sentence(self) -> Sentence:
        pairs = self.part("SENTENCE", 0)
        words = [word for word, _ in pairs]
        words = self.spelled(words, [tag for _, tag in pairs])
        return Sentence(tuple(words), tuple(tag for _, tag in pairs))

    def one(self, items: Sequence):
        """One of several things."""
        return items[int(self.rng.integers(len(items)))]

    def part(self, name: str, depth: int) -> list[tuple[str, str]]:
        """The words and tags of a part, by one of its rules."""
        choices, shares = self.rules[name]
        chosen = 0
        if depth < DEEPEST:
            chosen = int(np.searchsorted(shares, self.rng.random()))
        found = []
        for piece in choices[chosen]:
            if piece.endswith("?") and piece[:-1] in self.rules:
                piece = piece[:-1]
                if depth >= DEEPEST or self.rng.random() < 0.5:
                    continue
            if piece in self.rules:
                found += self.part(piece, depth + 1)
            elif piece.startswith("<"):
                found.append(self.word(piece[1:-1]))
            else:
                found.append(tuple(piece.rsplit("/", 1)))
        return found

    def word(self, name: str) -> tuple[str, str]:
        """A word of a list, or one that is made up."""
        tag, words, ending = LISTS[name]
        if callable(words):
            return words(self), tag
        if ending and self.rng.random() < MADE_UP:
            kind, change = ending
            return change(self.made_up(kind)), tag
        return self.one(words), tag

    def made_up(self, kind: str) -> str:
        """A word that nobody knows, with an ending that its kind has."""
        stem = self.stem()
        if self.rng.random() < 0.3:
            stem += self.stem()
        bare = 0.0 if kind == "adv" else 0.3
        if self.rng.random() < bare:
            return stem
        ending = self.one(words_of.ENDINGS[kind])
        prefix = ""
        if kind == "adj" and self.rng.random() < 0.2:
            prefix = self.one(("un", "in", "non", "over"))
        if kind == "verb" and self.rng.random() < 0.3:
            prefix = self.one(("re", "dis", "over", "un"))
        return f"{prefix}{stem}{ending}"

    def stem(self) -> str:
        """A syllable that sounds like one."""
        return (
            self.one(words_of.ONSETS)
            + self.one(words_of.MIDDLES)
            + self.one(words_of.CLOSES)
        )

    def spelled(self, words: list[str], tags: list[str]) -> list[str]:
        """The words as they are written in a sentence."""
        for i, word in enumerate(words):
            after = words[i + 1] if i + 1 < len(words) else ""
            if word == "a" and after[:1].lower() in "aeiou" and after:
                words[i] = "an"
            if word == "i" and tags[i] == "PRON":
                words[i] = "I"
        style = self.rng.random()
        if style < 0.06:
            return [word.lower() for word in words]
        if style < 0.075:
            return [word.upper() for word in words]
        for i, word in enumerate(words):
            if word.isalpha() or tags[i] != "PUNCT":
                words[i] = word[:1].upper() + word[1:]
                break
        return words


def _choices(text):
    """The choices of a rule, and where each ends on a line from 0 to 1."""
    lines = [line.split() for line in text.strip().split("\n")]
    weights = np.cumsum([float(line[0]) for line in lines])
    return [line[1:] for line in lines], weights / weights[-1]


def _forms(verbs, form):
    return tuple(form(verb) for verb in verbs)


def _digits(writer):
    kind = int(writer.rng.integers(4))
    most = (10, 100, 1000, 100_000)[kind]
    number = int(writer.rng.integers(1, most))
    return f"{number:,}" if writer.rng.random() < 0.5 else str(number)


def _acronym(writer):
    length = int(writer.rng.integers(1, 5))
    return "".join(writer.one("ABCDEFGHIJLMNOPRSTUVW") for _ in range(length))


def _made_up_name(writer):
    return writer.made_up("name").capitalize()


def _link(writer):
    return f"{writer.one(('http://www.', 'www.'))}{writer.stem()}.com"


def _same(word):
    return word


def _verb_lists():
    """The forms of each list of verbs: "vt", "vts", "vtd", "vtg", "vtn"."""
    names = {
        "vt": (words_of.TRANSITIVE, "vt vts vtd vtg vtn"),
        "vi": (words_of.INTRANSITIVE, "vi vis vid vig vin"),
        "vl": (words_of.LINKING, "vl vls vld - -"),
        "say": (words_of.SAYING, "vsay vsays vsaid - -"),
        "want": (words_of.WISHING, "vwant vwants vwanted - -"),
        "ask": (words_of.ASKING, "vask vasks vasked - -"),
        "give": (words_of.GIVING, "vgive vgives vgave - -"),
        "try": (words_of.DOING, "vtry vtries vtried - -"),
        "part": (words_of.PARTICLE_VERBS, "vpart vparts vpartd - -"),
    }
    forms = (
        _same,
        words_of.third_person,
        words_of.past,
        words_of.gerund,
        words_of.participle,
    )
    found = {}
    for kind, (verbs, lists) in names.items():
        for name, form in zip(lists.split(), forms, strict=True):
            if name != "-":
                ending = ("verb", form) if kind in ("vt", "vi") else None
                found[name] = ("VERB", _forms(verbs, form), ending)
    return found


_COMPARED = [pair.split() for pair in words_of.COMPARED.values()]
_MADE_UP_NAME = ("name", str.capitalize)

# list -> tag, its words or who makes one, how a made-up word looks
LISTS = {
    **_verb_lists(),
    "vprtls": ("VERB", ("gets", "wakes", "stands", "sits", "grows"), None),
    "up": ("ADP", ("up", "down", "out", "off"), None),
    "vadj": (
        "VERB",
        _forms(words_of.TRANSITIVE, words_of.participle),
        ("verb", words_of.participle),
    ),
    "noun": ("NOUN", words_of.NOUNS, ("noun", _same)),
    "nouns": (
        "NOUN",
        _forms(words_of.NOUNS, words_of.plural),
        ("noun", words_of.plural),
    ),
    "mass": ("NOUN", words_of.MASS, ("noun", _same)),
    "always_many": ("NOUN", words_of.ALWAYS_MANY, None),
    "first_noun": ("NOUN", words_of.FIRST_PARTS, ("noun", _same)),
    "org_noun": ("PROPN", words_of.ORGANIZATIONS, _MADE_UP_NAME),
    "time": ("NOUN", words_of.TIMES, None),
    "times": ("NOUN", _forms(words_of.TIMES, words_of.plural), None),
    "ampm": ("NOUN", ("am", "pm", "a.m.", "p.m."), None),
    "adj": ("ADJ", words_of.ADJECTIVES, ("adj", _same)),
    "adjer": ("ADJ", [pair[0] for pair in _COMPARED], None),
    "adjest": ("ADJ", [pair[1] for pair in _COMPARED], None),
    "nation": ("ADJ", words_of.NATIONS, ("nation", str.capitalize)),
    "ordinal": ("ADJ", words_of.ORDINALS, None),
    "many": ("ADJ", ("many", "few", "several", "more", "most", "other"), None),
    "manner": ("ADV", words_of.MANNER, ("adv", _same)),
    "place_adverb": ("ADV", words_of.PLACE_ADVERBS, None),
    "time_adverb": ("ADV", words_of.TIME_ADVERBS, None),
    "before": ("ADV", words_of.BEFORE_VERB, ("adv", _same)),
    "degree": ("ADV", words_of.DEGREE, ("adv", _same)),
    "sentence_adverb": ("ADV", words_of.SENTENCE_ADVERBS, ("adv", _same)),
    "prep": ("ADP", words_of.PREPOSITIONS, None),
    "particle": ("ADP", words_of.PARTICLES, None),
    "sub": ("SCONJ", words_of.SUBORDINATORS, None),
    "modal": ("AUX", words_of.MODALS, None),
    "cc": ("CCONJ", words_of.COORDINATORS, None),
    "det1": ("DET", words_of.SINGULAR_DETERMINERS, None),
    "detm": ("DET", words_of.PLURAL_DETERMINERS, None),
    "poss": ("PRON", words_of.POSSESSIVES, None),
    "pron1": ("PRON", words_of.SINGULAR_PRONOUNS, None),
    "pronmany": ("PRON", words_of.PLURAL_PRONOUNS, None),
    "pronany": ("PRON", ("i", "you", "he", "she", "it", "we", "they"), None),
    "pronobj": ("PRON", words_of.OBJECT_PRONOUNS, None),
    "greeting": ("INTJ", words_of.GREETINGS, None),
    "first": ("PROPN", words_of.FIRST_NAMES, _MADE_UP_NAME),
    "last": ("PROPN", words_of.LAST_NAMES, _MADE_UP_NAME),
    "city": ("PROPN", words_of.CITIES, _MADE_UP_NAME),
    "country": ("PROPN", words_of.COUNTRIES, _MADE_UP_NAME),
    "place_name": (
        "PROPN",
        (*words_of.CITIES, *words_of.COUNTRIES),
        _MADE_UP_NAME,
    ),
    "month": ("PROPN", words_of.MONTHS, None),
    "day": ("PROPN", words_of.DAYS, None),
    "title": ("PROPN", words_of.TITLES, None),
    "org": ("PROPN", words_of.ORGANIZATIONS, _MADE_UP_NAME),
    "langs": ("PROPN", words_of.LANGUAGES, None),
    "made_up_name": ("PROPN", _made_up_name, None),
    "acronym": ("PROPN", _acronym, None),
    "number": ("NUM", words_of.NUMBERS, None),
    "digits": ("NUM", _digits, None),
    "decimal": ("NUM", lambda w: f"{w.rng.uniform(0, 99):.1f}", None),
    "year": ("NUM", lambda w: str(w.rng.integers(1850, 2030)), None),
    "clock": (
        "NUM",
        lambda w: f"{w.rng.integers(1, 13)}:{w.rng.integers(10, 60)}",
        None,
    ),
    "date": ("NUM", tuple(map(str, range(1, 32))), None),
    "link": ("X", _link, None),
}
