"""What strangers may send: mutated, torn and absurd inputs by the thousand.

    python benchmarks/attack.py [--seed 0] [--count 1000] [--only check tables]

Each target takes a good input, mutates it, and hands it to what reads it. A
result or a `MitseqError` of one short line is right; every other exception, a
hang, and a file beside those that were asked for is a failure. Printed are the
inputs a second and each distinct failure with the smallest input that shows
it. The same seed gives the same inputs.
"""

import argparse
import io
import json
import logging
import os
import random
import re
import signal
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np

from mitseq.errors import LONGEST, MitseqError

SECONDS = 10  # after which an input counts as one that hangs
PIECES = {
    "abc": [
        *"ABCDEFGabcdefgzxyZ|:[](){}<>~.'/,^_=&*$!+%\\\"-0123456789 \n",
        *("|:", ":|", "::", "|1", "[2", "|]", "(3", "{g}", "!trill!", '"Am"'),
        *("K:D\n", "M:6/8\n", "M:none\n", "L:1/64\n", "[M:3/4]", "V:2\n"),
        *("X:9\n", "P:A\n", "d99999999", "1/0", "((((((", "[[[[", "\ufeff"),
        *("%%begintext\n", "w:la-la\n", "\0", "\ud800", "Q:1/4=0\n", "[K:G]"),
    ],
    "table": [
        *("a", "b", ",", ";", "\t", "|", '"', '""', "\n", "\r\n", "\r", " "),
        *("text", "label", "NaN", "-1e400", "\ufeff", "\0", "é", "pos", "=1"),
        *("2020-01-01", "1,5", "9" * 5000, "None", "\u2028"),
    ],
    "json": [
        *("{", "}", "[", "]", ":", ",", '"', "\n", "null", "true", "NaN"),
        *("Infinity", '"text"', '"label"', "1e999", "9" * 5000, "\\ud800"),
        *('"\\u0000"', "[" * 500, " ", "\ufeff", "é"),
    ],
    "conllu": [
        *("\t", "\n", "\n\n", "1", "2-3", "3.1", "_", "NOUN", "#", "a", "-"),
        *("99999999999", "0", "\ufeff", "\0", "1-1", "2-1"),
    ],
}
TUNES = (
    "X:1\nT:A\nR:jig\nM:6/8\nL:1/8\nQ:3/8=100\nK:D\n|:DFA AFD|d3 A2B:|\n"
    "|:(3def {g}a2 !trill!b|1 d3 [DF]3:|2 d6|]\n",
    "X:2\nT:B\nT:the other\nC:trad.\nM:C|\nL:1/8\nK:Em\n"
    "EB{c}BA B2 EB|~B2 AB dBAG|FDAD BDAD|FDAD dAFD|\nE4-E4|z8|\n"
    "w:a-la-la * b|\n",
    'X:3\nM:3/4\nL:1/4\nQ:"slow" 1/4=60\nK:Bb\n'
    '"Bb"B>c d|"F7"(A<G) F|[M:4/4]"Gm"G2 _A =A|[K:F][FAc]2 z2|\n'
    "|:f/2e/2d/2c/2 B2:|[1 A4:|[2 F4||\n",
    "X:4\nM:9/8\nL:1/8\nP:A\nK:Ador\n.A2B !fermata!c3 (3:2:3efg e|\n"
    "P:B\nA3 B3- B3|{/g}e3 ^d2e f3|]\n",
    "X:5\nM:2/4\nL:1/16\nU:T = !trill!\nV:1\nV:2 clef=bass\nK:G\n"
    "[V:1] G2A2 TB4|d8|]\n[V:2] G,8|D,4 G,4|]\n",
    "%%titlefont Times 12\nX:6\nM:none\nL:1/8\nK:C clef=alto\n"
    "c,, C c c'' y Z2 x2 [CEG]>[DFA] (5cdefg \\\nabc' % so\n",
)
GOOD = {
    "table": 'text,label\n"so, good",pos\ntoo long,neg\nfine,pos\nbad,neg\n',
    "json": '{"text": "so good", "label": "pos"}\n{"text": "b", "label": 0}\n',
    "conllu": (
        "# text = Time flies\n1\tTime\ttime\tNOUN" + "\t_" * 6 + "\n"
        "2\tflies\tfly\tVERB" + "\t_" * 6 + "\n\n"
    ),
    "series": "time,value\n"
    + "".join(f"2020-01-{day:02},{day % 7}.5\n" for day in range(1, 29)),
    "pairs": "I am.\tSoy.\nGo!\t¡Ve!\nYou are.\tEres.\n",
}


# Mutating


def mutate_text(text: str, pieces: list[str], dice: random.Random) -> str:
    """Returns a text with one to eight changes."""
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        at = dice.randint(0, len(text))
        size = dice.choice((1, 1, 2, 4, 16, 64))
        what = dice.randrange(7)
        if what == 0:
            text = text[:at] + text[at + size :]
        elif what == 1:
            text = text[:at] + dice.choice(pieces) + text[at:]
        elif what == 2:
            text = text[:at] + dice.choice(pieces) + text[at + size :]
        elif what == 3:
            text = text[:at] + text[at : at + size] * dice.choice((2, 3, 50))
            text += text[at + size : at + 4 * size]
        elif what == 4:
            there = dice.randint(0, len(text))
            text = text[:at] + text[there : there + size] + text[at:]
        elif what == 5:
            text = text[:at]
        else:
            text = text[at:] + text[:at]
    return text[:20_000]


def mutate_bytes(data: bytes, dice: random.Random) -> bytes:
    """Returns bytes that are torn, flipped, doubled or overwritten."""
    data = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        if not data:
            break
        at = dice.randrange(len(data))
        what = dice.randrange(5)
        if what == 0:
            data[at] ^= 1 << dice.randrange(8)
        elif what == 1:
            del data[at:]
        elif what == 2:
            del data[at : at + dice.choice((1, 8, 512))]
        elif what == 3:
            data[at : at + 4] = dice.choice((b"\xff" * 4, bytes(4), b"\x7f"))
        else:
            data[at:at] = data[at : at + dice.choice((1, 64))]
    return bytes(data)


def mutate_config(data: bytes, dice: random.Random) -> bytes:
    """Returns a `.keras` file whose configuration says something else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError):
        return data
    text = files["config.json"].decode()
    numbers = list(re.finditer(r"(?<=: )-?\d+", text))
    strings = list(re.finditer(r'"[^"]{1,40}"', text))
    for _ in range(dice.choice((1, 1, 2, 3))):
        chosen = dice.choice(numbers if dice.random() < 0.6 else strings)
        new = dice.choice(
            ("-1", "0", "1", "5", "2000000", "1e30", "null", '""', '"x"', "[]")
        )
        text = text[: chosen.start()] + new + text[chosen.end() :]
        numbers = list(re.finditer(r"(?<=: )-?\d+", text))
        strings = list(re.finditer(r'"[^"]{1,40}"', text))
    files["config.json"] = text.encode()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


# What is attacked


@dataclass(frozen=True)
class Target:
    """One reader, and what it is given.

    Args:
        inputs: From dice a mutated input.
        run: What reads it.
        share: Of the count, for what takes long.
    """

    inputs: Callable[[random.Random], object]
    run: Callable[[object], object]
    share: float = 1.0


def targets(folder: Path) -> dict[str, Target]:
    """Returns what is attacked; files are written into `folder`."""
    return {
        "check": Target(_tune, _check),
        "tunes": Target(_tune, partial(_as_file, folder, "t.abc", _tunes)),
        "drawn": Target(_tune, _draw, 0.02),
        "prompts": Target(_tune, _prompt, 0.2),
        "tables": Target(
            _text("table"), partial(_as_file, folder, "t.csv", _texts), 0.5
        ),
        "json": Target(
            _text("json"), partial(_as_file, folder, "t.jsonl", _texts), 0.5
        ),
        "conllu": Target(_text("conllu"), _conllu, 0.5),
        "series": Target(
            _text("table", "series"),
            partial(_as_file, folder, "s.csv", _series),
            0.5,
        ),
        "pairs": Target(
            _text("table", "pairs"),
            partial(_as_file, folder, "p.tsv", _pairs),
            0.5,
        ),
        "images": Target(
            _image, partial(_as_file, folder, "p.png", _picture), 0.3
        ),
        "models": Target(
            _model, partial(_as_file, folder, "m.keras", _load), 0.01
        ),
        "snapshots": Target(
            _snapshot, partial(_as_file, folder, "snapshot.npz", _read), 0.2
        ),
        "states": Target(_edits, partial(_resume, folder), 0.1),
        "vectors": Target(
            _text("table"), partial(_as_file, folder, "v.txt", _vectors), 0.2
        ),
    }


def _tune(dice):
    return mutate_text(dice.choice(TUNES), PIECES["abc"], dice)


def _text(kind, good=None):
    def inputs(dice):
        return mutate_text(GOOD[good or kind], PIECES[kind], dice)

    return inputs


def _as_file(folder, name, read, content):
    path = folder / name
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    path.write_bytes(content)
    return read(path)


def _check(text):
    from mitseq.tunes.check import check

    return check(text)


def _tunes(path):
    from mitseq.tunes.normalize import normalize
    from mitseq.tunes.reading import read_tunes

    for raw in read_tunes([path]):
        normalize(raw.text)


def _draw(text):
    from mitseq.tunes.check import check
    from mitseq.tunes.melody import why_not_drawn
    from mitseq.tunes.tune import FORMATS, Tune

    if check(text):
        return
    refused = why_not_drawn(text)
    tune = Tune(text)
    for name in FORMATS:
        if name in ("html", "svg", "png") and refused:
            continue
        try:
            tune.to(name)
        except MitseqError as error:
            if not refused:
                raise AssertionError(f"check did not tell: {error}") from error


def _prompt(text):
    from mitseq.tasks.music.prompts import read_wish

    read_wish(text)


def _texts(path):
    from mitseq.tasks.sentiment.read import read_texts, stream_texts

    try:
        read_texts(path)
    finally:
        list(stream_texts(path))


def _conllu(text):
    from mitseq.tasks.tag.conllu import parse_conllu

    parse_conllu(text)


def _series(path):
    from mitseq.tasks.forecast.series import read_series

    read_series(path, shortest=3)


def _pairs(path):
    from mitseq.tasks.translate.pairs import read_pairs

    read_pairs(path)


def _vectors(path):
    from mitseq.text.vectors import read_vectors

    read_vectors(path, ["a", "text"])


@cache
def _good_image() -> tuple[bytes, ...]:
    from PIL import Image

    found = []
    for kind in ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"):
        written = io.BytesIO()
        Image.new("RGB", (20, 13), (200, 10, 10)).save(written, kind)
        found.append(written.getvalue())
    return tuple(found)


def _image(dice):
    return mutate_bytes(dice.choice(_good_image()), dice)


def _picture(path):
    from mitseq.tasks.caption.pictures import read_picture

    read_picture(path, 16)


@cache
def _good_model() -> bytes:
    import mitseq

    vocabulary = mitseq.Vocabulary("AB|", level="character")
    model = mitseq.build_music_model(
        vocabulary, units=4, layers=1, embedding_dim=2
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.keras")
        model.save(path)
        return path.read_bytes()


def _model(dice):
    mutate = mutate_config if dice.random() < 0.7 else mutate_bytes
    return mutate(_good_model(), dice)


def _load(path):
    import mitseq

    mitseq.load_music_model(path)


@cache
def _good_snapshot() -> bytes:
    from mitseq.training.snapshot import Snapshot

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "snapshot.npz")
        weights = [np.ones((3, 2), "float32"), np.zeros(2, "float32")]
        Snapshot(variables=weights, best=weights, epoch=1).write(path)
        return path.read_bytes()


def _snapshot(dice):
    return mutate_bytes(_good_snapshot(), dice)


def _read(path):
    from mitseq.training.snapshot import Snapshot

    Snapshot.read(path)


SETTINGS = {"units": 3}


@cache
def _good_state() -> dict[str, bytes]:
    """The files of a training of two epochs, killed in the third."""
    from mitseq.training.run import TrainingRun

    def save(path):
        path.write_bytes(_good_model())

    with tempfile.TemporaryDirectory() as folder:
        with TrainingRun(folder) as run:
            run.check(SETTINGS, data=["a"], epochs=3)
            run.start()
            for epoch in (1, 2):
                run.write_snapshot(_snapshot_of(epoch))
                run.write_model(save, epoch, 1 / epoch)
                run.write_history([{"loss": 1.0}] * epoch)
        paths = sorted(Path(folder).iterdir())
        return {p.name: p.read_bytes() for p in paths if p.name != ".lock"}


def _snapshot_of(epoch):
    from mitseq.training.snapshot import Snapshot

    weights = [np.full((3, 2), epoch, "float32"), np.zeros(2, "float32")]
    rows = [{"loss": 1.0}] * epoch
    return Snapshot(epoch=epoch, variables=weights, best=weights, rows=rows)


def _edits(dice):
    """From one to four edits of the files of a state."""
    good, found = _good_state(), []
    for _ in range(dice.choice((1, 1, 2, 4))):
        name = dice.choice(sorted(good))
        what = dice.choice(("torn", "gone", "empty", "folder", "another"))
        content = mutate_bytes(good[name], dice)
        if what == "another":
            content = good[dice.choice(sorted(good))]
        found.append((name, what, content))
    return tuple(found)


def _resume(folder, edits):
    """A state that is edited: the one of a snapshot, or an error and no change.

    Raises:
        AssertionError: if it goes on from what was never written.
    """
    from mitseq.training.run import TrainingRun

    with tempfile.TemporaryDirectory(dir=folder) as here:
        for name, content in _good_state().items():
            Path(here, name).write_bytes(content)
        for name, what, content in edits:
            path = Path(here, name)
            if path.is_dir():
                continue
            path.unlink(missing_ok=True)
            if what == "folder":
                path.mkdir()
            elif what != "gone":
                path.write_bytes(b"" if what == "empty" else content)
        before = _files(here)
        try:
            with TrainingRun(here, resume=True) as run:
                run.check(SETTINGS, data=["a"], epochs=3)
                snapshot = run.snapshot
        finally:
            if _files(here) != before:
                raise AssertionError("a file is another one")
        if snapshot is None:
            names = {path.name for path in Path(here).iterdir()}
            if names & {"snapshot.npz", "snapshot-before.npz"}:
                raise AssertionError("a snapshot is not looked at")
            return
        expected = _snapshot_of(snapshot.epoch)
        for kind in ("variables", "best"):
            pairs = zip(
                getattr(snapshot, kind), getattr(expected, kind), strict=True
            )
            if not all(np.array_equal(*pair) for pair in pairs):
                raise AssertionError(f"{kind} that were never written")


def _files(folder):
    return {
        path.name: None if path.is_dir() else path.read_bytes()
        for path in Path(folder).iterdir()
        if path.name != ".lock"
    }


# Judging


@dataclass
class Failure:
    """What went wrong, as often as it did, with the smallest input."""

    what: str
    smallest: object
    count: int = 1

    def __str__(self) -> str:
        shown = repr(self.smallest)
        shown = shown if len(shown) <= 400 else f"{shown[:400]} ..."
        return f"{self.what} ({self.count} times): {shown}"


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Raises TimeoutError where a block takes longer."""

    def stop(number, frame):
        raise TimeoutError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def judge(target: Target, content: object) -> str | None:
    """Returns what is wrong with how a target takes an input, or None."""
    try:
        with at_most(SECONDS), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            target.run(content)
    except MitseqError as error:
        text = str(error)
        if "\n" in text or len(text) > LONGEST + 10:
            return f"an error of {len(text)} characters, or several lines"
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        file = "/".join(Path(last.filename).parts[-2:])
        return f"{type(error).__name__} at {file}:{last.lineno}"
    return None


def smaller(target: Target, content, what: str, seconds: float = 5.0):
    """Returns the smallest input found that fails in the same way."""
    until = time.monotonic() + seconds
    size = len(content) // 2
    while size and time.monotonic() < until:
        at = 0
        while at < len(content) and time.monotonic() < until:
            less = content[:at] + content[at + size :]
            if judge(target, less) == what:
                content = less
            else:
                at += size
        size //= 2
    return content


def attack(target: Target, count: int, seed: int) -> dict[str, Failure]:
    """Runs a target on mutated inputs; returns the distinct failures."""
    found: dict[str, Failure] = {}
    for number in range(count):
        dice = random.Random(f"{seed} {number}")  # noqa: S311
        content = target.inputs(dice)
        what = judge(target, content)
        if what is None:
            continue
        if what in found:
            found[what].count += 1
            if len(content) < len(found[what].smallest):
                found[what].smallest = content
        else:
            found[what] = Failure(what, content)
    for what, failure in found.items():
        failure.smallest = smaller(target, failure.smallest, what)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--arguments", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.disable(logging.WARNING)  # what is said of a torn state
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, target in targets(Path(folder)).items():
            if options.only and name not in options.only:
                continue
            count = max(1, round(options.count * target.share))
            judge(target, target.inputs(random.Random(0)))  # noqa: S311
            started = time.monotonic()
            found = attack(target, count, options.seed)
            seconds = time.monotonic() - started
            print(
                f"{name}: {count:,} inputs, {count / seconds:,.0f} a second, "
                f"{len(found)} distinct failures",
                flush=True,
            )
            for failure in found.values():
                print(f"  {failure}", flush=True)
            failures += len(found)
        if options.arguments:
            failures += attack_arguments(Path(folder))
    sys.exit(1 if failures else 0)


def attack_arguments(folder: Path) -> int:
    """Calls every public name with absurd values; returns the faults."""
    from absurd_arguments import calls, targets, try_call

    table = targets(folder)
    count, faults, started = 0, [], time.monotonic()
    for call in calls(table):
        count += 1
        fault = try_call(table, *call)
        faults += [] if fault is None else [fault]
    rate = count / (time.monotonic() - started)
    print(f"arguments: {count:,} calls, {rate:,.0f} a second, {len(faults)}")
    for fault in faults:
        print(f"  {json.dumps(str(fault))}")
    return len(faults)


if __name__ == "__main__":
    main()
