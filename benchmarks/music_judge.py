r"""Unfiltered samples before two judges: abc2midi and this project's checker.

    python benchmarks/music_judge.py --data data/music --recipe runs/recipe \
        --model mitseq/pretrained/music.keras

A tune is accepted by abc2midi when it reports no error and no bar of a wrong
length (see abc2midi.py), and by our checker when `mitseq.tunes.check.check`
finds no problem. abc2midi is the independent one: the checker has seen none
of its code, and filters what `generate` returns.

Rows: the held-out tunes that people wrote, normalized; what the lab's recipe
writes (`music_training.py recipe` left its samples); what a mitseq model
writes, as it comes; and what `generate` returns after filtering. Every tune is
handed over as it was written, with an `X:` line in front where it has none.
A sample that did not end within the length limit counts as it is.

"copied" is the share of tunes whose longest run of characters that also stands
in one training tune is at least half of the tune's body, and 40 characters
(about four bars). Tunes that people wrote share phrases too: their row says
how much is usual. The held-out tunes are those that our checker takes, so it
accepts all of them by construction; report.json counts what it did not take.
"""

import argparse
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from abc2midi import share_accepted
from errors import told_in_one_line
from splits import read_split, read_tunes
from tables import print_results

from mitseq.errors import MitseqError
from mitseq.tunes.check import check
from mitseq.tunes.copying import COPY, body_of, is_copy, longest_run

COLUMNS = {
    "tunes": "tunes",
    "count": "count|d",
    "abc2midi": "abc2midi|.1%",
    "checker": "our checker|.1%",
    "checker_only": "checker only|.1%",
    "abc2midi_only": "abc2midi only|.1%",
    "copied": "copied|.1%",
    "longest_run": "longest run|d",
}


def kind(message: str) -> str:
    """A complaint of abc2midi without its place and numbers."""
    message = message.partition(" : ")[2] or message
    return re.sub(r"\d+(/\d+)?", "N", message).strip()


def judge_row(
    name: str, tunes: Sequence[str], training: str, show: int = 0
) -> tuple[dict, list[str]]:
    """Both judges on some tunes.

    Args:
        name: What the row is called.
        tunes: The texts, as they were written.
        training: The bodies of the training tunes, one long text.
        show: How many tunes to show on which the judges disagree.

    Returns:
        The row, and notes: what abc2midi complained of most, and tunes.
    """
    share, verdicts = share_accepted(tunes)
    checked = [not check(tune) for tune in tunes]
    pairs = Counter(
        (verdict.accepted, ours)
        for verdict, ours in zip(verdicts, checked, strict=True)
    )
    bodies = [body_of(tune) for tune in tunes]
    runs = [longest_run(body, training) for body in bodies]
    copied = [
        is_copy(body, run) for run, body in zip(runs, bodies, strict=True)
    ]
    count = max(1, len(tunes))
    row = {
        "tunes": name,
        "count": len(tunes),
        "abc2midi": share,
        "checker": sum(checked) / count,
        "checker_only": pairs[False, True] / count,
        "abc2midi_only": pairs[True, False] / count,
        "copied": sum(copied) / count,
        "longest_run": max(runs, default=0),
    }
    kinds = Counter(
        reason
        for verdict in verdicts
        for reason in {kind(m) for m in verdict.errors + verdict.bar_lengths}
    )
    row["complaints"] = dict(kinds.most_common(5))
    notes = []
    if kinds:
        most = "; ".join(f"{n} {reason}" for reason, n in kinds.most_common(3))
        notes.append(f"{name}: abc2midi complains most of: {most}.")
    disagree = [
        (tune, verdict)
        for tune, verdict, ours in zip(tunes, verdicts, checked, strict=True)
        if verdict.accepted != ours
    ]
    for tune, verdict in disagree[:show]:
        said = [*verdict.errors, *verdict.bar_lengths] or check(tune)
        notes.append(f"{name}:\n{tune}\n  {said[0]}")
    return row, notes


def generated(
    path: Path, count: int, temperature: float, seed: int, unchecked: bool
) -> list[str]:
    """Tunes of a mitseq model.

    Args:
        path: The saved model.
        count: Int, how many.
        temperature: Float.
        seed: Int.
        unchecked: True for the samples as they come, False for what
            `generate` returns.

    Returns:
        The texts.
    """
    from mitseq.tasks.music.generate import generate_tunes, sample_texts
    from mitseq.tasks.music.model import load_music_model

    model = load_music_model(path)
    settings = {"temperature": temperature, "seed": seed}
    if unchecked:
        return sample_texts(model, count, **settings)
    return [tune.abc for tune in generate_tunes(model, count, **settings)]


def main(arguments: list[str] | None = None) -> list[dict]:
    """Judge every source and print the table; returns the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--recipe", type=Path, help="folder of `music_training.py recipe`"
    )
    parser.add_argument("--model", type=Path, nargs="*", default=[])
    parser.add_argument(
        "--abc", type=Path, nargs="*", default=[], help="more files of tunes"
    )
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument(
        "--temperature", type=float, nargs="*", default=[1.0, 0.8]
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--show", type=int, default=0, help="tunes the judges disagree on"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)

    train = read_split(options.data, "train")
    training = "\n".join(map(body_of, train))
    sources = [
        ("people, held out, normalized", read_split(options.data, "test"))
    ]
    files = list(options.abc)
    if options.recipe:
        found = sorted(options.recipe.glob("samples-*.abc"), reverse=True)
        if not found:
            raise MitseqError(
                f"{options.recipe}: expected samples-*.abc, as "
                "`music_training.py recipe` writes at its end. Received: none."
            )
        files += found
    for path in files:
        name = path.stem.replace("samples-", "recipe, ").replace("-", ", T=")
        sources.append((name, read_tunes(path)))
    failures = []
    for path in options.model:
        for temperature in options.temperature:
            tunes = generated(
                path, options.samples, temperature, options.seed, True
            )
            sources.append((f"{path}, T={temperature:g}", tunes))
        try:
            tunes = generated(path, options.samples, 1.0, options.seed, False)
        except MitseqError as error:  # too few pass: the other rows count
            failures.append(f"{path}, as generate returns: none. {error}")
        else:
            sources.append((f"{path}, T=1, as generate returns", tunes))

    rows, notes = [], failures
    for name, tunes in sources:
        row, row_notes = judge_row(name, tunes, training, options.show)
        rows.append(row)
        notes += row_notes
    print_results(
        "Tunes accepted by abc2midi and by our checker",
        COLUMNS,
        rows,
        notes=[
            "abc2midi: no error and no bar-length warning. Checker only: "
            "accepted by our checker and not by abc2midi.",
            f"Copied: half of the body or more, and {COPY} characters, stand "
            "in one training tune; longest run in characters.",
            *notes,
        ],
        as_json=options.json,
    )
    return rows


if __name__ == "__main__":
    with told_in_one_line(FileNotFoundError):
        main()
