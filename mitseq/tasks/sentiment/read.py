"""Labeled texts from anyone's files, for sentiment classification.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). CSV, TSV, JSON Lines, a folder per class (the
layout of aclImdb), two files (the layout of rt-polarity), and two names:
"builtin" and "imdb". Read encodings.py and tables.py first.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mitseq.errors import MitseqError
from mitseq.text.encodings import read_text
from mitseq.text.tables import read_json_lines, read_table

SPLITS = ("train", "test")
IGNORED_FOLDERS = ("unsup",)  # aclImdb's reviews without a label
JSON_ENDINGS = (".jsonl", ".ndjson", ".json")
TAB_ENDINGS = (".tsv", ".tab")
UNBALANCED = 1.5  # times as many texts of one class as of another

# Names that columns of texts and of labels have, the likeliest first.
TEXT_NAMES = (
    *("text", "sentence", "review", "review_text", "reviewtext", "tweet"),
    *("content", "comment", "message", "body", "phrase", "document", "title"),
)
LABEL_NAMES = (
    *("label", "labels", "sentiment", "polarity", "target", "class"),
    *("category", "airline_sentiment", "rating", "stars", "score", "y"),
)
_HALF = re.compile(
    r"(?P<stem>.*?)(?P<dot>[._-]?)(?P<half>pos|neg|positive|negative)"
    r"(?P<end>(?:\.txt)?)",
    re.IGNORECASE,
)
_OTHER_HALF = {
    "pos": "neg",
    "neg": "pos",
    "positive": "negative",
    "negative": "positive",
}


class TextsError(MitseqError):
    """Labeled texts that cannot be read."""


@dataclass(frozen=True)
class Texts:
    """Texts, each with its label.

    Args:
        texts: The texts, as they were written.
        labels: The label of each, always a string.
        source: Where they come from.
        notes: What a person should know: columns taken, encoding, duplicates,
            classes of unequal size.
        groups: A number for each text, or None. Who splits the texts must not
            part those of one group: they say the same, or are twins.

    Example:

    >>> texts = Texts(["good", "bad"], ["pos", "neg"], "two words")
    >>> texts.classes, texts.counts, len(texts)
    (('neg', 'pos'), {'neg': 1, 'pos': 1}, 2)
    """

    texts: list[str]
    labels: list[str]
    source: str = "memory"
    notes: tuple[str, ...] = ()
    groups: list[int] | None = None

    def __post_init__(self):
        if len(self.texts) != len(self.labels):
            raise TextsError(
                "`texts` and `labels` must be as many. Received: "
                f"{len(self.texts)} texts, {len(self.labels)} labels."
            )
        if self.groups is not None and len(self.groups) != len(self.texts):
            raise TextsError(
                "`texts` and `groups` must be as many. Received: "
                f"{len(self.texts)} texts, {len(self.groups)} groups."
            )

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def classes(self) -> tuple[str, ...]:
        """The distinct labels in the order of the alphabet."""
        return tuple(sorted(set(self.labels)))

    @property
    def counts(self) -> dict[str, int]:
        """How many texts each class has."""
        counts = Counter(self.labels)
        return {name: counts[name] for name in self.classes}


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
    if split not in (None, *SPLITS):
        raise TextsError(
            f"`split` must be one of {SPLITS}. Received: split={split!r}."
        )
    name, path = os.fspath(path), Path(path)
    columns = {"text_column": text_column, "label_column": label_column}
    notes: list[str] = []
    groups = None
    if name == "builtin" and not path.exists():
        from mitseq.tasks.sentiment.grammar import grammar_texts

        _no_columns(columns, name)
        data = grammar_texts(split or "train")
        texts, labels, groups = data.texts, data.labels, data.groups
        notes += data.notes
    elif name == "imdb" and not path.exists():
        _no_columns(columns, name)
        texts, labels = _imdb(split)
    elif path.is_dir():
        _no_columns(columns, name)
        texts, labels = _read_folder(path, encoding, split, notes)
    elif (halves := _halves_of(path)) is not None:
        _no_columns(columns, name)
        texts, labels = _read_halves(halves, encoding, notes)
    elif not path.exists():
        raise TextsError(
            f"{path}: no such file or folder. Expected a CSV, TSV or JSON "
            "Lines file, a folder with a folder for each class, or the name "
            '"builtin" or "imdb".'
        )
    else:
        content, used = read_text(path, encoding)
        _note_encoding(used, encoding, notes)
        if not content.strip():
            raise TextsError(f"{path}: the file is empty")
        if path.suffix.lower() in JSON_ENDINGS:
            read = _from_json_lines
        else:
            read = _from_table
        texts, labels = read(content, path, text_column, label_column, notes)
    if not texts:
        raise TextsError(f"{path}: no text")
    result = Texts(texts, labels, name)
    return Texts(texts, labels, name, (*notes, *_remarks(result)), groups)


def splits_of(path: str | os.PathLike) -> tuple[str, ...]:
    """Which of "train" and "test" can be asked for as a `split`.

    Args:
        path: As for `read_texts`.

    Returns:
        Their names; nothing for data that is one heap.

    Example:

    >>> splits_of("builtin")
    ('train', 'test')
    """
    if os.fspath(path) in ("builtin", "imdb") and not Path(path).exists():
        return SPLITS
    path = Path(path)
    if not path.is_dir() or _class_files(path):
        return ()
    return tuple(name for name in SPLITS if _class_folders(path / name))


def find_duplicates(
    train: Sequence[str], test: Sequence[str]
) -> list[tuple[int, int]]:
    """Finds texts of the test data that stand in the training data too.

    Upper and lower case, spaces and punctuation do not count.

    Args:
        train: Texts to learn from.
        test: Texts to judge on.

    Returns:
        The index in `train` (of the first one) and in `test` of each pair.

    Example:

    >>> find_duplicates(["So good!", "bad"], ["fine", "so  good"])
    [(0, 1)]
    """
    first: dict[str, int] = {}
    for index, text in enumerate(train):
        first.setdefault(_key(text), index)
    return [
        (first[key], index)
        for index, key in enumerate(map(_key, test))
        if key in first
    ]


def _key(text: str) -> str:
    words = re.findall(r"\w+", text.casefold())
    return " ".join(words) or text.strip()


def _remarks(data: Texts) -> Iterator[str]:
    """What is worth knowing about any texts."""
    empty = sum(not text.strip() for text in data.texts)
    if empty:
        yield f"{_number(empty, 'text')} of {len(data)} empty"
    labels: dict[str, set[str]] = {}
    for text, label in zip(data.texts, data.labels, strict=True):
        labels.setdefault(_key(text), set()).add(label)
    repeated = len(data) - len(labels)
    if repeated:
        torn = sum(len(found) > 1 for found in labels.values())
        yield _number(repeated, "repeated text") + (
            f", {torn} of them with another label" if torn else ""
        )
    counts = data.counts
    if max(counts.values()) > UNBALANCED * min(counts.values()):
        sizes = ", ".join(f"{name}: {n}" for name, n in counts.items())
        yield f"classes of unequal size ({sizes})"


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _no_columns(columns: dict, name: str) -> None:
    for column, value in columns.items():
        if value is not None:
            raise TextsError(
                f"`{column}` is for files with columns; {name} has none. "
                f"Received: {column}={value!r}."
            )


def _note_encoding(used: str, asked: str | None, notes: list[str]) -> None:
    note = f"not UTF-8, read as {used}"
    if asked is None and not used.startswith("utf") and note not in notes:
        notes.append(note)


# Tables


def _from_table(content, path, text_column, label_column, notes):
    tabs = path.suffix.lower() in TAB_ENDINGS
    table = read_table(content, str(path), tabs=tabs)
    rows, lines = table.rows, table.lines
    names = [cell.strip() for cell in rows[0]]
    wanted = (text_column, label_column)
    if not _is_header(rows, wanted):
        names = None
    else:
        rows, lines = rows[1:], lines[1:]
    width = len(table.rows[0])
    chosen = [
        None if c is None else _column(c, n, names, width, path)
        for c, n in zip(wanted, ("text_column", "label_column"), strict=True)
    ]
    if not rows:
        raise TextsError(f"{path}: a header and no row")
    text_at, label_at = _complete(chosen, names, rows)
    named = names is not None and names[label_at].casefold() in LABEL_NAMES
    if chosen[1] is None and not named:
        _check_found(label_at, names, rows, path)
    if text_at == label_at:
        raise TextsError(
            f"{path}: texts and labels must be two columns. Received: column "
            f"{_named(text_at, names)} for both."
        )
    notes.append(
        f"texts from column {_named(text_at, names)}, labels from column "
        f"{_named(label_at, names)}"
    )
    texts, labels = [], []
    for row, line in zip(rows, lines, strict=True):
        if not row[label_at].strip():
            raise TextsError(
                f"{path}: line {line}: the label is missing in column "
                f"{_named(label_at, names)}"
            )
        texts.append(row[text_at])
        labels.append(row[label_at].strip())
    return texts, labels


def _is_header(rows: list[list[str]], wanted: Iterable) -> bool:
    """Whether the first row names the columns."""
    if any(isinstance(c, str) and not c.strip().isdigit() for c in wanted):
        return True
    names = [cell.strip().casefold() for cell in rows[0]]
    if any(n in names for n in TEXT_NAMES) and all(len(n) <= 40 for n in names):
        return True
    if any(n in names for n in LABEL_NAMES):
        return True
    if len(rows) < 3:
        return False
    text_at, label_at = _complete([None, None], None, rows[1:])
    labels = Counter(row[label_at].strip() for row in rows[1:])
    first = rows[0][label_at].strip()
    few = len(labels) <= max(2, len(rows) // 4)
    return few and first not in labels and not _is_number(first)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.\d*)?", text) is not None


def _column(column, argument, names, width, path) -> int:
    """The index of a column that the user named."""
    text = str(column).strip()
    if names and text in names:
        return names.index(text)
    folded = [name.casefold() for name in names or ()]
    if text.casefold() in folded:
        return folded.index(text.casefold())
    if text.isdigit() and 1 <= int(text) <= width:
        return int(text) - 1
    raise TextsError(
        f"{path}: `{argument}` must be one of its columns: "
        f"{_listed(names, width)}. Received: {argument}={column!r}."
    )


def _complete(chosen, names, rows) -> tuple[int, int]:
    """Fills in the columns that the user left open."""
    text_at, label_at = chosen
    folded = [name.casefold() for name in names or ()]
    if text_at is None:
        text_at = _first_of(TEXT_NAMES, folded, label_at)
    if label_at is None:
        label_at = _first_of(LABEL_NAMES, folded, text_at)
    columns = range(len(rows[0]))
    if text_at is None:  # the most to read
        text_at = max(
            (c for c in columns if c != label_at),
            key=lambda c: sum(map(len, {row[c] for row in rows})),
        )
    if label_at is None:  # the fewest values, but more than one
        kinds = {
            c: len({row[c] for row in rows}) for c in columns if c != text_at
        }
        label_at = min(kinds, key=lambda c: (kinds[c] < 2, kinds[c]))
    return text_at, label_at


def _check_found(label_at: int, names, rows, path: Path) -> None:
    """A column of labels that was guessed must repeat some of them."""
    kinds = len({row[label_at].strip() for row in rows})
    if kinds > max(2, len(rows) // 2):
        raise TextsError(
            f"{path}: no column looks like labels; `label_column` names it. "
            f"Its columns: {_listed(names, len(rows[0]))}."
        )


def _listed(names: list[str] | None, width: int) -> str:
    if names:
        return ", ".join(name or '""' for name in names)
    return f"numbers 1 to {width} (no header)"


def _first_of(known, names, taken) -> int | None:
    for name in known:
        if name in names and names.index(name) != taken:
            return names.index(name)
    return None


def _named(index: int, names: list[str] | None) -> str:
    return f'"{names[index]}"' if names else str(index + 1)


def _from_json_lines(content, path, text_column, label_column, notes):
    records, lines = read_json_lines(content, str(path))
    keys: list[str] = list(dict.fromkeys(k for r in records for k in r))
    chosen = [
        _key_of(c, a, keys, known, path)
        for c, a, known in (
            (text_column, "text_column", TEXT_NAMES),
            (label_column, "label_column", LABEL_NAMES),
        )
    ]
    notes.append(f'texts from "{chosen[0]}", labels from "{chosen[1]}"')
    texts, labels = [], []
    for record, line in zip(records, lines, strict=True):
        for key in chosen:
            if record.get(key) is None:
                raise TextsError(f'{path}: line {line}: "{key}" is missing')
        text, label = (record[key] for key in chosen)
        if not isinstance(text, str):
            raise TextsError(
                f'{path}: line {line}: "{chosen[0]}" must be a string. '
                f"Received: {type(text).__name__}."
            )
        texts.append(text)
        labels.append(_label(label, path, line))
    return texts, labels


def _key_of(column, argument, keys, known, path) -> str:
    if column is not None and str(column) in keys:
        return str(column)
    if column is None:
        folded = {key.casefold(): key for key in reversed(keys)}
        for name in known:
            if name in folded:
                return folded[name]
    received = "none given" if column is None else repr(column)
    raise TextsError(
        f"{path}: `{argument}` must be one of its keys: {', '.join(keys)}. "
        f"Received: {argument}={received}."
    )


def _label(label, path, line) -> str:
    if isinstance(label, bool):
        return str(label).lower()
    if isinstance(label, float) and label.is_integer():
        label = int(label)
    if isinstance(label, (str, int, float)) and str(label).strip():
        return str(label).strip()
    raise TextsError(
        f"{path}: line {line}: a label must be a string or a number. "
        f"Received: {label!r}."
    )


# Folders and pairs of files


def _read_folder(path: Path, encoding, split, notes):
    both = splits_of(path)
    if both:
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


def _class_files(path: Path) -> list[Path]:
    return [f for f in _class_folders(path) if f.name not in SPLITS]


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
            text, used = read_text(file, encoding)
            _note_encoding(used, encoding, notes)
            texts.append(text.strip())
            labels.append(folder.name)
    return texts, labels


def _halves_of(path: Path) -> tuple[Path, Path] | None:
    """The files of the negative and of the positive texts, if `path` is one.

    `path` is one of them, or what their names have in common.
    """
    if not path.name:
        return None
    if not path.exists():
        for negative, positive in (("neg", "pos"), ("negative", "positive")):
            halves = tuple(
                path.with_name(f"{path.name}.{half}")
                for half in (negative, positive)
            )
            if all(half.is_file() for half in halves):
                return halves
        return None
    match = _HALF.fullmatch(path.name)
    if match is None or not path.is_file():
        return None
    half = match["half"].lower()
    other = path.with_name(
        match["stem"] + match["dot"] + _OTHER_HALF[half] + match["end"]
    )
    if not other.is_file():
        return None
    return (path, other) if half.startswith("neg") else (other, path)


def _read_halves(halves: tuple[Path, Path], encoding, notes):
    texts, labels = [], []
    for file, label in zip(halves, ("neg", "pos"), strict=True):
        content, used = read_text(file, encoding)
        _note_encoding(used, encoding, notes)
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
