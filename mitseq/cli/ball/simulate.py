"""`mitseq ball simulate`: paths of balls, as files."""

from pathlib import Path

import click

from mitseq.cli.ball.options import box_of, box_option, speed_option
from mitseq.cli.options import (
    json_option,
    option,
    out_option,
    positive,
    seed,
)
from mitseq.cli.program import command, print_json


@command(
    "mitseq ball simulate --count 3 --num-steps 40 --out balls",
    "mitseq ball simulate --box 0 0 640 480 --seed 7",
)
@option("--count", type=positive, default=1, help="Balls.")
@option(
    "--num-steps",
    type=click.IntRange(min=2),
    default=30,
    help="Positions of each.",
)
@speed_option
@box_option
@option("--seed", type=seed, default=0, help="Another seed, other balls.")
@out_option("Folder for ball-1.csv, ball-2.csv, ...", default="balls")
@option("--overwrite", is_flag=True, help="Replace files that are there.")
@json_option
def simulate(
    count: int,
    num_steps: int,
    speed: tuple[float, float],
    box: tuple[float, ...] | None,
    seed: int,
    out: Path,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Write the paths of simulated balls, a CSV file each.

    They are what `mitseq ball predict` reads: columns x and y.
    """
    from mitseq.by_hand.ball import ball_paths
    from mitseq.output import check_new, output_folder
    from mitseq.tasks.ball.paths import write_path

    walls = box_of(box)
    files = [out / f"ball-{number}.csv" for number in range(1, count + 1)]
    for file in files:
        check_new(file, overwrite)
    output_folder(out)
    paths = ball_paths(count, num_steps, seed=[0, seed], speed=sorted(speed))
    for file, path in zip(files, paths, strict=True):
        write_path(file, walls.from_unit(path))
    if as_json:
        print_json({"files": files, "num_steps": num_steps, "seed": seed})
        return
    for file in files:
        click.echo(file)
