"""The page of a blind test: twenty tunes to see, to hear and to judge.

It works from `file://` and asks for nothing from the network. It does not know
who wrote what; the answers are saved as a file. What it looks like is in
`judge_page.html`, `.css` and `.js`, the players are those of `tunes/page`.
"""

from mitseq.offline_page import offline_page
from mitseq.tasks.music.judge import RATED, BlindTest
from mitseq.tunes.page import scores_and_player
from mitseq.tunes.tune import Tune

QUESTIONS = {
    "structure": "Structure: do its parts belong together, and do they end "
    "where they should?",
    "melody": "Melody: would you like to hear or play it again?",
}


def judge_page(test: BlindTest) -> str:
    """Returns the page of a test.

    Args:
        test: From `blind_test`.

    Raises:
        MelodyError: if a tune is not accepted by the checker.
    """
    tunes = []
    for number, entry in enumerate(test.entries, start=1):
        tune = Tune(entry.abc)
        tunes.append(
            {
                "number": number,
                "facts": [tune.meter, tune.key],
                **scores_and_player(tune.melody, f"t{number}-"),
            }
        )
    return offline_page(
        "tasks/music/judge_page",
        title="Who wrote this tune?",
        base="tunes/page",
        test=test.name,
        tunes=tunes,
        questions=[(name, QUESTIONS[name]) for name in RATED],
    )
