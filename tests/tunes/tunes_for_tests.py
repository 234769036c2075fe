"""Tunes written for the tests, and ways to damage them."""

import importlib.util
import random
import re
from pathlib import Path

JIG = """X:1
T:The Test Jig
R:jig
M:6/8
L:1/8
K:D
A|:"D"dfa fdA|~B2A {cd}F2A|(Bcd) e>fg|1 fdB A2A:|2 fdc d2||
|:f/g/|a2f .d.f.a|{g}b3 !trill!afd|efg Tfed|cde f2:|
"""

REEL = """X:2
T:A Reel % with a comment
M:C|
K:Ador
eA (3AAA g2fg|eA[AC]A BGGB|eA(3AAA g2fg|1 afge d2cd:|2 afge d4||
w:la la la
|:eaag efgf|eaag edBd|eaag efge|afge d4:|
"""

WALTZ = """X:3
T:Waltz
M:3/4
L:1/4
K:Bb
F|B>cd|d-dc|B2 z|[M:3/4]G/A/B/c/d|_e2=e|f3|B2||
"""

TUNES = [JIG, REEL, WALTZ]

CHARACTERS = (
    "ABCDEFGabcdefgzxyZ|:[]()'\"/23456890^=_,-<>{}!+~.&\\%$ \n\tKLMVX\x00é"
)


def damaged(tune: str, seed: int, changes: int = 3) -> str:
    """The tune with some characters changed, dropped, doubled or swapped."""
    dice = random.Random(seed)
    text = list(tune)
    for _ in range(changes):
        place = dice.randrange(len(text))
        kind = dice.randrange(4)
        if kind == 0:
            text[place] = dice.choice(CHARACTERS)
        elif kind == 1:
            text.insert(place, dice.choice(CHARACTERS))
        elif kind == 2:
            del text[place : place + dice.randrange(1, 9)]
        else:
            text[place:place] = text[place : place + dice.randrange(1, 30)]
    return "".join(text)


def human_tunes(count: int) -> list[str]:
    """Some tunes of the installed music21; none where it has no corpus."""
    spec = importlib.util.find_spec("music21")
    if spec is None:
        return []
    tunes = []
    corpus = Path(spec.origin).parent / "corpus"
    for file in sorted(corpus.glob("oneills1850/*.abc"))[::8]:
        text = file.read_text(encoding="utf-8")
        for tune in re.split(r"^(?=X:)", text, flags=re.MULTILINE)[1:]:
            tunes.append(re.split(r"\n[ \t]*\n", tune)[0].rstrip() + "\n")
    return tunes[:: max(1, len(tunes) // count)]
