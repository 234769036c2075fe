"""`mitseq quiz cards`: a flash card for each concept."""

from collections import deque

import click

from mitseq.cli.options import json_option, option
from mitseq.cli.program import command, print_json, remark
from mitseq.cli.quiz.answers import (
    next_line,
    round_options,
    say_links,
    seed_of,
)


@command(
    "mitseq quiz cards --chapter attention",
    "mitseq quiz cards --all",
    "mitseq quiz cards --json",
)
@round_options
@option("--all", "all_at_once", is_flag=True, help="Print all, ask nothing.")
@json_option
def cards(
    chapter: str | None,
    seed: int | None,
    count: int | None,
    all_at_once: bool,
    as_json: bool,
) -> None:
    """Show flash cards: Enter turns one, y or n says whether you knew it.

    What you did not know comes again, until you know it; q leaves. --all and
    --json ask nothing, and without --seed they keep the lecture's order.
    """
    from mitseq.quiz.chapters import find_chapters
    from mitseq.quiz.links import links_of
    from mitseq.quiz.rounds import deal

    chapters = find_chapters(chapter)
    if as_json or all_at_once:
        if seed is None:
            dealt = [card for part in chapters for card in part.cards][:count]
        else:
            dealt = deal(chapters, seed, count)
        if as_json:
            print_json(
                [
                    {"front": card.front, "back": card.back} | links_of(card)
                    for card in dealt
                ]
            )
            return
        for card in dealt:
            click.echo(f"{card.front}\n   {card.back}")
            say_links(card)
        return
    seed = seed_of(seed)
    waiting = deque(deal(chapters, seed, count))
    total, known, at_once = len(waiting), 0, 0
    missed = set()
    while waiting:
        card = waiting.popleft()
        click.echo(f"\n{len(waiting) + 1} left: {card.front}")
        if next_line("turn it> ", False) is None:
            break
        click.echo(f"   {card.back}")
        say_links(card)
        answer = next_line("did you know it? y, n> ", False)
        if answer is None:
            break
        if answer.lower().startswith("y"):
            known += 1
            at_once += card not in missed
        else:
            missed.add(card)
            waiting.append(card)
    click.echo(f"\n{known} of {total} known, {at_once} at once")
    remark(f"seed {seed}")
