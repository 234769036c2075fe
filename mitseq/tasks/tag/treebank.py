"""What to learn from: CoNLL-U files of the user, split.

A treebank of Universal Dependencies comes as three files whose names end with
"train", "dev" and "test". In a folder they are told apart, so that nothing is
learned from what is to judge by. Otherwise a part of the sentences is held out.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mitseq.errors import MitseqError
from mitseq.tasks.tag.conllu import conllu_files, read_conllu
from mitseq.tasks.tag.sentences import Treebank

FEWEST = 20  # sentences that a training needs
ROLES = {
    "train": "train",
    "dev": "validation",
    "validation": "validation",
    "test": "test",
}


def role_of(path: str | os.PathLike) -> str | None:
    """Returns what the name of a file says it is for.

    Example:

    >>> [role_of(f"en_ewt-ud-{name}.conllu") for name in ("dev", "train", "x")]
    ['validation', 'train', None]
    """
    name = Path(path).stem.lower()
    last = name.replace("_", "-").replace(".", "-").rsplit("-", 1)[-1]
    return ROLES.get(last)


def read_treebank(
    paths: Sequence[str | os.PathLike],
    validation: Sequence[str | os.PathLike] = (),
    seed: int = 0,
) -> Treebank:
    """Returns the sentences of CoNLL-U files, split.

    Args:
        paths: Files or folders to learn from. The files of a folder whose
            names end with "dev" and "test" are to stop by and to judge by.
        validation: Files to stop by. Without them and without a "dev" in a
            folder, a tenth of the sentences is held out for it, and where no
            "test" is, another tenth to judge by.
        seed: Decides who is held out.

    Raises:
        MitseqError: if a file is not in the format, or there are too few
            sentences.
    """
    files: dict[str, list[Path]] = {"train": [], "validation": [], "test": []}
    for path in map(Path, paths):
        for file in conllu_files([path]):
            role = role_of(file) if path.is_dir() else "train"
            files[role or "train"].append(file)
    name = ", ".join(map(str, paths))
    if not files["train"]:
        raise MitseqError(
            f"{name}: expected a file to learn from; all names end with "
            '"dev" or "test".'
        )
    found = {role: read_conllu(of_role) for role, of_role in files.items()}
    if validation:
        found["validation"] = read_conllu(validation)
    train = found["train"]
    if len(train) < FEWEST:
        raise MitseqError(
            f"{name}: expected at least {FEWEST} sentences to learn from. "
            f"Received: {len(train)}."
        )
    if not found["validation"]:
        order = np.random.default_rng(seed).permutation(len(train))
        tenth = len(train) // 10
        held = [sorted(order[:tenth]), sorted(order[tenth : 2 * tenth])]
        if found["test"]:
            held = held[:1]
        for role, rows in zip(("validation", "test"), held, strict=False):
            found[role] = [train[i] for i in rows]
        rest = sorted(order[len(held) * tenth :])
        found["train"] = [train[i] for i in rest]
    return Treebank(**found, name=name)
