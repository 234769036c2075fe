"""Short everyday phrases to train the bundled sentiment classifier on.

Rated words say how good or bad a word is, and real sentences seldom put the
same word beside "not", "hardly", "kind of" or a smile. This writes such
phrases: of each word plain, strengthened, weakened, denied, and beside another
one; of emoticons and emoji behind sentences that say nothing; of marks out of
ten; and some idioms of reviews. Words that are held out stand in no phrase, so
what "not" does to them has to be understood.

Read mitseq/tasks/sentiment/grammar_words.py before.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mitseq.tasks.sentiment.grammar_words import DOMAINS

PRAISE, BLAME, NEITHER = 1, -1, 0
FULL, PLAIN, WEAK = 1.0, 0.8, 0.4  # how far a text takes its side
STRONG = 1.5  # from this rating on a weakened word keeps its side

SUBJECTS = (
    "it, this, the product, my order, the food, the service, the app, the "
    "place, this one, the movie, our trip, the phone, the game, his talk, the "
    "weather, the new version, the team, the room, work, my day, everything"
).split(", ")
# adjectives that their form does not tell
COMMON = (
    "good great fantastic amazing cool happy boring fine nice interesting "
    "annoying exciting disappointing disappointed tiring surprising touching "
    "convincing fresh delicious tasty clean dirty friendly rude slow cheap "
    "comfortable scary ugly funny fun lovely perfect excellent smart stupid "
    "awesome crap lame sick tired worse better best worst glad proud broken "
    "wrong safe easy difficult hard popular favorite favourite worthless mad "
    "cute cozy gross creepy wonderful beautiful terrible horrible awful poor"
).split()
PEOPLE = ("i", "we", "they", "my friends", "people", "you")
STRONGER = (
    "very, really, so, absolutely, truly, extremely, totally, simply, just, "
    "incredibly, always"
).split(", ")
WEAKER = "kind of, sort of, a bit, somewhat, rather, a little".split(", ")
DENIED = (
    "{s} is not {w}",
    "{s} isn't {w}",
    "{s} was not {w}",
    "{s} wasn't {w}",
    "{s} is never {w}",
    "{s} was hardly {w}",
    "{s} is not {w} at all",
    "{s} isn't {m} {w}",
    "{s} was not {m} {w}",
    "not {w}",
    "not {m} {w}",
    "never {w}",
    "hardly {w}",
    "{s} is far from {w}",
    "i don't think {s} is {w}",
    "i would not call it {w}",
    "{s} is anything but {w}",
    "no one would say {s} was {w}",
    "without being {w}",
)
SAID = (
    "{s} is {w}",
    "{s} was {w}",
    "{s} is {m} {w}",
    "{s} was {m} {w}",
    "{m} {w}",
    "{w}",
    "how {w}",
    "what a {w} day",
    "i think {s} is {w}",
    "{s} looks {w}",
    "that's {w}",
    "#{w}",
)
WEAKENED = ("{s} is {k} {w}", "{s} was {k} {w}", "{k} {w}", "i find it {k} {w}")
TURNED = (
    "{s} is {v} but {w}",
    "{s} was {v}, but {t} was {w}",
    "{v} but {w}",
    "although {s} was {v}, {t} was {w}",
    "{s} is {w}, not {v}",
    "{s} was not {v}, it was {w}",
    "{s} used to be {v}, now it is {w}",
)
DONE = ("{p} {w} it", "{p} {w} {s}", "{p} really {w} this", "{p} just {w} it")
NOT_DONE = (
    "{p} don't {w} it",
    "{p} do not {w} {s}",
    "{p} didn't {w} it",
    "{p} never {w} it",
    "{p} can't {w} this",
    "{p} wouldn't {w} it",
    "{p} hardly {w} it",
)

GLAD = (
    *":) :-) :D :-D =) ;) ;-) (: (-: :)) :] =D <3 xD ^_^ \\o/ :* :-*".split(),
    *"😀 😃 😄 😁 😊 🙂 😍 🥰 😘 😎 🤗 🥳 😂 🤣 👍 👏 🙌".split(),
    *"🎉 💯 🔥 ✨ ⭐ 🌟 ❤ 💕 💖 💙 💚 ♥ ☺ 😻 😇 🤩 😋 🏆 💪".split(),
)
SAD = (
    *":( :-( =( :'( :'-( ): )-: :(( :/ :-/ :[ >:( </3 D: :@ -_- >.<".split(),
    *"😞 😟 😢 😭 😠 😡 🤬 😒 😔 😕 🙁 ☹ 😩 😫 😤 🤢 🤮".split(),
    *"👎 💔 😣 😖 😨 😱 🙄 💩 😿 😰 😥 😓 🤦 😾 🖕".split(),
)
SO_SO = ("😐", "😑", "🤷", ":|", ":-|")

MARKS = {
    PRAISE: "8/10, 9/10, 10/10, 4/5, 5/5, 9.5/10, 100/100, five stars, "
    "5 stars, four stars, ten out of ten, 10 out of 10, 9 out of 10, a+, two "
    "thumbs up",
    BLAME: "0/10, 1/10, 2/10, 3/10, 0/5, 1/5, 2/5, one star, 1 star, zero "
    "stars, 0 stars, two out of ten, 1 out of 10, 2 out of 10, two thumbs down",
    NEITHER: "5/10, 6/10, 3/5, three stars, 3 stars, five out of ten",
}
IDIOMS = {
    PRAISE: """
        better than expected; better than i expected; as good as new; just what
        i needed; exactly what i wanted; everything i wanted; worth every cent;
        worth the money; worth a visit; could not be happier; couldn't be
        happier with it; i can't complain; nothing to complain about; no
        complaints; highly recommended; i would recommend it; i would buy it
        again; we will be back; will come again; can't wait to go back; works as
        described; works like a charm; it does what it should; best purchase in
        years; can't get enough of it; i couldn't stop laughing; must see; must
        have; you can't go wrong with it; thumbs up; well done; good job; two
        thumbs up; made my day; no problem at all; never had a problem with it;
        not a single problem; never disappoints; it didn't disappoint; without
        any trouble; saved my life; thank you so much; thanks a lot; easy to
        use; can't be beaten; nothing better; it was not bad; not half bad; i
        wouldn't change a thing; could not ask for more; never been better;
        congratulations; happy birthday; have a great day; i am so glad; i feel
        much better now; well worth it; second to none; i am in love; love it;
        love this; loved every minute; i love that place; such a treat
    """,
    BLAME: """
        not what i expected; not what i wanted; not what i ordered; not what i
        was looking for; not as good as i had hoped; not as good as the last
        one; not as described; not worth it; not worth the money; not worth
        your time; nothing special; nothing to write home about; less than
        expected; worse than expected; worse than i thought; i expected more;
        i expected better; could be better; could have been better; should have
        been better; leaves a lot to be desired; i want my money back; waste of
        money; waste of time; what a waste; i would not recommend it; i can't
        recommend it; would not buy again; never again; we won't be back; i
        will never come back; stay away; avoid; don't bother; don't buy it; it
        stopped working; it doesn't work; does not work; it never worked; it
        broke after a week; fell apart; it keeps crashing; nobody answered; they
        never replied; no help at all; i am still waiting; had to send it back;
        i returned it; too expensive; way too long; too loud; too slow; too
        small; i fell asleep; i walked out; couldn't finish it; can't stand it;
        i am sick of it; fed up; thumbs down; so tired; i miss you; i miss it; i
        feel ill; i lost my keys; it got cancelled; missed the bus again; no
        sleep again; my head hurts; i give up; why does this happen to me; i had
        hoped for more; not my thing; not for me; no good; no fun; i regret it;
        it let me down; a far cry from what they promised
    """,
    NEITHER: """
        what time is it; where are you; the meeting is at noon; i am at home;
        see you tomorrow; the package arrives on monday; it has four buttons; it
        comes in blue and black; the shop opens at nine; i bought it last week;
        we went there on friday; i am reading a book; she lives in london; he
        works in an office; the manual is in the box; press the button; the
        train leaves at ten; it is tuesday; there are two of them; it weighs two
        pounds; the table is made of wood; the report has ten pages; how do i
        get there; who is it; the bus stops here; they met in march; the phone
        has two cameras; the film runs for two hours; see the list below; it is
        average; it is okay; it was ok; so so; neither good nor bad; nothing
        new; on my way to work; just got home; watching tv; i have a question;
        does anyone know; is it open today; what is this; the sky is blue; i
        live here; a word; the same as before; it depends; i don't know; maybe;
        no idea; yes; no; hello; good morning; to be announced
    """,
}


@dataclass(frozen=True)
class Phrase:
    """A text, which side it takes, and how far."""

    text: str
    side: int  # PRAISE, BLAME or NEITHER
    force: float = FULL  # 0 to 1, what its score shall be about
    is_order: bool = False  # whether the order of its words decides

    @property
    def praise(self) -> float:
        """The share of readers that would call it praise."""
        return (1 + self.side * self.force) / 2


def adjectives(
    ratings: Mapping[str, float], least: float = 1.0
) -> dict[str, float]:
    """Returns the rated words that can stand behind "it is".

    They have an adverb that is rated, too, as "bad" has "badly", end as
    adjectives do, or are common.

    Example:

    >>> adjectives({"bad": -2.5, "badly": -2.1, "love": 3.2, "useless": -1.8})
    {'bad': -2.5, 'useless': -1.8}
    """
    ends = ("ful", "less", "ous", "ive", "able", "ible")
    return {
        word: rating
        for word, rating in ratings.items()
        if abs(rating) >= least
        and word.isalpha()
        and (f"{word}ly" in ratings or word.endswith(ends) or word in COMMON)
    }


def verbs(ratings: Mapping[str, float], least: float = 1.0) -> dict[str, float]:
    """Returns the rated words that have all forms of a verb.

    Example:

    >>> verbs({"hate": -2.7, "hates": -1.9, "hating": -2.3, "hated": -3.2})
    {'hate': -2.7}
    """
    return {
        word: rating
        for word, rating in ratings.items()
        if abs(rating) >= least
        and f"{word}s" in ratings
        and {f"{word}ing", f"{word[:-1]}ing"} & ratings.keys()
        and {f"{word}ed", f"{word}d"} & ratings.keys()
    }


def write_phrases(
    ratings: Mapping[str, float],
    *,
    times: int = 10,
    held_out: Iterable[str] = (),
    seed: int = 0,
) -> list[Phrase]:
    """Writes phrases of rated words, of emoticons, of marks, and idioms.

    Args:
        ratings: What people think of words, from -4 to 4.
        times: How many phrases are written of each word, on average.
        held_out: Words that no phrase has.
        seed: Another seed, other phrases.

    Returns:
        The phrases, in an order that mixes them.
    """
    draw = random.Random(seed)
    out = set(held_out)
    described = {w: r for w, r in adjectives(ratings).items() if w not in out}
    done = {w: r for w, r in verbs(ratings).items() if w not in out}
    phrases = [
        *of_adjectives(described, draw, times),
        *_of_verbs(done, draw, max(times // 2, 1)),
        *_of_signs(described, draw, times),
        *_listed(MARKS, ",", draw, times),
        *_listed(IDIOMS, ";", draw, max(times // 3, 1)),
    ]
    draw.shuffle(phrases)
    return phrases


def of_adjectives(
    words: Mapping[str, float], draw: random.Random, times: int
) -> list[Phrase]:
    """Writes phrases of words that can stand behind "it is"."""
    sides = {
        side: [w for w, r in words.items() if _side(r) == side]
        for side in (PRAISE, BLAME)
    }
    phrases = []
    for word, rating in words.items():
        side = _side(rating)
        for _ in range(times):
            frames, takes, force = draw.choice(
                (
                    (SAID, side, PLAIN),
                    (DENIED, -side, PLAIN),
                    (DENIED, -side, PLAIN),
                    (
                        WEAKENED,
                        side if abs(rating) >= STRONG else NEITHER,
                        WEAK,
                    ),
                    (TURNED, side, PLAIN),
                )
            )
            others = sides[-side] or [word]
            phrases.append(
                _filled(draw, draw.choice(frames), takes, force, word, others)
            )
    return phrases


def _of_verbs(words, draw, times):
    phrases = []
    for word, rating in words.items():
        side = _side(rating)
        for _ in range(times):
            frames, takes = draw.choice(((DONE, side), (NOT_DONE, -side)))
            phrases.append(
                _filled(draw, draw.choice(frames), takes, PLAIN, word, [word])
            )
    return phrases


def _of_signs(words, draw, times):
    """Emoticons and emoji: alone, behind what says nothing, and agreeing."""
    told = [text for domain in DOMAINS.values() for text in domain.fillers]
    told += [part.strip() for part in IDIOMS[NEITHER].split(";")]
    phrases = [Phrase(text, NEITHER) for text in told for _ in range(2)]
    for side, signs in ((PRAISE, GLAD), (BLAME, SAD), (NEITHER, SO_SO)):
        alike = [w for w, r in words.items() if _side(r) == side]
        for sign in signs:
            phrases += [Phrase(sign, side)] * 2
            for _ in range(times):
                text = " ".join(draw.sample(told, draw.choice((1, 1, 2))))
                if alike and draw.random() < 0.2:
                    text = f"{draw.choice(SUBJECTS)} is {draw.choice(alike)}"
                phrases.append(Phrase(f"{text} {sign}", side))
    return phrases


def _listed(texts, mark, draw, times):
    phrases = []
    for side, listed in texts.items():
        for text in (" ".join(part.split()) for part in listed.split(mark)):
            phrases.append(Phrase(text, side))
            for _ in range(times - 1):
                phrases.append(emphasized(draw, text, side))
    return phrases


def _filled(
    draw: random.Random,
    frame: str,
    side: int,
    force: float,
    word: str,
    others: Sequence[str],
) -> Phrase:
    first, second = draw.sample(SUBJECTS, 2)
    text = frame.format(
        s=first,
        t=second,
        w=word,
        v=draw.choice(others),
        m=draw.choice(STRONGER),
        k=draw.choice(WEAKER),
        p=draw.choice(PEOPLE),
    )
    if "{m}" in frame and frame in SAID:
        force = FULL
    found = emphasized(draw, text, side, force)
    return Phrase(found.text, found.side, found.force, is_order=True)


def emphasized(
    draw: random.Random, text: str, side: int, force: float = PLAIN
) -> Phrase:
    """Returns a text as people write it: some in capitals, some with "!!!".

    Of what takes a side, these take it fully.
    """
    if not side:
        return Phrase(text + draw.choice(("", ".", "?")), side)
    shouts = draw.random() < 0.2
    end = draw.choice(("", "", ".", "!", "!!!"))
    if shouts:
        text = text.upper()
    if force == PLAIN and (shouts or end == "!!!"):
        force = FULL
    return Phrase(text + end, side, force)


def _side(rating):
    return PRAISE if rating > 0 else BLAME
