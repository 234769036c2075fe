"""Sentences of the made-up language that one is asked about.

No training of a bundled model has them.
"""

from mitseq.tasks.translate import language

SENTENCES = (
    "the old cat sees a bird and the happy children follow some slow boats "
    "today because a clever teacher forgets the red letter .",
    "a quiet king remembers some beautiful songs but the farmers hear a small "
    "horse again while an old friend paints the green garden .",
    "some tired doctors find the strange book and a queen loses an old picture "
    "because the young dog likes some big cold rivers .",
)
CLAUSES = 4  # of a sentence, as the bundled models have learned them
ASKED, SEED = 12, "pages"  # sentences of each number of clauses to measure by


def asked() -> list[list[str]]:
    """Returns sentences to measure by, which no training has, by clauses.

    Example:

    >>> [len(sentences) for sentences in asked()]
    [12, 12, 12, 12]
    """
    return [
        [
            " ".join([*made.source, "."])
            for made in language.write_sentences(ASKED, [clauses], SEED)
        ]
        for clauses in range(1, CLAUSES + 1)
    ]
