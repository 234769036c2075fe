"""What the commands that train share: how long, where, with whom, --resume.

`training_options` adds all that every training takes, and gives it to the
command as a `Training`. Inside `Training.open` there are the workers and the
folder, inside `Training.at_work` there is TensorFlow:

    @training_options("runs/recall", epochs="Passes over the data.")
    def train(training, **options):
        with training.open(options) as (run, options):
            with training.at_work() as verbose:
                ...

A training that was killed goes on in its folder. Options that the user does
not give stay as they were; `was_given` tells them from those that are given.
"""

import contextlib
import functools
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from mitseq.cli.options import (
    PositiveNumber,
    device_options,
    json_option,
    option,
    out_option,
    positive,
    seed,
)
from mitseq.cli.program import one_line, print_json, remark
from mitseq.cli.work import at_work, load_tensorflow
from mitseq.errors import MitseqError
from mitseq.precision import PRECISIONS
from mitseq.training.run import HISTORY, MODEL, TrainingRun
from mitseq.training.workers import Alone, Workers, check_cluster

LENGTH = ("epochs", "minutes")  # may be others when a training is resumed

minutes_option = option(
    "--minutes",
    type=PositiveNumber(),
    help="Time budget, instead of --epochs. What was trained before --resume "
    "counts.",
)
seed_option = option(
    "--seed", type=seed, default=0, help="Of weights, order and dropout."
)
precision_option = option(
    "--precision",
    type=click.Choice(PRECISIONS),
    default="float32",
    help="Bits of the numbers: 32, or 16 with weights of 32. `mitseq devices` "
    "tells what the device gains.",
)


def workers_options(command):
    """Adds `--devices`, `--workers` and `--task`."""
    for add in (
        option(
            "--task",
            type=click.IntRange(min=0),
            help="Which of --workers this process is, from 0 on.",
        ),
        option(
            "--workers",
            metavar="HOST:PORT,...",
            help="Train on several machines: the address of each, the same "
            "list on all. [default: those of the environment's TF_CONFIG]",
        ),
        option(
            "--devices",
            metavar="N|LIST",
            help="Train on several devices of this machine: how many, or "
            "which, gpu:0,gpu:1.",
        ),
    ):
        command = add(command)
    return command


@dataclass
class Training:
    """What every training is given, beside the options of its own.

    Attributes:
        context: Of the command.
        out: The folder.
        resume: Whether to go on with what it holds.
        device: As the user gave it, as are `verbose`, `devices`, `workers`
            and `task`.
        as_json: Whether the result is to be a JSON document.
        together: Who trains; known when it is open.
        is_first: Whether this process is the one that prints the result.
    """

    context: click.Context
    out: Path
    resume: bool
    device: str
    verbose: bool
    devices: str | None
    workers: str | None
    task: int | None
    as_json: bool
    together: Alone = field(default_factory=Alone)
    options: dict = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    @property
    def is_first(self) -> bool:
        return self.together.is_first

    @contextlib.contextmanager
    def open(self, options: dict) -> Iterator[tuple[TrainingRun, dict]]:
        """Waits for the other workers, and opens the folder.

        Args:
            options: What the user gave, or the defaults.

        Yields:
            The open `TrainingRun`, and the options: of a training that is
            resumed those of before, where no other length is given.

        Raises:
            click.UsageError: if options exclude each other.
            MitseqError: if an option is not as it was.
        """
        with (
            together(
                self.context, self.devices, self.workers, self.task
            ) as self.together,
            _opened(
                self.context, self.out, self.resume, options, self.together
            ) as (run, self.options, is_finished),
        ):
            if is_finished and self.is_first:
                remark(one_line(f"{self.out}: this training is finished"))
            yield run, self.options

    @contextlib.contextmanager
    def at_work(self) -> Iterator[int]:
        """Loads TensorFlow; what is inside runs on the device, with progress.

        Yields:
            `verbose` of `mitseq.training.progress.Progress`.
        """
        device = device_of(self.together, self.device)
        with at_work(device, self.verbose) as watched:
            if self.is_first and "precision" in self.options:
                say_if_slower(self.device, self.options["precision"])
            yield 1 if watched else 2

    def print_result(self, rows: list[dict], line: str, **more: Any) -> None:
        """Prints what came out, unless another worker does.

        Args:
            rows: Of the history.
            line: What to say of the best one, with its names in braces.
            **more: What else the JSON document tells.
        """
        if not self.is_first:
            return
        best = min(rows, key=lambda row: row["val_loss"])
        files = {
            n: self.out / f for n, f in (("model", MODEL), ("history", HISTORY))
        }
        if self.as_json:
            seconds = round(time.monotonic() - self.started, 3)
            print_json(
                {
                    **files,
                    "epochs": rows,
                    "best": best,
                    **more,
                    "seconds": seconds,
                }
            )
            return
        for path in files.values():
            click.echo(path)
        click.echo(line.format(**best))


def training_options(out: str, *, epochs: str) -> Callable:
    """Returns a decorator: the options that every training takes.

    Those about length, seed and numbers stay among the options of the command.
    The others come as its first argument, a `Training`.

    Args:
        out: The folder of a training that is given none.
        epochs: What an epoch is, for the help.
    """
    adds = (
        option("--epochs", type=positive, help=epochs),
        minutes_option,
        precision_option,
        seed_option,
        out_option(
            "Folder for model.keras, history.csv and what --resume needs.",
            default=out,
        ),
        option(
            "--resume",
            is_flag=True,
            help="Continue the training in --out after it was killed. Options "
            "that are not given stay as they were.",
        ),
        workers_options,
        device_options,
        json_option,
    )

    def decorate(command):
        @click.pass_context
        @functools.wraps(command)
        def train(context, /, **options):
            names = Training.__dataclass_fields__
            given = {name: options.pop(name) for name in names & options.keys()}
            return command(Training(context, **given), **options)

        for add in reversed(adds):
            train = add(train)
        return train

    return decorate


@contextlib.contextmanager
def together(
    context: click.Context,
    devices: str | None,
    workers: str | None,
    task: int | None,
) -> Iterator[Alone]:
    """Waits for the other workers, if there are to be any.

    Args:
        context: Of the command.
        devices: As the user gave it, as are `workers` and `task`.

    Yields:
        Who trains together; the output of all but the first goes nowhere.

    Raises:
        click.UsageError: if the options exclude each other.
    """
    several = devices is not None or workers is not None
    if devices is not None and workers is not None:
        raise click.UsageError("--devices and --workers exclude each other")
    if several and was_given(context, "device"):
        raise click.UsageError(
            "--device is for one device; --devices and --workers say which "
            "there are"
        )
    if task is not None and workers is None:
        raise click.UsageError("--task says which of --workers this is")
    if not several and not os.environ.get("TF_CONFIG"):
        yield Alone()
        return
    if workers is not None:
        check_cluster(workers, task)  # a mistake shows before TensorFlow loads
    load_tensorflow()
    found = Workers(devices, workers=workers, task=task)
    if found.are_several and found.is_first:
        remark(f"{found.count} workers are here")
    with contextlib.ExitStack() as stack:
        if not found.is_first:
            nowhere = stack.enter_context(open(os.devnull, "w"))
            stack.enter_context(contextlib.redirect_stdout(nowhere))
        yield found


@contextlib.contextmanager
def _opened(context, out, resume, options, workers):
    """The folder; yields whether it is finished at this length, too."""
    check_length(context, options["epochs"], options["minutes"])
    with TrainingRun(
        out, resume=resume, second_quits=True, workers=workers
    ) as run:
        if resume and not run.options:
            raise MitseqError(
                f"{out}: this training was started in Python. Resume it there, "
                "with `resume=True`."
            )
        is_finished = False
        if resume:
            before = run.options
            options = _options_of_before(context, before, options)
            is_finished = run.is_finished(*run.length) and all(
                options[name] == before.get(name) for name in LENGTH
            )
        run.options = options
        yield run, options, is_finished


def _options_of_before(context, before: dict, given: dict) -> dict:
    options = {}
    for name, value in given.items():
        kept = before.get(name)
        is_given = was_given(context, name) and value not in (None, ())
        if name in LENGTH:
            has_length = any(given[length] is not None for length in LENGTH)
            kept = value if has_length else kept
        elif is_given and _plain(value) != kept:
            known = "not given" if kept in (None, [], False) else kept
            raise MitseqError(
                f"--{name.replace('_', '-')} must be as in the training that "
                f"is resumed ({known}). Received: {_plain(value)}."
            )
        options[name] = kept
    return options


def _plain(value):
    """Returns a value as JSON gives it back."""
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Path) else value


def device_of(workers: Alone, device: str) -> str | None:
    """Returns the one device to work on; None if there are several."""
    return device if type(workers) is Alone else None


def say_if_slower(device: str, precision: str) -> None:
    """Tells whoever asks for a precision that the device is slow at."""
    from mitseq.devices import find_device
    from mitseq.precision import advice, has_units

    found = find_device(device)
    if not has_units(found, precision):
        remark(advice(found, precision))


def check_length(
    context: click.Context, epochs: int | None, minutes: float | None
) -> None:
    """Refuses two lengths for one training with a `click.UsageError`."""
    if epochs is not None and minutes is not None:
        raise click.UsageError(
            "--epochs and --minutes exclude each other", context
        )


def was_given(context: click.Context, name: str) -> bool:
    """Tells whether the user gave an option, be it with its default value.

    Args:
        context: Of the command.
        name: The parameter's name in Python, as in "batch_size".
    """
    return context.get_parameter_source(name) != ParameterSource.DEFAULT
