"""`mitseq quiz ask`: questions, answers, and why."""

import click

from mitseq.cli.options import json_option
from mitseq.cli.program import command, print_json, remark
from mitseq.cli.quiz.answers import (
    next_line,
    round_options,
    say_links,
    seed_of,
)
from mitseq.quiz.chapters import find_chapters
from mitseq.quiz.links import links_of
from mitseq.quiz.rounds import LETTERS, round_of


@command(
    "mitseq quiz",
    "mitseq quiz ask --chapter gradients --seed 1",
    "mitseq quiz ask --json < answers.txt",
)
@round_options
@json_option
def ask(
    chapter: str | None, seed: int | None, count: int | None, as_json: bool
) -> None:
    """Ask questions on the lecture, the notes' own among them.

    Answer with a letter, or with Enter if you do not know; q leaves. Answers
    are read from standard input, a line each, so a file or a pipe will do. With
    --json the questions go to standard error, and the result is one document.
    """
    seed = seed_of(seed)
    asked = round_of(find_chapters(chapter), seed, count)
    results = []
    for number, each in enumerate(asked, 1):
        question = each.question
        mark = " (from the notes)" if question.printed else ""
        _say(f"\n{number} of {len(asked)}{mark}: {question.text}", as_json)
        for letter, choice in zip(LETTERS, each.choices, strict=False):
            _say(f"   {letter}  {choice}", as_json)
        given, is_right = _answer(each, as_json)
        if given is None:
            break
        results.append((each, given, is_right))
        if not question.is_open:
            _say("   " + _verdict(each, given), as_json)
        _say(f"   {question.why}", as_json)
        say_links(question, as_json)
    judged = [is_right for _, _, is_right in results if is_right is not None]
    if as_json:
        print_json(
            {
                "seed": seed,
                "right": sum(judged),
                "answered": len(results),
                "questions": [
                    _document(each, *_given_to(each, results)) for each in asked
                ],
            }
        )
        return
    click.echo(f"\n{sum(judged)} of {len(judged)} right")
    left = len(asked) - len(results)
    remark(f"{left} not asked; seed {seed}" if left else f"seed {seed}")


def _answer(each, as_json: bool) -> tuple[str | None, bool | None]:
    """Returns the letter given ("" for none) and whether it is right."""
    if each.question.is_open:
        given = next_line("your words> ", as_json)
        if given is not None:
            _say(f"   a good answer: {each.question.right}", as_json)
        return given, None
    while (given := next_line("answer> ", as_json)) is not None:
        letter = each.letter_of(given) if given else ""
        if letter is not None:
            return letter, letter == each.right
        last = LETTERS[len(each.choices) - 1]
        _say(f"   a letter from a to {last}, Enter, or q", as_json)
    return None, None


def _verdict(each, given: str) -> str:
    if given == each.right:
        return "Right."
    told = f"It is {each.right}: {each.question.right}"
    if not given:
        return told
    choice = each.choices[LETTERS.index(given)]
    return f"No. {each.question.wrong[choice]}\n   {told}"


def _given_to(each, results) -> tuple[str | None, bool | None]:
    for other, given, is_right in results:
        if other is each:
            return given, is_right
    return None, None


def _document(each, given: str | None, is_right: bool | None) -> dict:
    question = each.question
    return {
        "text": question.text,
        "choices": list(each.choices),
        "right": each.right or question.right,
        "why": question.why,
        "printed": question.printed,
        "given": given,
        "is_right": is_right,
        **links_of(question),
    }


def _say(text: str, as_json: bool) -> None:
    click.echo(text, err=as_json)
