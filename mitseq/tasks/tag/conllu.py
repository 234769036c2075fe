r"""Sentences in the CoNLL-U format of Universal Dependencies.

A line a word, ten columns with tabs between them; the second is the word, the
fourth its tag (UPOS). An empty line ends a sentence. A line that begins with
"#" is a comment. What has the number "3-4" is a word of the text whose two
words follow ("don't": "do", "n't"), and "3.1" is a word that the text lacks:
both have no tag of their own, and are left out.

https://universaldependencies.org/format.html
"""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from mitseq.errors import MitseqError
from mitseq.input import input_path
from mitseq.tasks.tag.sentences import Sentence
from mitseq.text.encodings import read_text

COLUMNS = 10
NO_VALUE = "_"
_RANGE, _EMPTY = re.compile(r"(\d+)-(\d+)"), re.compile(r"\d+\.\d+")


def parse_conllu(
    text: str, source: str = "input", *, needs_tags: bool = True
) -> list[Sentence]:
    r"""Returns the sentences of a text in CoNLL-U.

    Args:
        text: The text.
        source: Where it comes from, for error messages.
        needs_tags: Whether each word must have a tag; "_" stands for none.

    Raises:
        MitseqError: if a line is not as the format has it, or there is no
            word; with the number of the line.

    Example:

    >>> rest = "\t_" * 6
    >>> text = f"1\tTime\t_\tNOUN{rest}\n2\tflies\t_\tVERB{rest}\n\n"
    >>> [str(sentence) for sentence in parse_conllu(text)]
    ['Time/NOUN flies/VERB']
    """
    found, words, tags = [], [], []
    until = 0  # the last word of a range, "3-4"

    def close(number):
        nonlocal words, tags, until
        if until > len(words):
            raise MitseqError(
                f"{source}: line {number}: the sentence ends before word "
                f"{until}, which a line with a range has announced."
            )
        if words:
            found.append(Sentence(tuple(words), tuple(tags)))
        words, tags, until = [], [], 0

    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            close(number)
            continue
        if line.startswith("#"):
            continue
        where = f"{source}: line {number}"
        columns = line.split("\t")
        if len(columns) != COLUMNS:
            raise MitseqError(
                f"{where}: expected {COLUMNS} columns with tabs between them. "
                f"Received: {len(columns)}."
            )
        name, word, tag = columns[0], columns[1], columns[3]
        if _EMPTY.fullmatch(name):
            continue
        if span := _RANGE.fullmatch(name):
            first, last = map(int, span.groups())
            if first != len(words) + 1 or last < first:
                raise MitseqError(
                    f"{where}: expected a range that begins with the next "
                    f"word, {len(words) + 1}. Received: {name!r}."
                )
            until = last
            continue
        if name != str(len(words) + 1):
            raise MitseqError(
                f"{where}: expected the number {len(words) + 1} in the first "
                f"column. Received: {name[:40]!r}."
            )
        if not word or word != word.strip():
            raise MitseqError(
                f"{where}: expected a word in the second column. Received: "
                f"{word[:40]!r}."
            )
        if (needs_tags and tag == NO_VALUE) or not re.fullmatch(r"\S+", tag):
            raise MitseqError(
                f"{where}: expected a tag in the fourth column. Received: "
                f"{tag[:40]!r}."
            )
        words.append(word)
        tags.append(tag)
    close(len(lines))
    if not found:
        raise MitseqError(f"{source}: holds no word.")
    return found


def read_conllu(
    paths: Iterable[str | os.PathLike], *, needs_tags: bool = True
) -> list[Sentence]:
    """Returns the sentences of CoNLL-U files, in UTF-8.

    Args:
        paths: The files; of a folder, all `*.conllu` in it.
        needs_tags: As for `parse_conllu`.

    Raises:
        MitseqError: if a file cannot be read, or a line is not as the format
            has it; with the file and the number of the line.
    """
    found = []
    for file in conllu_files(paths):
        text, _ = read_text(file, "utf-8-sig")
        found += parse_conllu(text, str(file), needs_tags=needs_tags)
    return found


def conllu_files(paths: Iterable[str | os.PathLike]) -> list[Path]:
    """Returns the files, and of a folder all `*.conllu` in it.

    Raises:
        MitseqError: if there is none in a folder.
    """
    found = []
    for path in map(input_path, paths):
        files = sorted(path.glob("*.conllu")) if path.is_dir() else [path]
        if not files:
            raise MitseqError(f"{path}: no *.conllu in this folder.")
        found += files
    return found


def write_conllu(
    sentences: Iterable[Sentence],
    texts: Sequence[str] = (),
    misc: Sequence[Sequence[str]] = (),
) -> str:
    r"""Returns sentences as CoNLL-U, each with a comment that has its text.

    Args:
        sentences: With their tags.
        texts: Of each, as it was written; its words with blanks between them
            if it is not given.
        misc: For each sentence what the last column says of each word; nothing
            if it is not given.

    Example:

    >>> print(write_conllu([Sentence(("Go",), ("VERB",))]).replace("\t", " "))
    # text = Go
    1 Go _ VERB _ _ _ _ _ _
    <BLANKLINE>
    <BLANKLINE>
    """
    lines = []
    for i, sentence in enumerate(sentences):
        text = texts[i].split() if texts else sentence.words
        lines.append(f"# text = {' '.join(text)}")
        pairs = zip(sentence.words, sentence.tags, strict=True)
        for n, (word, tag) in enumerate(pairs):
            last = misc[i][n] if misc else NO_VALUE
            columns = (str(n + 1), word, NO_VALUE, tag, *[NO_VALUE] * 5, last)
            lines.append("\t".join(columns))
        lines.append("")
    return "\n".join(lines) + "\n"
