"""`mitseq translate align`: which word was written from which."""

from pathlib import Path

import click

from mitseq.cli.options import (
    device_options,
    json_option,
    model_option,
    option,
    out_option,
)
from mitseq.cli.program import command, one_line, print_json
from mitseq.cli.texts import given_text
from mitseq.cli.translate.sentence import beams, penalty, say_unknown
from mitseq.cli.translate.texts import check_texts
from mitseq.cli.work import at_work

PAGES = (".html", ".htm")
PICTURES = (".png", ".svg", ".pdf")


@command(
    'mitseq translate align "The old cat is hungry."',
    'mitseq translate align --out map.html "The old cat is hungry."',
    'mitseq translate align --out map.png "The old cat is hungry."',
)
@click.argument("text", metavar="TEXT | -")
@model_option("the model")
@beams
@penalty
@out_option(
    "A page (.html) or a picture (.png, .svg, .pdf) of the whole map.",
    metavar="FILE",
)
@option("--overwrite", is_flag=True, help="Replace a file that is there.")
@device_options
@json_option
def align(
    text: str,
    model: Path | None,
    beams: int,
    length_penalty: float,
    out: Path | None,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Translate a text, and show where the decoder looked for each word.

    Printed is, for each word that was written, the source word with the
    largest weight. "-" reads the text from standard input.
    """
    (text,) = check_texts((given_text(text),))
    _check_out(out, overwrite)
    with at_work(device, verbose):
        from mitseq.tasks.translate.model import load_translation_model
        from mitseq.tasks.translate.translate import alignment, translate

        loaded = load_translation_model(model)
        (found,) = translate(
            loaded, [text], beams=beams, length_penalty=length_penalty
        )
        look = alignment(loaded, found[0])
        if out is not None:
            _write(look, out, found[0].text)
    say_unknown(found)
    weights = look.weights.mean(axis=0)
    rows = [
        {
            "word": word,
            "from": look.tokens[int(row.argmax())],
            "weight": row.max(),
        }
        for word, row in zip(look.queries, weights, strict=True)
    ]
    if as_json:
        print_json(
            {
                "text": text,
                "translation": found[0].text,
                "read": look.tokens,
                "written": look.queries,
                "weights": weights.tolist(),
                "file": out,
            }
        )
        return
    click.echo(one_line(found[0].text))
    width = max(len(row["word"]) for row in rows)
    for row in rows:
        click.echo(
            f"  {row['word']:{width}}  {row['from']}  ({row['weight']:.0%})"
        )
    if out is not None:
        click.echo(out)


def _check_out(out: Path | None, overwrite: bool) -> None:
    from mitseq.errors import MitseqError
    from mitseq.output import check_new

    if out is None:
        return
    suffix = out.suffix.lower()
    if suffix not in (*PAGES, *PICTURES):
        raise MitseqError(
            f"--out must end with one of {', '.join((*PAGES, *PICTURES))}. "
            f"Received: {out}"
        )
    check_new(out, overwrite)
    if suffix in PICTURES:
        from mitseq.plots.style import new_figure

        new_figure()  # says at once if matplotlib is missing


def _write(look, out: Path, title: str) -> None:
    if out.suffix.lower() in PAGES:
        from mitseq.output import atomic_write
        from mitseq.plots.attention_page import attention_page

        atomic_write(out, attention_page(look, title))
        return
    from mitseq.plots.style import save_figure
    from mitseq.tasks.translate.figures import plot_alignment

    save_figure(plot_alignment(look, title=title), out)
