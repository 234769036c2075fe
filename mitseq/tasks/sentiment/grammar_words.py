"""The words of the grammar of reviews: what is reviewed, and how it was.

An aspect is only called what it can be: a soup is bland, a waiter is not. The
sentences in between (`fillers`) say nothing for or against.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Aspects:
    """Things that the same special adjectives can be said of."""

    names: tuple[str, ...]
    praise: tuple[str, ...]
    blame: tuple[str, ...]


@dataclass(frozen=True)
class Domain:
    """One kind of review."""

    aspects: tuple[Aspects, ...]  # what is praised and blamed
    facts: tuple[str, ...]  # what one may have done or not, after "I had"
    fillers: tuple[str, ...]  # sentences without an opinion
    changes: bool  # whether it can be better or worse than it used to be


def _listed(text: str) -> tuple[str, ...]:
    parts = (" ".join(part.split()) for part in text.split(","))
    return tuple(part for part in parts if part)


def _domain(aspects: str, facts: str, fillers: str, *, changes: bool) -> Domain:
    """Reads a domain; of its aspects each is "names: praise / blame;"."""
    kinds = []
    for kind in aspects.split(";"):
        names, _, opinions = kind.partition(":")
        praise, _, blame = opinions.partition("/")
        kinds.append(Aspects(*map(_listed, (names, praise, blame))))
    sentences = re.split(r"(?<=[.]) ", " ".join(fillers.split()))
    return Domain(tuple(kinds), _listed(facts), tuple(sentences), changes)


PRAISE = _listed(
    """
    good, great, excellent, wonderful, lovely, superb, splendid, delightful,
    marvelous, brilliant, fantastic, outstanding, pleasant, terrific,
    impressive, perfect
    """
)
BLAME = _listed(
    """
    bad, poor, awful, terrible, dreadful, horrible, disappointing, mediocre,
    woeful, lousy, unpleasant, appalling, dismal, abysmal, underwhelming, dire
    """
)

_OF_A_VISIT = """
    It was a Tuesday. My sister came along. There were four of us. It had
    rained all morning. I went there with a colleague. My brother drove. My
    parents were with us. I had the day off. It was the last week of March. We
    talked about it on the way home. I live about an hour away. We took the
    bus. A friend had told me about it. My cousin had suggested the date. The
    sun was setting when we arrived. I am writing this on the way home.
"""
_OF_A_THING = """
    It came on a Tuesday. My sister has the same one. I ordered it in October.
    The parcel came by mail. A colleague had told me about it. It stood on my
    desk for a week. I have had it for a month. I took it with me on the train.
    It was a present from my brother. I am writing this at the kitchen table.
    My neighbor borrowed it for a day. I keep it in the top drawer. I paid by
    card. My parents asked me about it.
"""

DOMAINS: dict[str, Domain] = {
    "restaurant": _domain(
        """
        food, soup, bread, fish, dessert, salad, pasta:
            delicious, tasty, fresh, exquisite / bland, tasteless, stale,
            inedible;
        service, waiter, staff, host:
            friendly, attentive, polite, helpful / rude, careless, impatient,
            grumpy;
        wine list, menu, kitchen, terrace, dining room
        """,
        "booked a table, read the menu, been there before",
        _OF_A_VISIT
        + """
        We sat by the window. The place has about twenty tables. We ordered at
        eight. My aunt had the lamb. I had a glass of water with it. The
        restaurant is on the corner of the square. We shared a starter. The
        coats hang near the door.
        """,
        changes=True,
    ),
    "hotel": _domain(
        """
        room, bathroom, lobby, pool, garden:
            spotless, charming, inviting / filthy, shabby, gloomy;
        reception, porter, service, room service:
            friendly, attentive, welcoming, helpful / rude, careless,
            unfriendly, grumpy;
        breakfast, bed, view, bar, location
        """,
        "booked ahead, stayed there before, asked for an upgrade",
        _OF_A_VISIT
        + """
        Our room was on the third floor. We stayed two nights. The elevator is
        behind the stairs. We left our bags at the desk. Checkout is at eleven.
        The station is ten minutes away. There is a map in the hall. We asked
        for another key.
        """,
        changes=True,
    ),
    "film": _domain(
        """
        plot, script, dialogue, ending, opening scene:
            gripping, clever, moving, witty, original / dull, predictable,
            tedious, silly, clumsy;
        acting, cast, leading actor, directing:
            convincing, touching, memorable / wooden, unconvincing, forgettable;
        music, camera work, editing, humor
        """,
        "read the book, seen the trailer, seen it before",
        _OF_A_VISIT
        + """
        The film runs for two hours. We sat in the sixth row. It is set in a
        harbor town. The cinema was half full. The story begins in winter. We
        saw the late show. There were some previews before it. It was made in
        Canada.
        """,
        changes=False,
    ),
    "book": _domain(
        """
        story, ending, opening chapter, middle part:
            gripping, clever, moving, original / dull, predictable, tedious,
            silly;
        style, language, translation, prose:
            elegant, vivid, graceful / clumsy, lifeless, stilted;
        narrator, cover, idea, humor
        """,
        "seen the film, read the reviews, known the author",
        _OF_A_THING
        + """
        The book has about three hundred pages. It is set in a village by the
        sea. I read it in two evenings. There is a map on the last page. It is
        told by the youngest daughter. The author lives in Toronto. Each
        chapter is named after a month.
        """,
        changes=False,
    ),
    "concert": _domain(
        """
        singer, band, orchestra, drummer, pianist:
            inspired, precise, captivating / uninspired, sloppy, boring;
        sound, lighting, program, encore, stage;
        hall, seating, bar:
            comfortable, inviting / uncomfortable, shabby
        """,
        "heard them before, bought a program, reserved a seat",
        _OF_A_VISIT
        + """
        The concert began at nine. We stood near the back. There was a break of
        twenty minutes. They played for two hours. The hall holds six hundred
        people. The tickets were on my phone. They are on tour until June. The
        encore came at eleven.
        """,
        changes=False,
    ),
    "phone": _domain(
        """
        battery, charger, processor:
            reliable, powerful / unreliable, weak;
        screen, camera:
            sharp, crisp / blurry, dim;
        design, speaker, keyboard, software, support
        """,
        "read the manual, tried it in a shop, updated it",
        _OF_A_THING
        + """
        It has two slots for cards. I bought it in blue. There is a cable in
        the box. I copied my contacts on Sunday. It fits in my coat pocket. The
        manual has ten languages. I use it for my work.
        """,
        changes=True,
    ),
    "museum": _domain(
        """
        exhibition, collection, tour, audio guide, talk:
            fascinating, instructive, engaging / boring, confusing, tedious;
        guide, staff, ticket desk:
            friendly, helpful, knowledgeable / rude, unhelpful, clueless;
        café, shop, building, courtyard
        """,
        "bought tickets ahead, been there before, made a plan",
        _OF_A_VISIT
        + """
        The museum opens at ten. We left our coats in a locker. It has three
        floors. A school class was there too. We began on the top floor. The
        entrance is on the river side. We stayed for two hours. There are
        benches in most rooms.
        """,
        changes=True,
    ),
    "train": _domain(
        """
        seat, carriage, dining car, sleeping car:
            comfortable, spotless, cozy / uncomfortable, filthy, cramped;
        conductor, staff, service, ticket office:
            friendly, helpful, polite / rude, unhelpful, grumpy;
        timetable, connection, coffee, heating
        """,
        "reserved a seat, taken that line before, packed lunch",
        _OF_A_VISIT
        + """
        The train left at noon. We changed once. Our seats were in carriage
        six. The line follows the river. I did a crossword on the way. The
        journey takes three hours. We crossed the border at four. The ticket
        was checked twice.
        """,
        changes=True,
    ),
}

PEOPLE = _listed(
    """
    my brother, my sister, a friend of mine, my neighbor, a colleague, my
    uncle, my aunt, my cousin, the critic, my boss, a stranger, my roommate,
    our teacher, my dentist
    """
)
EVERYONE = _listed(
    """
    everyone, my friends, my parents, the critics, the people at work, our
    neighbors, my cousins, two colleagues
    """
)
EMBEDDED = (
    *("", "who was there", "who knows about such things"),
    *("who looks twice and thinks about it for a while", "in our group"),
    *("who has seen a little of the world and can compare", "I know"),
)

_OPINIONS = {*PRAISE, *BLAME}.union(
    *(
        kind.praise + kind.blame
        for domain in DOMAINS.values()
        for kind in domain.aspects
    )
)
# Any word of praise or blame.
OPINION = re.compile(rf"\b(?:{'|'.join(sorted(_OPINIONS))})\b")
