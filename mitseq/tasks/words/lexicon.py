"""The words of the grammar of next words, in the groups that they belong to.

A country has a language, a thing has a place, and what one takes along decides
what one goes for. The names of the groups color the picture of the embedding.
"""


def _pairs(text: str) -> dict[str, str]:
    parts = (part.split() for part in text.split(","))
    return {left: right for left, right in parts}


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LANGUAGES = _pairs(
    """
    France French, Italy Italian, Spain Spanish, Germany German, Poland Polish,
    Greece Greek, Turkey Turkish, Sweden Swedish, Russia Russian,
    Portugal Portuguese, Japan Japanese, China Chinese
    """
)
CITIES = _listed(
    """
    Boston Chicago Denver Seattle Houston Toronto Dublin London Sydney Glasgow
    Atlanta Dallas Portland Manchester
    """
)
_PLACES = """
    sky: cloud star bird plane kite; sea: ship crab whale wave shark;
    library: book shelf reader magazine; kitchen: plate cup pan spoon;
    garden: flower bee rose tree; street: car bus truck bike;
    school: pupil teacher desk globe; bank: coin safe banker loan
"""
_PLURALS = {"shelf": "shelves", "bus": "buses"}  # the others take an s

PLACES = {  # where something is
    thing: place.strip()
    for place, _, things in (line.partition(":") for line in _PLACES.split(";"))
    for thing in things.split()
}
PLURALS = {thing: _PLURALS.get(thing, f"{thing}s") for thing in PLACES}
ANIMALS = _listed("dog cat puppy goat pony rabbit donkey hamster kitten poodle")
CYCLES = _listed("bicycle motorcycle scooter moped tricycle tandem")
CARS = _listed("van jeep limousine convertible pickup sedan")
RELATIVES = _listed(
    """
    mother father sister brother aunt uncle cousin grandmother grandfather
    neighbor
    """
)
# what one takes somebody or something for
ACTIVITIES = {
    "walk": ANIMALS,
    "ride": CYCLES,
    "drive": CARS,
    "meal": RELATIVES,
}
ADJECTIVES = _listed(
    "old new small big quiet red green dark clean strange lovely heavy"
)
ROOMS = _listed("hall cellar attic lounge")
NAMES = _listed("Anna Tom Maria Peter Lucy David")

GROUPS: dict[str, tuple[str, ...]] = {
    "country": tuple(LANGUAGES),
    "language": tuple(LANGUAGES.values()),
    "city": CITIES,
    "thing": tuple(PLACES),
    "things": tuple(PLURALS.values()),
    "place": tuple(dict.fromkeys(PLACES.values())),
    "animal": ANIMALS,
    "cycle": CYCLES,
    "car": CARS,
    "relative": RELATIVES,
    "adjective": ADJECTIVES,
}


def group_of(word: str) -> str:
    """Returns the group of a word, "other" if it has none.

    Example:

    >>> group_of("France"), group_of("poodle"), group_of("is")
    ('country', 'animal', 'other')
    """
    return next((g for g, words in GROUPS.items() if word in words), "other")
