"""The corpus: from any pile of ABC to three lists of clean tunes.

Read `reading.py` first (files to tunes), `drops.py` (what is left out and why),
`duplicates.py` (which tunes are one tune) and `splits.py` (who goes where).
Here they are put together.
"""

import importlib.util
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from mitseq.output import atomic_write
from mitseq.progress import follow
from mitseq.tunes.drops import Drops, normalized_tunes
from mitseq.tunes.duplicates import near_duplicate_groups
from mitseq.tunes.lines import CorpusError
from mitseq.tunes.reading import RawTune, read_tunes
from mitseq.tunes.splits import SPLITS, choose_splits

FEW = 100  # tunes to learn from
FEW_HELD_OUT = 10  # tunes to judge by
COLLECTIONS = ("oneills1850", "ryansMammoth", "airdsAirs")


@dataclass(frozen=True)
class Corpus:
    """Normalized tunes to learn from, to choose by and to judge on.

    Args:
        train: Tunes to learn from. They may hold a tune in two transcriptions.
        validation: Held out to stop the training and to choose by.
        test: Held out until the end.
        report: What was read, kept and dropped, and why; JSON can hold it.
    """

    train: list[str]
    validation: list[str]
    test: list[str]
    report: dict

    @property
    def notes(self) -> list[str]:
        """What a person should know before a model learns from it.

        Example:

        >>> Corpus(["a tune"] * 120, ["held out"] * 10, [], {}).notes
        []
        """
        advice = (
            "add some hundred more, or leave out --data for the thousands of "
            "music21"
        )
        held_out = _number(len(self.validation))
        if len(self.train) < FEW:
            return [
                f"{_number(len(self.train))} to learn from, {held_out} to "
                f"judge by: a model learns so few by heart; {advice}"
            ]
        if len(self.validation) < FEW_HELD_OUT:
            return [
                f"{held_out} to judge by: the bits per character depend on "
                f"which ones they are; {advice}"
            ]
        return []

    def save(self, directory: str | os.PathLike) -> Path:
        """Writes `train.abc`, `validation.abc`, `test.abc`, `report.json`.

        Returns:
            The folder; it is created where it is missing.

        Raises:
            OutputError: if it cannot be written.
        """
        directory = Path(directory)
        for split in SPLITS:
            numbered = enumerate(getattr(self, split), start=1)
            tunes = (f"X:{number}\n{tune}" for number, tune in numbered)
            atomic_write(directory / f"{split}.abc", "\n".join(tunes))
        report = json.dumps(self.report, indent=2)
        atomic_write(directory / "report.json", report + "\n")
        return directory

    @classmethod
    def load(cls, directory: str | os.PathLike) -> "Corpus":
        """Reads what `save` wrote, and keeps its split.

        Args:
            directory: A folder with `train.abc`, `validation.abc` and
                `test.abc`. Tunes that someone added there are normalized.

        Returns:
            The corpus.

        Raises:
            CorpusError: if one of the three files is missing or unreadable.
        """
        directory = Path(directory)
        drops, splits = Drops(), {}
        for split in SPLITS:
            tunes = _split_file(directory / f"{split}.abc")
            splits[split] = [tune for tune, _ in normalized_tunes(tunes, drops)]
        report = _report(splits, drops, [directory], seed=None)
        saved = _saved_report(directory / "report.json")
        if saved.get("splits") == report["splits"]:
            report = saved  # nobody changed the tunes since
        return cls(**splits, report=report)


def _saved_report(path: Path) -> dict:
    if not path.exists():
        return {}
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CorpusError(f"{path}: not a report: {error}") from error
    if not isinstance(report, dict):
        raise CorpusError(f"{path}: not a report, expected a JSON object")
    return report


def is_split(path: str | os.PathLike) -> bool:
    """Returns whether a path is a corpus that `Corpus.load` can read."""
    return all((Path(path) / f"{split}.abc").is_file() for split in SPLITS)


def music21_collections() -> list[Path]:
    """Returns the folders of O'Neill's, Ryan's and Aird's tunes in music21.

    music21 itself is not imported: that takes seconds.

    Raises:
        CorpusError: if music21 or its corpus is not installed.

    Example:

    >>> [path.name for path in music21_collections()]
    ['oneills1850', 'ryansMammoth', 'airdsAirs']
    """
    advice = (
        "Install it with `pip install --force-reinstall music21`, or pass "
        "your own ABC files with `--data`."
    )
    spec = importlib.util.find_spec("music21")
    if spec is None or not spec.submodule_search_locations:
        raise CorpusError(f"music21 is not installed. {advice}")
    corpus = Path(spec.submodule_search_locations[0]) / "corpus"
    folders = [corpus / name for name in COLLECTIONS]
    missing = [folder.name for folder in folders if not folder.is_dir()]
    if missing:
        raise CorpusError(
            f"the installed music21 lacks {', '.join(missing)} in {corpus}: "
            f"it was installed without its corpus. {advice}"
        )
    return folders


def prepare(
    paths: str | os.PathLike | Iterable[str | os.PathLike] | None = None,
    seed: int = 0,
) -> Corpus:
    """Reads, normalizes, removes duplicates and splits.

    Tunes that are near-duplicates of each other all land in the same split, and
    only train keeps more than one of them. The split of a group depends on the
    notes of its first tune and on `seed`, not on how many others there are: a
    file added at the end moves a tune only if it makes one group of two.

    Args:
        paths: Files and folders; the music21 collections when None. One folder
            that `Corpus.save` wrote keeps the split it has.
        seed: Another seed, another split.

    Returns:
        The corpus, 90 % train, 5 % validation, 5 % test.

    Raises:
        CorpusError: if a path cannot be read, or no tune is left.
    """
    if paths is None:
        paths = music21_collections()
    elif isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    paths = [Path(path) for path in paths]
    if not paths:
        raise CorpusError(
            "`paths` must name at least one file or folder. Received: paths=[]"
        )
    if len(paths) == 1 and is_split(paths[0]):
        return Corpus.load(paths[0])

    drops = Drops()
    skipped: list[CorpusError] = []
    kept: dict[str, RawTune] = {}
    found = normalized_tunes(read_tunes(paths, skipped), drops)
    for tune, raw in follow(found, "reading tunes"):
        if tune in kept:
            drops.add("duplicate", raw, f"same as {_place(kept[tune])}")
        else:
            # Where it stood is enough: its text was read.
            kept[tune] = replace(raw, text="")
    if not kept:
        most = drops.reasons.most_common(3)
        reasons = "; ".join(f"{n} {why}" for why, n in most)
        raise CorpusError(
            f"{', '.join(map(str, paths))}: none of {drops.read} tunes can be "
            f"used ({reasons})"
        )

    tunes = list(kept)
    groups = near_duplicate_groups(tunes)
    splits: dict[str, list[str]] = {split: [] for split in SPLITS}
    chosen = choose_splits([tunes[group[0]] for group in groups], seed)
    for split, group in zip(chosen, groups, strict=True):
        first, *others = (tunes[i] for i in group)
        splits[split].append(first)
        if split == "train":
            splits[split] += others
            continue
        reason = f"the tune of {_place(kept[first])}"
        for tune in others:
            drops.add("near-duplicate", kept[tune], reason)
    report = _report(splits, drops, paths, seed)
    sizes = [len(group) for group in groups if len(group) > 1]
    report["near_duplicates"] = {"groups": len(sizes), "tunes": sum(sizes)}
    report["skipped_files"] = [str(error) for error in skipped]
    return Corpus(**splits, report=report)


def _number(count: int) -> str:
    return f"{count} tune{'s' * (count != 1)}"


def _place(raw: RawTune) -> str:
    return f"{raw.source.name}, line {raw.line}"


def _split_file(path: Path) -> Iterable[RawTune]:
    # An empty split is no mistake: three tunes make no test set.
    if path.exists() and path.stat().st_size == 0:
        return []
    return read_tunes(path)


def _report(
    splits: dict[str, list[str]],
    drops: Drops,
    paths: list[Path],
    seed: int | None,
) -> dict:
    return {
        "read": drops.read,
        "kept": sum(map(len, splits.values())),
        "dropped": dict(drops.reasons.most_common()),
        "examples": drops.examples,
        "splits": {
            split: {"tunes": len(tunes), "characters": sum(map(len, tunes))}
            for split, tunes in splits.items()
        },
        "sources": [str(path) for path in paths],
        "seed": seed,
    }
