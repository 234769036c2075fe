"""The judge judged: does `check` say what abc2midi says, and how fast?

abc2midi is an independent program (see abc2midi.py beside this file). Human
tunes and tunes damaged on purpose are shown to both, as people wrote them and
as `normalize` writes them. Before a raw tune is judged, what abc2midi reads as
an order for its accompaniment or its swing goes (chord symbols, `R:`, `P:`,
fermatas, which it plays twice as long): it says nothing about the bars.

    python benchmarks/checker.py [--tunes 500] [--seed 0] [--data FILE ...]
"""

import argparse
import random
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from abc2midi import judge

from mitseq.tunes.check import check
from mitseq.tunes.normalize import normalize, pieces
from mitseq.tunes.notation import ABCError, piece_length
from mitseq.tunes.tokens import scan

_CHARACTERS = "ABCDEFGabcdefgz|:[]()'/234568^=_,-<> "


def without_style(text: str) -> str:
    """A raw tune without what abc2midi reads as orders for its playing."""
    kept = []
    for kind, content, _, _ in scan(text):
        if kind == "chord_symbol" or (kind, content) == ("decoration", "H"):
            continue
        if kind == "field" and content[:2] in ("R:", "P:", "Q:"):
            content = "%"
        kept.append(content)
    return "".join(kept)


def split_body(text: str) -> tuple[str, str]:
    """Header and body; the body of a raw tune may have several lines."""
    header = re.match(r"(?s).*?^K:[^\n]*\n", text, re.MULTILINE)
    return header.group(), text[header.end() :]


def _tokens(body: str) -> list[str]:
    return [token[1] for token in scan("K:C\n" + body)][2:]


def delete_note(header: str, body: str, dice: random.Random) -> str:
    tokens = _tokens(body)
    places = [i for i, t in enumerate(tokens) if piece_length(t)]
    del tokens[dice.choice(places)]
    return header + "".join(tokens)


def double_length(header: str, body: str, dice: random.Random) -> str:
    tokens = _tokens(body)
    places = [i for i, t in enumerate(tokens) if piece_length(t)]
    place = dice.choice(places)
    length = 2 * piece_length(tokens[place])
    pitch = tokens[place].rstrip("0123456789/")
    tokens[place] = f"{pitch}{length}" if length != 1 else pitch
    return header + "".join(tokens)


def drop_bar_line(header: str, body: str, dice: random.Random) -> str:
    places = [
        m.start() for m in re.finditer(r"(?<![:|\[])\|(?![:|\]\d])", body)
    ]
    if not places:
        return header + body
    place = dice.choice(places)
    return header + body[:place] + body[place + 1 :]


def random_character(header: str, body: str, dice: random.Random) -> str:
    place = dice.randrange(len(body))
    return header + body[:place] + dice.choice(_CHARACTERS) + body[place + 1 :]


def truncate(header: str, body: str, dice: random.Random) -> str:
    return header + body[: dice.randrange(1, len(body))] + "\n"


def two_pieces(header: str, body: str, dice: random.Random) -> str:
    """Two pieces become others of the same tune: as a model may err."""
    tokens = pieces(body)
    for _ in range(2):
        tokens[dice.randrange(len(tokens) - 1)] = dice.choice(tokens[:-1])
    return header + "".join(tokens)


DAMAGE = {
    "human": lambda header, body, dice: header + body,
    "note deleted": delete_note,
    "length doubled": double_length,
    "bar line missing": drop_bar_line,
    "random character": random_character,
    "truncated": truncate,
    "two pieces changed": two_pieces,
}


def read_tunes(paths: list[str]) -> list[str]:
    """The tunes of some files, by default those that music21 carries."""
    if paths:
        files = [Path(path) for path in paths]
    else:
        from mitseq.tunes.corpus import music21_collections

        files = [
            file
            for folder in music21_collections()
            for file in sorted(folder.glob("*.abc"))
        ]
    tunes = []
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace")
        for tune in re.split(r"^(?=X:)", text, flags=re.MULTILINE)[1:]:
            tune = re.split(r"\n[ \t]*\n", tune)[0].rstrip() + "\n"
            if re.search(r"^K:[^\n]*\n.", tune, re.MULTILINE):
                tunes.append(tune)
    return tunes


def agreement(tunes: list[str], seed: int) -> None:
    print(
        f"{'':20}{'tunes':>7}{'abc2midi':>10}{'check':>8}"
        f"{'agree':>8}{'precision':>11}{'recall':>8}"
    )
    with ThreadPoolExecutor(2) as pool:
        for name, harm in DAMAGE.items():
            dice = random.Random(seed)
            damaged = [harm(*split_body(tune), dice) for tune in tunes]
            theirs = [verdict.accepted for verdict in pool.map(judge, damaged)]
            ours = [not check(text) for text in damaged]
            both = sum(a and b for a, b in zip(ours, theirs, strict=True))
            same = sum(a == b for a, b in zip(ours, theirs, strict=True))
            print(
                f"{name:20}{len(tunes):7}"
                f"{sum(theirs) / len(tunes):10.1%}"
                f"{sum(ours) / len(tunes):8.1%}"
                f"{same / len(tunes):8.1%}"
                f"{both / max(sum(ours), 1):11.1%}"
                f"{both / max(sum(theirs), 1):8.1%}"
            )


def speed(tunes: list[str]) -> None:
    """Milliseconds of processor time: ours on all, music21 on forty."""
    times = []
    for tune in tunes:
        start = time.process_time()
        check(tune)
        times.append(1000 * (time.process_time() - start))
    mine = statistics.mean(times)
    print(f"check: {mine:.2f} ms a tune, at most {max(times):.1f} ms")
    try:
        from music21 import converter
    except ImportError:
        print("music21 is not installed: nothing to compare with")
        return
    few = [tune for tune in tunes if not check(tune)][:41]
    converter.parse(few[0], format="abc")
    start = time.process_time()
    for tune in few[1:]:
        converter.parse(tune, format="abc")
    peer = 1000 * (time.process_time() - start) / len(few[1:])
    print(f"music21's parser: {peer:.1f} ms a tune, {peer / mine:.0f} times")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tunes", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", nargs="*", default=[])
    parser.add_argument("--no-speed", action="store_true")
    arguments = parser.parse_args()
    tunes = read_tunes(arguments.data)
    random.Random(arguments.seed).shuffle(tunes)
    tunes = tunes[: arguments.tunes]
    normalized = []
    for tune in tunes:
        try:
            normalized.append(normalize(tune))
        except ABCError:
            pass
    print(f"{len(normalized)} of {len(tunes)} tunes can be normalized\n")
    print("as people write them")
    agreement([without_style(tune) for tune in tunes], arguments.seed)
    print("\nas `normalize` writes them")
    agreement(normalized, arguments.seed)
    if not arguments.no_speed:
        print()
        speed(tunes)


if __name__ == "__main__":
    main()
