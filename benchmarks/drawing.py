"""What the largest tunes that may be drawn cost, format by format.

    python benchmarks/drawing.py

Each kind of tune fills the limits of `mitseq.tunes.melody` with something
else: notes, accidentals, grace notes, chord symbols, bars, minutes. Each
format is made in a process of its own, which has imported the engraver and
nothing else; printed are the seconds until the format is there (a PNG needs
its SVG, a page two of them), the peak memory of the process, and the worst.
"""

import multiprocessing
import resource
import time

from mitseq.tunes.melody import (
    LONGEST_TUNE,
    MOST_BARS,
    MOST_IN_BAR,
    MOST_SIGNS,
)
from mitseq.tunes.tune import FORMATS, Tune

# (what stands in a bar, signs of one, how many in a bar)
KINDS = {
    "notes, full bars": ("c/ ", 1, MOST_IN_BAR),
    "notes, short bars": ("c/ ", 1, 2),
    "beamed sixteenths": ("c/", 1, 16),
    "accidentals": ("^c/ _B,/ ", 4, 20),
    "grace notes": ("{ab}~.c/ ", 5, 10),
    "chords": ("[D,FAd^f] ", 6, 8),
    "chord symbols": ('"Am"c/ ', 2, 20),
    "triplets": ("(3c/d/e/ ", 3, 12),
    "ties and slurs": ("(c/-c/) ", 3, 16),
}


def tune_of(piece: str, signs: int, in_bar: int) -> str:
    """Returns a tune with as many bars of a kind as may be drawn."""
    count = max(1, in_bar // signs)
    bars = min(MOST_SIGNS // (count * signs), MOST_BARS)
    body = "".join(
        piece * count + ("|\n" if bar % 8 == 7 else "|") for bar in range(bars)
    )
    return f"X:1\nT:Large\nM:none\nL:1/8\nK:Dm\n{body}]\n"


def longest() -> str:
    """Returns a tune that sounds for as long as one may."""
    bars = LONGEST_TUNE // 4  # a 4/4 of quarter notes at 60 takes 4 s
    body = "".join("C8|" + "\n" * (bar % 8 == 7) for bar in range(bars))
    return f"X:1\nT:Long\nM:4/4\nL:1/8\nQ:1/4=60\nK:C\n{body}]\n"


def strings() -> str:
    """Returns a tune of chords of twelve different notes, as long as may be."""
    octaves = (",,,", ",,", ",", "", "'")
    notes = [f"{letter}{octave}" for octave in octaves for letter in "CDEFGAB"]
    chords = ("".join(notes[at : at + 12]) for at in range(0, 24, 4))
    body = "".join(f"[{chord}]16|" for chord in chords)
    return f"X:1\nT:Strings\nM:none\nL:1/1\nQ:1/4=40\nK:C\n{body}]\n"


def cost(tune: Tune, name: str) -> tuple[float, float]:
    """Returns seconds and peak megabytes of one format in a new process."""
    context = multiprocessing.get_context("spawn")
    queue = context.SimpleQueue()
    process = context.Process(target=_make, args=(tune.abc, name, queue))
    process.start()
    seconds, peak = queue.get()
    process.join()
    return seconds, peak


def _make(abc, name, queue):
    import music21  # noqa: F401
    import verovio  # noqa: F401

    Tune("M:2/4\nL:1/8\nK:D\nd2 A2|]\n").to(name)  # lazy imports
    start = time.perf_counter()
    Tune(abc).to(name)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    queue.put((seconds, peak))


def main():
    names = [name for name in FORMATS if name != "abc"]
    print(f"{'':20}" + "".join(f"{name:>16}" for name in names))
    slowest, largest = 0.0, 0.0
    tunes = {kind: tune_of(*how) for kind, how in KINDS.items()}
    tunes |= {"the longest": longest(), "many strings": strings()}
    for kind, abc in tunes.items():
        costs = [cost(Tune(abc), name) for name in names]
        slowest = max(slowest, *(seconds for seconds, _ in costs))
        largest = max(largest, *(peak for _, peak in costs))
        cells = (f"{seconds:.2f} s {peak:4.0f} MB" for seconds, peak in costs)
        print(f"{kind:20}" + "".join(f"{c:>16}" for c in cells), flush=True)
    print(f"at most {slowest:.2f} s and {largest:.0f} MB")


if __name__ == "__main__":
    main()
