"""How far long work is, and how long it still takes.

On a terminal a bar that moves, in a notebook too; elsewhere, as in a file, a
line now and then. All of it goes to standard error, or into the notebook's own
display: what a program prints stays the result. Work that is done in a moment
shows nothing.

Functions that may take long say where they are with `Work` or `follow`. It is
shown if somebody wants to see it: inside `with show_progress():`.
"""

import contextlib
import contextvars
import html
import os
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

Item = TypeVar("Item")

FIRST_LINE, NEXT_LINES = 10.0, 30.0  # seconds, where lines are written
FIRST_BAR, NEXT_BARS = 1.0, 0.25  # seconds, in a notebook

_WAY = contextvars.ContextVar("way", default="silent")


@contextlib.contextmanager
def show_progress(way: str | None = None) -> Iterator[None]:
    """Shows how far the work inside is.

    Args:
        way: "terminal", "notebook", "lines" or "silent"; None to find out.

    Example:

    >>> with show_progress():
    ...     squares = [n * n for n in follow(range(3), "squares")]
    """
    before = _WAY.set(way or find_way())
    bars, outputs = len(_BARS), len(_IN_NOTEBOOK)
    try:
        yield
    finally:
        _WAY.reset(before)
        # what is left of work that an error has ended
        del _IN_NOTEBOOK[outputs:]
        while len(_BARS) > bars:
            _BARS.pop().stop()


class Work:
    """Work that takes a while, in parts.

    Use it as a context, and `update` it.

    Args:
        what: A word or two.
        total: How many parts there are, 1.0 for shares, None if unknown.
        way: As in `show_progress`; None for the one that holds here.
        spent: Seconds that it has taken before.

    Example:

    >>> with Work("training", total=3) as work:
    ...     for epoch in range(3):
    ...         work.update(epoch + 1, "loss 0.5")
    """

    def __init__(
        self,
        what: str,
        total: float | None = None,
        way: str | None = None,
        spent: float = 0.0,
    ):
        self.what, self.total, self.note = what, total, ""
        self.done = self._first = 0.0
        self.started = time.monotonic() - spent
        self._first_at = self._done_at = self.started
        self._shown = _WAYS[way or _WAY.get()](self)

    def __enter__(self) -> "Work":
        self._shown.begin()
        return self

    def __exit__(self, *error) -> None:
        self._shown.end()

    def update(self, done: float, note: str = "", what: str = "") -> None:
        """Tells how many parts are done.

        Args:
            done: As many.
            note: What is worth knowing, such as a loss.
            what: Another word for the work from now on.
        """
        now = time.monotonic()
        if done > 0 and not self._first:
            # The first part takes longer than the others: something is
            # compiled in it.
            self._first, self._first_at = done, now
        self.done, self.note, self.what = done, note, what or self.what
        self._done_at = now
        self._shown.update()

    @property
    def share(self) -> float | None:
        """How much is done, from 0 to 1; None if nobody can tell."""
        if self.total is None:
            return None
        return min(self.done / self.total, 1.0) if self.total else 1.0

    def seconds(self) -> float:
        """Returns how long it has taken so far."""
        return time.monotonic() - self.started

    def left(self) -> float | None:
        """Returns the seconds that are left; None if nobody can tell."""
        if self.done <= 0 or self.total is None:
            return None
        done, since = self.done, self.started
        if self.done > self._first:
            done, since = self.done - self._first, self._first_at
        pace = (self._done_at - since) / done
        left = pace * (self.total - self.done)
        left -= time.monotonic() - self._done_at
        return left if left >= 0.5 else None

    def rest(self) -> str:
        """Returns what stands behind the bar: time, what is left, a note."""
        told = [duration(self.seconds())]
        if self.total is None:
            told.insert(0, f"{self.done:g}")
        left = self.left()
        if left is not None:
            told.append(f"about {duration(left)} left")
        return ", ".join(told) + (f"; {self.note}" if self.note else "")

    def line(self) -> str:
        """Returns all of it as one line."""
        share = "" if self.share is None else f"{self.share:.0%}, "
        return f"{self.what}: {share}{self.rest()}"


def follow(items: Iterable[Item], what: str) -> Iterator[Item]:
    """Yields items, and shows how many are done.

    Args:
        items: Those to work on. How many they are is known if they have a
            length.
        what: A word or two.

    Example:

    >>> [n * n for n in follow(range(3), "squares")]
    [0, 1, 4]
    """
    total = len(items) if hasattr(items, "__len__") else None
    with Work(what, total) as work:
        for number, item in enumerate(items):
            work.update(number, item if isinstance(item, str) else "")
            yield item
        if total is not None:
            work.update(total)


def way_of(verbose: int | str) -> str:
    """Returns how to show what was asked for as in `fit` of Keras.

    Args:
        verbose: 0 for nothing, 2 for lines; 1 or "auto" for a bar where
            somebody sees it.
    """
    return {0: "silent", 2: "lines"}.get(verbose) or find_way()


def find_way() -> str:
    """Returns "notebook", "terminal" or "lines": who is watching."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if getattr(shell, "kernel", None) is not None:
        return "notebook"
    with contextlib.suppress(AttributeError, ValueError):  # none, or closed
        if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            return "terminal"
    return "lines"


def duration(seconds: float) -> str:
    """Returns a span of time as a person says it.

    Example:

    >>> duration(7.6), duration(130), duration(7500)
    ('8 s', '2 min 10 s', '2 h 5 min')
    """
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"


class _Silent:
    def __init__(self, work: Work):
        self.work = work

    def begin(self) -> None: ...

    def update(self) -> None: ...

    def end(self) -> None: ...


class _Lines(_Silent):
    """A line after ten seconds, and one each half minute from then on."""

    def begin(self) -> None:
        self.due = time.monotonic() + FIRST_LINE

    def update(self) -> None:
        now = time.monotonic()
        if now >= self.due and self.work.share != 1:
            self.due = now + NEXT_LINES
            print(self.work.line(), file=sys.stderr, flush=True)


class _Notebook(_Silent):
    """One output that changes in its place, with a line for each work."""

    def begin(self) -> None:
        _IN_NOTEBOOK.append(self)
        self.handle: Any = None
        self.due = time.monotonic() + FIRST_BAR

    def update(self) -> None:
        outer, now = _IN_NOTEBOOK[0], time.monotonic()
        if now >= outer.due:
            outer.due = now + NEXT_BARS
            outer.draw()

    def end(self) -> None:
        if self.handle is not None:
            self.draw()
        if self in _IN_NOTEBOOK:
            _IN_NOTEBOOK.remove(self)

    def draw(self) -> None:
        from IPython.display import display

        works = [shown.work for shown in _IN_NOTEBOOK]
        data = {
            "text/plain": "\n".join(work.line() for work in works),
            "text/html": "<br>".join(map(_as_html, works)),
        }
        if self.handle is None:
            self.handle = display(
                data, metadata=_TAG, raw=True, display_id=True
            )
        else:
            self.handle.update(data, metadata=_TAG, raw=True)


_TAG = {"mitseq": "progress"}  # so that it can be told from results

_IN_NOTEBOOK: list[_Notebook] = []  # from the outermost work on


def _as_html(work: Work) -> str:
    value = "" if work.share is None else f' value="{work.share:.3f}"'
    bar = f'<progress max="1"{value}></progress>'
    return f"{bar} {html.escape(work.line())}"


class _Terminal(_Silent):
    """A bar of rich, which keeps what is printed meanwhile above it."""

    def begin(self) -> None:
        self.is_outer = not _BARS
        if self.is_outer:
            _BARS.append(_rich_progress())
            _BARS[0].start()
        self.bar = _BARS[0]
        self.task = self.bar.add_task(
            self.work.what, total=self.work.total and 1.0, work=self.work
        )

    def update(self) -> None:
        self.bar.update(
            self.task, completed=self.work.share, description=self.work.what
        )

    def end(self) -> None:
        self.bar.remove_task(self.task)
        if self.is_outer and self.bar in _BARS:
            _BARS.remove(self.bar)
            self.bar.stop()


_BARS: list = []  # what is on the screen: one `rich.progress.Progress` or none


def _rich_progress():
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn
    from rich.table import Column
    from rich.text import Text

    class Rest(ProgressColumn):
        max_refresh = 0.25

        def render(self, task):
            return Text(task.fields["work"].rest())

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        Rest(Column(no_wrap=True, overflow="ellipsis")),
        console=Console(file=sys.stderr),
        transient=True,
        refresh_per_second=4,
        # to a file it must go on
        redirect_stdout=sys.stdout.isatty(),
    )


_WAYS = {
    "silent": _Silent,
    "lines": _Lines,
    "notebook": _Notebook,
    "terminal": _Terminal,
}
