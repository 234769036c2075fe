"""Labeled texts from anyone's files, for sentiment classification.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). CSV, TSV, JSON Lines, a folder per class (the
layout of aclImdb), two files (the layout of rt-polarity), and two names:
"builtin" and "imdb". Read texts.py and text/columns.py first.
"""

import contextlib
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from mitseq.arguments import check_choice, check_column, check_path, check_text
from mitseq.input import input_path
from mitseq.tasks.sentiment.grammar import grammar_texts
from mitseq.tasks.sentiment.texts import Texts, TextsError, remarks
from mitseq.text.columns import read_labeled_json_lines, read_labeled_table
from mitseq.text.encodings import read_text
from mitseq.text.streams import (
    is_readable,
    json_lines_taken,
    stream_labeled_json_lines,
    stream_labeled_table,
    table_taken,
)

SPLITS = ("train", "test")
IGNORED_FOLDERS = ("unsup",)  # aclImdb's reviews without a label
JSON_ENDINGS = (".jsonl", ".ndjson", ".json")
TAB_ENDINGS = (".tsv", ".tab")

STREAMED = 1 << 24  # bytes from which on a table is read row by row

_PAIRS = (("neg", "pos"), ("negative", "positive"))
_OTHER_HALF = {
    half: other for a, b in _PAIRS for half, other in ((a, b), (b, a))
}
_HALF = re.compile(
    rf"(.*?[._-]?)({'|'.join(_OTHER_HALF)})((?:\.txt)?)", re.IGNORECASE
)


def read_texts(
    path: str | os.PathLike,
    *,
    text_column: str | int | None = None,
    label_column: str | int | None = None,
    encoding: str | None = None,
    split: str | None = None,
) -> Texts:
    r"""Reads labeled texts; the layout is found by looking.

    Args:
        path: A .csv, .tsv or .jsonl file; a folder with one folder of .txt
            files for each class, or with train/ and test/ that are such
            folders; a pair of files such as rt-polarity.pos and
            rt-polarity.neg, one text a line, given as one of them, as their
            folder or as the stem "rt-polarity"; or a name: "builtin" (the
            grammar of reviews, grammar.py) or "imdb" (downloaded by
            `keras.datasets.imdb`).
        text_column: Name of the column of texts, or its number from 1 on; None
            to find it.
        label_column: The same of the labels.
        encoding: Of the files; None to find out.
        split: "train" or "test" of data that has both; None for train.

    Returns:
        The `Texts`.

    Raises:
        MitseqError: if nothing can be read there, or a row is not as it should
            be; with file and line.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "reviews.csv")
    ...     _ = path.write_text("text,mood\nso good,pos\ntoo long,neg\n")
    ...     data = read_texts(path)
    >>> data.texts, data.labels
    (['so good', 'too long'], ['pos', 'neg'])
    """
    if split is not None:
        check_choice(SPLITS, split=split)
    check_column(text_column=text_column, label_column=label_column)
    check_text(encoding=encoding)
    check_path(path=path)
    name, path = str(path), input_path(path)
    name = str(path) if name == "-" else name
    halves = _halves_of(path)
    is_name = name in ("builtin", "imdb") and not path.exists()
    columns = {"text_column": text_column, "label_column": label_column}
    notes: list[str] = []
    groups = None
    if is_name or path.is_dir() or halves is not None:
        _refuse_columns(columns, name)
    if is_name and name == "builtin":
        data = grammar_texts(split or "train")
        texts, labels, groups = data.texts, data.labels, data.groups
        notes += data.notes
    elif is_name:
        texts, labels = _imdb(split)
    elif path.is_dir():
        texts, labels = _read_folder(path, encoding, split, notes)
    elif halves is not None:
        texts, labels = _read_halves(halves, encoding, notes)
    elif path.exists():
        texts, labels = _read_file(path, encoding, columns, notes)
    else:
        raise TextsError(
            f"{path}: no such file or folder. Expected a CSV, TSV or JSON "
            "Lines file, a folder with a folder for each class, or the name "
            '"builtin" or "imdb".'
        )
    if not texts:
        raise TextsError(f"{path}: no text")
    result = Texts(texts, labels, name)
    return Texts(texts, labels, name, (*notes, *remarks(result)), groups)


def stream_texts(
    path: str | os.PathLike,
    *,
    text_column: str | int | None = None,
    label_column: str | int | None = None,
    encoding: str | None = None,
) -> Iterator[tuple[str, str, int | None]]:
    """Yields the texts of a collection of any size, one after the other.

    Files of columns are read line by line, folders file by file; UTF-8 is
    expected where no encoding is named. Of a pair of files, and of the names
    "builtin" and "imdb", all texts are read at once.

    Args:
        path: As for `read_texts`, as for the others; data that has a test part
            gives its train part.

    Yields:
        A text, its label, and its group, or None.

    Raises:
        MitseqError: if nothing can be read there, or a row is not as it should
            be; with file and line.
    """
    columns = {"text_column": text_column, "label_column": label_column}
    path, file = str(path), input_path(path)
    if file.is_file() and _halves_of(file) is None:
        if file.stat().st_size == 0:
            raise TextsError(f"{path}: the file is empty")
        ending = file.suffix.lower()
        if ending in JSON_ENDINGS:
            found = stream_labeled_json_lines(
                file, **columns, encoding=encoding
            )
        else:
            found = stream_labeled_table(
                file, **columns, encoding=encoding, tabs=ending in TAB_ENDINGS
            )
        for text, label in found:
            yield text, label, None
        return
    root = file / "train" if splits_of(path) and file.is_dir() else file
    folders = _class_folders(root)
    if len(folders) >= 2:
        _refuse_columns(columns, os.fspath(path))
        for folder in folders:
            for each in _text_files(folder):
                yield _read(each, encoding, []).strip(), folder.name, None
        return
    data = read_texts(path, **columns, encoding=encoding)
    groups = data.groups or [None] * len(data)
    yield from zip(data.texts, data.labels, groups, strict=True)


def splits_of(path: str | os.PathLike) -> tuple[str, ...]:
    """Returns which of "train" and "test" can be asked for as a `split`.

    It is neither for data that is one heap. `path` is as for `read_texts`.

    Example:

    >>> splits_of("builtin")
    ('train', 'test')
    """
    if os.fspath(path) in ("builtin", "imdb") and not Path(path).exists():
        return SPLITS
    path = Path(path)
    classes = [f for f in _class_folders(path) if f.name not in SPLITS]
    if not path.is_dir() or classes:
        return ()
    return tuple(name for name in SPLITS if _class_folders(path / name))


def _refuse_columns(columns: dict, name: str) -> None:
    for column, value in columns.items():
        if value is not None:
            raise TextsError(
                f"`{column}` is for files with columns; {name} has none. "
                f"Received: {column}={value!r}."
            )


def _read(path: Path, encoding: str | None, notes: list[str]) -> str:
    content, used = read_text(path, encoding)
    note = f"not UTF-8, read as {used}"
    if encoding is None and not used.startswith("utf") and note not in notes:
        notes.append(note)
    return content


def _read_file(path: Path, encoding, columns: dict, notes):
    # a small file is looked at as a whole, and so is one in another encoding
    if path.stat().st_size > STREAMED and is_readable(path, encoding):
        return _stream_file(path, encoding, columns, notes)
    content = _read(path, encoding, notes)
    if not content.strip():
        raise TextsError(f"{path}: the file is empty")
    ending = path.suffix.lower()
    if ending in JSON_ENDINGS:
        texts, labels, taken = read_labeled_json_lines(content, path, **columns)
    else:
        texts, labels, taken = read_labeled_table(
            content, path, **columns, tabs=ending in TAB_ENDINGS
        )
    notes.append(taken)
    return texts, labels


def _stream_file(path: Path, encoding, columns: dict, notes):
    """The same of a large file, of which no more is held than its texts."""
    ending = path.suffix.lower()
    given = {**columns, "encoding": encoding}
    if ending in JSON_ENDINGS:
        notes.append(json_lines_taken(path, **given))
        rows = stream_labeled_json_lines(path, **given)
    else:
        given["tabs"] = ending in TAB_ENDINGS
        notes.append(table_taken(path, **given))
        rows = stream_labeled_table(path, **given)
    texts, labels, known = [], [], {}
    for text, label in rows:
        texts.append(text)
        labels.append(known.setdefault(label, label))  # one string a class
    return texts, labels


# Folders and pairs of files


def _read_folder(path: Path, encoding, split, notes):
    if both := splits_of(path):
        wanted = path / (split or "train")
        if wanted.name not in both:
            raise TextsError(
                f"{wanted}: no folder with a folder for each class"
            )
        notes.append(f"{wanted.name}/ of {path.name}/")
        path = wanted
    folders = _class_folders(path)
    if len(folders) >= 2:
        return _read_class_folders(folders, encoding, notes)
    pairs = {
        halves
        for file in sorted(path.iterdir())
        if (halves := _halves_of(file)) is not None
    }
    if len(pairs) == 1:
        return _read_halves(pairs.pop(), encoding, notes)
    if pairs:
        names = ", ".join(sorted(half.name for pair in pairs for half in pair))
        raise TextsError(f"{path}: more than one pair of files: {names}")
    raise TextsError(
        f"{path}: expected a folder of .txt files for each class (such as "
        "pos/ and neg/), or two files such as rt-polarity.pos and "
        f"rt-polarity.neg. Received: {_content(path)}."
    )


def _content(path: Path, shown: int = 5) -> str:
    names = sorted(p.name + "/" * p.is_dir() for p in path.iterdir())
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more if names else "an empty folder"


def _class_folders(path: Path) -> list[Path]:
    if not path.is_dir():
        return []
    return [
        folder
        for folder in sorted(path.iterdir())
        if folder.is_dir()
        and folder.name not in IGNORED_FOLDERS
        and not folder.name.startswith((".", "__"))
        and _text_files(folder)
    ]


def _text_files(folder: Path) -> list[Path]:
    return sorted(
        file
        for file in folder.iterdir()
        if file.suffix.lower() == ".txt"
        and not file.name.startswith(".")
        and file.is_file()
    )


def _read_class_folders(folders: list[Path], encoding, notes):
    texts, labels = [], []
    for folder in folders:
        for file in _text_files(folder):
            texts.append(_read(file, encoding, notes).strip())
            labels.append(folder.name)
    return texts, labels


def _halves_of(path: Path) -> tuple[Path, Path] | None:
    """The files of the negative and of the positive texts, if `path` is one.

    `path` is one of them, or what their names have in common.
    """
    if not path.name:
        return None
    if not path.exists():
        for pair in _PAIRS:
            files = tuple(path.with_name(f"{path.name}.{x}") for x in pair)
            if all(file.is_file() for file in files):
                return files
        return None
    match = _HALF.fullmatch(path.name)
    if match is None or not path.is_file():
        return None
    half = match[2].lower()
    other = path.with_name(match[1] + _OTHER_HALF[half] + match[3])
    if not other.is_file():
        return None
    return (path, other) if half.startswith("neg") else (other, path)


def _read_halves(halves: tuple[Path, Path], encoding, notes):
    texts, labels = [], []
    for file, label in zip(halves, ("neg", "pos"), strict=True):
        content = _read(file, encoding, notes)
        found = [line.strip() for line in content.split("\n") if line.strip()]
        if not found:
            raise TextsError(f"{file}: the file is empty")
        texts += found
        labels += [label] * len(found)
    return texts, labels


# Names


def _imdb(split: str | None):
    """The reviews that Keras knows, words in lower case without marks."""
    import keras

    try:
        with contextlib.redirect_stdout(_for_messages()):
            both = keras.datasets.imdb.load_data()
            index = keras.datasets.imdb.get_word_index()
    except Exception as error:  # whatever a machine without a network raises
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise TextsError(
            f"imdb: keras.datasets.imdb cannot be downloaded: {reason}"
        ) from error
    x, y = both[SPLITS.index(split or "train")]
    # 0 fills up, 1 begins a text, 2 is an unknown word
    words = {number + 3: word for word, number in index.items()}
    texts = [" ".join(words.get(i, "") for i in row if i > 2) for row in x]
    return texts, [("neg", "pos")[int(label)] for label in y]


def _for_messages():
    """Where a download is told: on standard error, with a bar for a person."""
    return sys.stderr if sys.stderr.isatty() else _FirstLine()


class _FirstLine(io.StringIO):
    """Passes on what Keras says first, and none of the bar's many lines."""

    def write(self, text: str) -> int:
        if text.startswith("Downloading"):
            print(text.rstrip(), file=sys.stderr)
        return len(text)
