r"""Texts whose next word a word far before decides, at a dialled distance.

Slides: Lecture 2, "A Sequence Modeling Problem: Predict the Next Word" and
"The Problem of Long-Term Dependencies". The grammar knows how the lecture's
sentences are made, but does not say them:

    language    France is where I grew up, but I now live in Boston. I speak
                fluent French.
    number      The clouds behind the old house near the ships are in ...
    place       The clouds are in the sky.
    activity    This morning I took my cat for a walk.

`distance` counts the words, and signs of punctuation, between the word that
decides (France, clouds) and the one that is to be known (French, are). Other
sentences, or other nouns, fill it up.

Some pairs of a word and a frame are held out (`is_held_out`), those of the
lecture among them: "cat" never stands in "I took my ... for a", "clouds" never
in "The ... are in", France never in "... is where I grew up". What there is to
say of them a model learns from other frames ("I fed my cat", "I saw the clouds
in the sky", "I was born in France"). So a right answer to `write_cases` is put
together, not remembered.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from mitseq.errors import MitseqError
from mitseq.tasks.words.lexicon import (
    ACTIVITIES,
    ADJECTIVES,
    ANIMALS,
    CARS,
    CITIES,
    CYCLES,
    LANGUAGES,
    NAMES,
    PLACES,
    PLURALS,
    RELATIVES,
    ROOMS,
)
from mitseq.text.words import cut_words, join_words

LECTURE = {
    "This morning I took my cat for a": "walk",
    "France is where I grew up, but I now live in Boston. I speak fluent": (
        "French"
    ),
    "The clouds are in the": "sky",
}
# frames of the kinds; the word that decides stands at the star
OPENINGS = (
    "* is where I grew up",
    "I grew up in *",
    "I was born in *",
    "I come from *",
    "My family is from *",
    "* is the home of my parents",
    "* is where I was born",
    "I went to school in *",
    "I am from *",
    "My parents still live in *",
    "I lived in * for ten years",
    "* is where I learned to read",
)
ENDINGS = (
    "I speak fluent",
    "At home we speak",
    "I still dream in",
    "My mother tongue is",
)
SUBJECT, TAKEN = "The * are in", "I took my * for a"
NUMBERS = (("is", "are"), ("was", "were"))
TIMES = ("this morning", "yesterday", "last night", "today", "on Monday")
PREPOSITIONS = ("near", "behind", "beside", "above", "under", "opposite")
KINDS = ("language", "number", "place", "activity")
SHARES = (0.56, 0.2, 0.12, 0.12)  # of the kinds among the texts
FACTS = 0.3  # so many texts are other sentences about the same words
NEAREST = {"language": 4, "number": 0}  # the kinds that have a distance
DISTANCE, SHORTEST = 20, 4  # the largest one of a text; the least largest one


@dataclasses.dataclass(frozen=True)
class Case:
    """A text up to the word that is to be known.

    Args:
        kind: One of `KINDS`.
        prompt: The text.
        answer: The word.
        rivals: Words of its sort, the answer among them.
        distance: Words between the one that decides and the answer.
        rest: What may follow the answer, to the end of the text.
    """

    kind: str
    prompt: str
    answer: str
    rivals: tuple[str, ...]
    distance: int
    rest: str = "."

    @property
    def text(self) -> str:
        """The whole text."""
        return join_words(cut_words(f"{self.prompt} {self.answer} {self.rest}"))


def is_held_out(frame: str, word: str) -> bool:
    """Tells whether a word never stands in a frame of the training texts.

    Each country is held out of one opening, and each opening lacks as many; of
    the four things of a place one is held out in the singular and one in the
    plural. So a guess among the held-out ones is as good as among all.

    Args:
        frame: One of `OPENINGS`, `TAKEN` or `SUBJECT`.
        word: One that fits.

    Example:

    >>> is_held_out("I took my * for a", "cat")
    True
    >>> is_held_out("I took my * for a", "pony")
    False
    """
    if frame in OPENINGS:
        return list(LANGUAGES).index(word) % len(OPENINGS) == OPENINGS.index(
            frame
        )
    if frame == TAKEN:
        (words,) = (group for group in ACTIVITIES.values() if word in group)
        return words.index(word) % 6 == 1
    if word in PLACES:
        return list(PLACES).index(word) % 4 == 2
    return list(PLURALS.values()).index(word) % 4 == 0


def write_texts(
    count: int, distance: int = DISTANCE, seed: int = 0
) -> list[str]:
    """Writes texts to learn from.

    Args:
        count: How many.
        distance: The largest one, 4 or more; they are drawn from 0 to it.
        seed: Another seed, other texts.

    Raises:
        MitseqError: if a number is out of its range.

    Example:

    >>> write_texts(1, distance=8)
    ['...']
    """
    if count < 1:
        raise MitseqError(
            f"`count` must be at least 1. Received: count={count}."
        )
    if distance < SHORTEST:
        raise MitseqError(
            f"`distance` must be at least {SHORTEST}. Received: "
            f"distance={distance}."
        )
    writer = _Writer(seed, held_out=False)
    return [writer.text(distance) for _ in range(count)]


def write_cases(
    kind: str,
    count: int,
    distance: int | None = None,
    seed: int = 0,
    *,
    held_out: bool = True,
) -> list[Case]:
    """Asks for words in frames in which no training text has them.

    Args:
        kind: One of `KINDS`.
        count: How many.
        distance: Just this one, for the kinds of `NEAREST`.
        seed: Another seed, other cases.
        held_out: Whether they are such frames; otherwise they are those of the
            training texts.

    Raises:
        MitseqError: if an argument is out of its range.

    Example:

    >>> case = write_cases("language", 1, distance=20)[0]
    >>> case.distance, len(case.rivals)
    (20, 12)
    """
    if kind not in KINDS:
        raise MitseqError(
            f"`kind` must be one of {KINDS}. Received: kind={kind!r}."
        )
    if kind in NEAREST:
        check_distance(distance, kind)
    writer = _Writer([seed, 1], held_out=held_out)
    return [writer.case(kind, distance) for _ in range(count)]


def distances_of(kind: str, most: int) -> list[int]:
    """Returns the distances of a kind up to the largest one.

    Example: between a noun and its verb there is no room for one or two words.

    >>> distances_of("number", 5), distances_of("language", 7)
    ([0, 3, 4, 5], [4, 5, 7])
    """
    # "." or " ..., but I now live in Boston." and then whole sentences
    gaps = {
        "number": lambda n: n == 0 or n >= 3,
        "language": lambda n: n in (4, 5) or n >= 7,
    }
    return [n for n in range(most + 1) if gaps[kind](n)]


def check_distance(distance: int | None, kind: str = "language") -> None:
    """Refuses a distance that no text has.

    Raises:
        MitseqError: if it is not one of `distances_of(kind, ...)`.
    """
    ok = isinstance(distance, int) and distance in distances_of(kind, distance)
    if not ok:
        raise MitseqError(
            "`distance` must be "
            + (
                "4, 5, or 7 or more"
                if kind == "language"
                else "0, or 3 or more"
            )
            + f", so that sentences fill it. Received: distance={distance!r}."
        )


# What may stand near another thing. With others, "the stars near the clouds are
# in the sky" would say what is held out.
_NEARBY = tuple(
    noun
    for thing in PLACES
    for noun in (thing, PLURALS[thing])
    if not is_held_out(SUBJECT, noun)
)


class _Writer:
    """Draws texts; `held_out` says on which side of the split."""

    def __init__(self, seed, *, held_out: bool):
        self.rng = np.random.default_rng(seed)
        self.held_out = held_out

    def text(self, distance: int) -> str:
        """One text of any kind, or a fact."""
        if self.rng.random() < FACTS:
            return join_words(cut_words(f"{self.fact()} ."))
        kind = KINDS[self.rng.choice(len(KINDS), p=SHARES)]
        far = None
        if kind in NEAREST:
            near_and_far = distances_of(kind, distance)
            # near ones more often: what is far is learned after what is near
            far = min(self.one(near_and_far), self.one(near_and_far))
        return self.case(kind, far).text

    def case(self, kind: str, distance: int | None) -> Case:
        return getattr(self, f"_{kind}")(distance)

    def one(self, items: Sequence):
        """One of several things."""
        return items[int(self.rng.integers(len(items)))]

    def pair(self, frames: Sequence[str], words: Sequence[str]):
        """A frame and a word for it, on this side of the split."""
        while True:
            frame, word = self.one(frames), self.one(words)
            if is_held_out(frame, word) == self.held_out:
                return frame, word

    # The kinds

    def _language(self, distance) -> Case:
        gap = -1
        while not (gap == 1 or gap >= 4):  # a full stop, or more sentences
            opening, country = self.pair(OPENINGS, tuple(LANGUAGES))
            ending = self.one(ENDINGS)
            after = len(opening.partition("*")[2].split())
            gap = distance - after - len(ending.split())
        middle = self.middle(gap)
        prompt = f"{opening.replace('*', country)} {middle} {ending}"
        return Case(
            "language",
            join_words(cut_words(prompt)),
            LANGUAGES[country],
            tuple(LANGUAGES.values()),
            distance,
        )

    def _number(self, distance) -> Case:
        thing = self.one(tuple(PLACES))
        many = int(self.rng.integers(2))
        noun = (thing, PLURALS[thing])[many]
        if is_held_out(SUBJECT, noun) != self.held_out:
            return self._number(distance)
        verbs = self.one(NUMBERS)
        rest = self.one((f"in the {PLACES[thing]} .", f"{self.adjective()} ."))
        prompt = f"The {noun} {self.modifiers(distance)}"
        return Case(
            "number",
            join_words(cut_words(prompt)),
            verbs[many],
            verbs,
            distance,
            rest,
        )

    def _place(self, distance) -> Case:
        thing = self.one(tuple(PLACES))
        many = int(self.rng.integers(2))
        noun = (thing, PLURALS[thing])[many]
        if is_held_out(SUBJECT, noun) != self.held_out:
            return self._place(distance)
        return Case(
            "place",
            f"The {noun} {self.one(NUMBERS)[many]} in the",
            PLACES[thing],
            tuple(dict.fromkeys(PLACES.values())),
            3,
        )

    def _activity(self, distance) -> Case:
        activity = self.one(tuple(ACTIVITIES))
        frame, taken = self.pair((TAKEN,), ACTIVITIES[activity])
        time, then = self.one(TIMES), self.one(TIMES)
        starts = self.rng.random() < 0.5
        prompt = frame.replace("*", taken)
        prompt = f"{time} {prompt}" if starts else prompt
        return Case(
            "activity",
            join_words(cut_words(prompt)),
            activity,
            tuple(ACTIVITIES),
            2,
            "." if starts else f"{then} .",
        )

    # What stands between

    def middle(self, length: int) -> str:
        """So many words that end with a full stop: 1, or 4 and more."""
        city = 8  # ", but I now live in Boston ."
        roomy = length == city or length >= city + 3
        if roomy and self.rng.random() < 0.5:
            start = f", but I now live in {self.one(CITIES)} ."
            return f"{start} {self.sentences(length - city)}"
        return f". {self.sentences(length - 1)}"

    def sentences(self, length: int) -> str:
        """Sentences of so many words in all: none, or 3 and more."""
        found = []
        while length:
            size = self.one(_fitting((3, 4, 5, 6, 7), length))
            found.append(self.sentence(size))
            length -= size
        return " ".join(found)

    def sentence(self, length: int) -> str:
        """One sentence that decides nothing, 3 to 7 words with its stop."""
        relative, name = self.one(RELATIVES), self.one(NAMES)
        thing, adjective = self.one(tuple(PLACES)), self.adjective()
        return self.one(
            {
                3: (f"{name} sings .", f"{name} laughs .", "we wait ."),
                4: (
                    f"my {relative} works .",
                    f"we met {name} .",
                    f"{name} lives here .",
                ),
                5: (
                    f"the house is {adjective} .",
                    f"my {relative} knows {name} .",
                    f"the weather is {adjective} .",
                    f"{name} likes {adjective} {PLURALS[thing]} .",
                ),
                6: (
                    f"my {relative} has a {thing} .",
                    f"the {self.one(ROOMS)} is very {adjective} .",
                ),
                7: (
                    f"my {relative} has an old {thing} .",
                    f"{name} and {self.one(NAMES)} live in "
                    f"{self.one(CITIES)} .",
                    f"we have one {adjective} {thing} here .",
                ),
            }[length]
        )

    def modifiers(self, length: int) -> str:
        """So many words between a noun and its verb: none, or 3 and more."""
        found = []
        while length:
            size = self.one(_fitting((3, 4, 5), length))
            noun = self.one(_NEARBY)
            words = [self.one(PREPOSITIONS), "the"]
            words += [self.adjective() for _ in range(size - 3)]
            found += [*words, noun]
            length -= size
        return " ".join(found)

    def adjective(self) -> str:
        return self.one(ADJECTIVES)

    # What else there is to say about the words

    def fact(self) -> str:
        """A sentence in which a word stands that others may lack."""
        thing = self.one(tuple(PLACES))
        many = PLURALS[thing]
        country = self.one(tuple(LANGUAGES))
        animal, cycle, car = map(self.one, (ANIMALS, CYCLES, CARS))
        relative, room = self.one(RELATIVES), self.one(ROOMS)
        places = (
            f"I saw the {self.one((thing, many))} in the {PLACES[thing]}",
            f"there is a {thing} in the {PLACES[thing]}",
            f"there are {many} in the {PLACES[thing]}",
        )
        others = (
            f"this {thing} is {self.adjective()}",
            f"these {many} are {self.adjective()}",
            f"one {thing} was {self.adjective()}",
            f"two {many} were {self.adjective()}",
            f"in {country} they speak {LANGUAGES[country]}",
            f"I learned {LANGUAGES[country]} in {country}",
            f"I fed my {animal} {self.one(TIMES)}",
            f"my {animal} sleeps in the {room}",
            f"my {animal} is hungry",
            f"my {cycle} has no roof",
            f"I pushed my {cycle} up the hill",
            f"my {car} has four doors",
            f"I washed my {car} {self.one(TIMES)}",
            f"my {relative} called me {self.one(TIMES)}",
            f"my {relative} lives in {self.one(CITIES)}",
        )
        return self.one((*places, *places, *others))


def _fitting(sizes, length):
    """Those after which nothing is left, or enough for one more."""
    return [n for n in sizes if length == n or length - n >= 3]
