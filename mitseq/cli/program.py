"""What all commands share: late loading, one line per error, exit codes.

Exit codes: 0 success; 1 a tune was rejected, or an exercise is not right; 2 a
mistake in what the user gave, told in one line; 130 interrupted by Ctrl-C, 129
and 143 by SIGHUP and SIGTERM; 141 the reader of the output went away.
"""

import contextlib
import difflib
import importlib
import json
import math
import os
import signal
import sys
import textwrap
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import click
from click.shell_completion import CompletionItem

from mitseq.cli.work import quiet_libraries
from mitseq.errors import MitseqError

REJECTED, MISTAKE, INTERRUPTED, BROKEN_PIPE = 1, 2, 130, 141
MORE_PATHS = "mitseq.cli.program.more_paths"  # whether an option takes the next


class Verbs(click.Group):
    """A group whose commands are imported when they are first needed.

    Args:
        verbs: Name of each command and where it stands, `"module:object"`.
        default: The command that runs when none is named, if any.
        **attributes: Passed to `click.Group`.
    """

    def __init__(
        self,
        *args,
        verbs: dict[str, str] | None = None,
        default: str | None = None,
        **attributes,
    ):
        attributes.setdefault("context_settings", {}).update(
            help_option_names=["-h", "--help"]
        )
        super().__init__(*args, **attributes)
        self.verbs = verbs or {}
        self.default = default

    def list_commands(self, context: click.Context) -> list[str]:
        return [*self.verbs, *super().list_commands(context)]

    def get_command(
        self, context: click.Context, name: str
    ) -> click.Command | None:
        if name not in self.verbs:
            return super().get_command(context, name)
        module, _, attribute = self.verbs[name].partition(":")
        return getattr(importlib.import_module(module), attribute)

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        known = self.get_command(context, name) is not None
        completing = context.resilient_parsing
        if not known and not name.startswith("-") and not completing:
            self.refuse(context, name)
        return super().resolve_command(context, args)

    def refuse(self, context: click.Context, name: str) -> NoReturn:
        """Says that no command has this name, and which is close to it."""
        close = self.closest(context, name)
        hint = f" (Did you mean {close!r}?)" if close else ""
        raise click.UsageError(f"No such command {name!r}{hint}", context)

    def closest(self, context: click.Context, name: str) -> str | None:
        """Returns the command whose name is most like this one, if any is."""
        names = self.list_commands(context)
        return next(iter(difflib.get_close_matches(name, names)), None)

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if args:
            help_names = context.help_option_names
            no_verb = args[0].startswith("-") and args[0] not in help_names
        else:  # a shell that completes asks for the verbs
            no_verb = not context.resilient_parsing
        if self.default and no_verb:
            args = [self.default, *args]
        return super().parse_args(context, args)

    def shell_complete(
        self, context: click.Context, incomplete: str
    ) -> list[CompletionItem]:
        """Returns what the shell may offer here: verbs, or options.

        Options that stand without a verb are those of the default.
        """
        found = super().shell_complete(context, incomplete)
        if self.default and incomplete.startswith("-"):
            verb = self.get_command(context, self.default)
            found = [*verb.shell_complete(context, incomplete), *found]
        return list({item.value: item for item in found}.values())


class _Stopped(KeyboardInterrupt):
    """A signal to end came: what is half done is cleaned up on the way out."""

    def __init__(self, number: int):
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.code = 128 + number


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Turns SIGTERM and SIGHUP into `_Stopped`; a second one ends at once.

    A signal that is ignored, as `nohup` ignores SIGHUP, stays ignored.
    """

    def stop(number, frame):
        signal.signal(number, signal.SIG_DFL)
        raise _Stopped(number)

    taken = []
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, stop)
                taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


class Program(Verbs):
    """The outermost group: turns what goes wrong into one line and a code."""

    def invoke(self, context: click.Context) -> Any:
        try:
            with _stoppable():
                return super().invoke(context)
        except BrokenPipeError:  # click itself would end with 1
            _drop_stdout()
            context.exit(BROKEN_PIPE)
        except KeyboardInterrupt as error:
            text = str(error) or "interrupted"
            code = getattr(error, "code", INTERRUPTED)  # of the signal
            context.exit(_complain(text, code))

    def main(self, args=None, prog_name=None, **extra) -> Any:
        """Runs the command line and ends the process with its exit code."""
        quiet_libraries()
        extra["standalone_mode"] = False
        try:
            code = super().main(args, prog_name, **extra)
            sys.stdout.flush()
        except click.UsageError as error:
            message = error.format_message().rstrip(".")
            code = _complain(message + _where_help_is(error))
        except click.ClickException as error:
            code = _complain(error.format_message())
        except click.Abort:  # interrupted before a command began
            code = INTERRUPTED
        except MitseqError as error:
            code = _complain(str(error))
        except BrokenPipeError:
            _drop_stdout()
            code = BROKEN_PIPE
        except OSError as error:
            _drop_stdout()
            code = _complain(_describe(error))
        except Exception as error:
            if not _out_of_memory(error):
                raise
            code = _complain(
                "not enough memory for this; a smaller --batch-size, --count "
                "or --units needs less"
            )
        sys.exit(code if isinstance(code, int) else 0)


class ManyPaths(click.Command):
    """A command whose `--data` takes one path or several: `--data A B`.

    A subclass may name other options in `many`.
    """

    many: tuple[str, ...] = ("--data",)

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        spread: list[str] = []
        more = ""  # the option of which this argument may be one more path
        for arg in args:
            if more and not arg.startswith("-"):
                if spread[-1] != more:
                    spread.append(more)
            else:
                name = arg.partition("=")[0]
                more = name if name in self.many else ""
            spread.append(arg)
        context.meta[MORE_PATHS] = bool(more)
        return super().parse_args(context, spread)

    def shell_complete(
        self, context: click.Context, incomplete: str
    ) -> list[CompletionItem]:
        """Returns options; after a path also what may be one more path."""
        if context.meta[MORE_PATHS] and not incomplete.startswith("-"):
            return [CompletionItem(incomplete, type="file")]
        return super().shell_complete(context, incomplete)


def command(*examples: str, **attributes) -> Callable:
    """Returns `click.command`, with command lines to copy below its help."""
    return click.command(epilog=example(*examples), **attributes)


def example(*lines: str) -> str:
    """Returns the end of a command's help: command lines to copy."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def remark(text: str) -> None:
    """Prints a remark to standard error."""
    click.echo(text, err=True)


def print_json(result: Any) -> None:
    """Prints the one JSON document of a command with `--json`."""
    click.echo(json.dumps(_plain(result), indent=2))


def print_json_list(
    head: dict, name: str, batches: Iterable[list[dict]]
) -> None:
    """Prints what `print_json` would, a long list in it as it comes.

    Args:
        head: What stands in front of the list.
        name: Of the list.
        batches: Some of its items at a time. What goes wrong with the first
            ones is told before anything is printed.
    """
    opened = json.dumps(_plain(head), indent=2)[:-2] + "," if head else "{"
    opened += f'\n  "{name}": ['
    before, is_empty = opened, True
    for items in batches:
        text = ""
        for item in items:
            shown = json.dumps(_plain(item), indent=2)
            text += f"{before}\n" + textwrap.indent(shown, "    ")
            before, is_empty = ",", False
        click.echo(text, nl=False)
    click.echo(f"{opened}]\n}}" if is_empty else "\n  ]\n}")


def print_files(folder: Path, as_json: bool, **more: Any) -> None:
    """Prints the files that a command wrote into a folder.

    Args:
        folder: The folder.
        as_json: Whether as one JSON document, with `more` in it.
        **more: What else the document tells.
    """
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    if as_json:
        print_json({"out": folder, **more, "files": files})
        return
    for path in files:
        click.echo(path)


def check_out(
    folder: Path | None, names: Iterable[str], overwrite: bool
) -> None:
    """Refuses at once what the files of `--out` would end in.

    Args:
        folder: Where they are to be written; None if nowhere.
        names: Of the files, a figure among them.
        overwrite: Whether files that are there may be replaced.

    Raises:
        MitseqError: if the folder cannot be one, a file is there, or
            matplotlib is not installed.
    """
    from mitseq.output import check_folder, check_new
    from mitseq.plots.style import new_figure

    if folder is None:
        return
    check_folder(folder)
    for name in names:
        check_new(folder / name, overwrite)
    new_figure()


def print_figures(figures: dict[str, Any]) -> None:
    """Prints names and their values in two columns."""
    width = max(map(len, figures))
    for name, value in figures.items():
        shown = f"{value:.4f}" if isinstance(value, float) else value
        click.echo(f"{name:{width}}  {shown}")


def one_line(text: str) -> str:
    r"""Returns any text as one line that is safe to show in a terminal.

    Example:

    >>> one_line("a\n  b\x1b[31m")
    'a b?[31m'
    """
    text = " ".join(text.split())
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else "?" for c in text)


def _complain(message: str, code: int = MISTAKE) -> int:
    with contextlib.suppress(OSError):
        click.echo(f"mitseq: error: {one_line(message)}", err=True)
    return code


def _where_help_is(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "mitseq"
    return f" ({path} --help tells more)"


def _describe(error: OSError) -> str:
    reason = error.strerror or str(error) or type(error).__name__
    if error.filename is None:
        return f"cannot write: {reason}" if error.errno else reason
    return f"{os.fsdecode(error.filename)}: {reason}"


def _out_of_memory(error: Exception) -> bool:
    # By name: importing TensorFlow to compare classes would take seconds.
    kind = type(error).__name__
    return isinstance(error, MemoryError) or kind == "ResourceExhaustedError"


def _drop_stdout() -> None:
    # What is left in the buffer cannot be written: without this, Python
    # complains a second time when it exits.
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, (bool, str, int)) or value is None:
        return value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "item"):  # a NumPy number
        return _plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    raise TypeError(f"{type(value).__name__} has no place in JSON: {value!r}")
