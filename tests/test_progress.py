"""How far long work is: on a terminal, in a notebook, in the lines of a file.

The clock stands still until a test moves it.
"""

import io
import sys
import types
from pathlib import Path

import nbclient
import nbformat
import pytest

from mitseq import progress
from mitseq.progress import Work, duration, find_way, follow, show_progress


class Clock:
    now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


class Terminal(io.StringIO):
    def isatty(self):
        return True


def make_terminal(monkeypatch):
    """Makes a terminal of standard error, and returns it."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal


def test_nothing_is_shown_unless_somebody_asks(clock, capsys):
    with Work("training", 4) as work:
        clock.now += 60
        work.update(1)
    assert capsys.readouterr() == ("", "")


def test_lines_come_now_and_then_with_what_is_left(clock, capsys):
    with show_progress("lines"), Work("training", 1000) as work:
        for step in range(1000):
            clock.now += 0.1
            work.update(step + 1, "loss 0.5")
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "training: 10%, 10 s, about 1 min 30 s left; loss 0.5\n"
        "training: 40%, 40 s, about 1 min 0 s left; loss 0.5\n"
        "training: 70%, 1 min 10 s, about 30 s left; loss 0.5\n"
    )


def test_what_takes_a_moment_writes_no_line(clock, capsys):
    with show_progress("lines"):
        for _ in follow(range(9), "steps"):
            clock.now += 1
        with Work("one", 1) as work:
            clock.now += 20
            work.update(1)  # and what is finished none either
    assert capsys.readouterr().err == ""


def test_the_first_part_does_not_count_for_what_is_left(clock):
    work = Work("training", 10)
    assert work.left() is None
    clock.now += 60  # something is compiled
    work.update(1)
    assert work.left() == pytest.approx(540)  # all that is known
    clock.now += 2
    work.update(2)
    assert work.left() == pytest.approx(8 * 2)


def test_what_is_left_falls_while_a_part_is_done(clock):
    work = Work("training", 4)
    for part in (1, 2):
        clock.now += 10
        work.update(part)
    clock.now += 5
    assert work.left() == pytest.approx(15)
    clock.now += 20  # it takes longer than all before: nobody can tell
    assert work.left() is None
    assert work.rest() == "45 s"


def test_work_that_goes_on_knows_what_it_took_before(clock):
    work = Work("training", 1.0, spent=30)
    work.update(0.5)
    assert work.rest() == "30 s, about 30 s left"
    clock.now += 10
    work.update(0.75)
    assert work.rest() == "40 s, about 10 s left"


def test_parts_that_nobody_has_counted_are_counted(clock, capsys):
    with show_progress("lines"):
        for _ in follow(iter("abcd"), "tunes"):
            clock.now += 5
    assert capsys.readouterr().err == "tunes: 2, 10 s; c\n"


def test_the_item_in_work_is_named(clock, capsys):
    with show_progress("lines"):
        found = []
        for cell in follow(["RNN", "LSTM", "GRU"], "cells"):
            clock.now += 12
            found.append(cell)
    assert found == ["RNN", "LSTM", "GRU"]
    assert capsys.readouterr().err == (
        "cells: 33%, 12 s, about 24 s left; LSTM\n"
    )


def test_a_terminal_has_a_bar_that_goes_away(monkeypatch, capsys):
    terminal = make_terminal(monkeypatch)
    with show_progress():
        for cell in follow(["RNN", "LSTM"], "cells"):
            with Work("training", 2) as work:
                work.update(1, "loss 0.5" + " and more" * 20)
                progress._BARS[0].refresh()  # longer than the line is wide
            if cell == "RNN":
                print("[red]RNN: done")
    written = terminal.getvalue()
    assert "cells" in written and "training" in written
    assert "loss 0.5" in written and "…" in written
    rows = written.replace("\r", "\n").split("\n")
    assert all("and more" not in row or "loss 0.5" in row for row in rows)
    assert written.rstrip("\r\n").endswith("\x1b[?25h")  # the cursor is back
    assert sys.stderr is terminal and progress._BARS == []
    # standard output is no terminal here: nothing of it goes there
    assert capsys.readouterr().out == "[red]RNN: done\n"
    assert "RNN: done" not in written


def test_what_is_printed_on_a_terminal_stands_above_the_bar(
    monkeypatch,
):
    terminal = make_terminal(monkeypatch)
    monkeypatch.setattr(sys, "stdout", terminal)
    with show_progress(), Work("training", 2) as work:
        work.update(1)
        print("epoch 1")
        progress._BARS[0].refresh()
    assert sys.stdout is terminal
    written = terminal.getvalue()
    assert "epoch 1\n" in written
    assert written.rindex("training") > written.index("epoch 1")


def test_an_error_leaves_no_bar(monkeypatch):
    terminal = make_terminal(monkeypatch)
    with pytest.raises(ZeroDivisionError), show_progress():
        for number in follow([1, 0], "numbers"):
            Work("left open", 3).__enter__()
            1 / number
    assert progress._BARS == [] and sys.stderr is terminal
    assert "\x1b[?25h" in terminal.getvalue()


class Handle:
    def __init__(self):
        self.shown = []

    def update(self, data, metadata, raw):
        assert metadata == {"mitseq": "progress"}  # no result of the notebook
        self.shown.append(data)


def test_a_notebook_has_one_output_that_changes(clock, monkeypatch, capsys):
    from IPython import display

    handles = []

    def show(data, metadata, raw, display_id):
        assert raw and display_id
        handles.append(Handle())
        handles[-1].update(data, metadata, raw)
        return handles[-1]

    monkeypatch.setattr(display, "display", show)
    with show_progress("notebook"), Work("<train>", 100) as work:
        for step in range(100):
            clock.now += 0.1
            work.update(step + 1)
    (handle,) = handles
    # from the first second on, four times a second at most, and at the end
    assert 25 <= len(handle.shown) <= 40
    assert handle.shown[-1] == {
        "text/plain": "<train>: 100%, 10 s",
        "text/html": '<progress max="1" value="1.000"></progress> '
        "&lt;train&gt;: 100%, 10 s",
    }
    assert capsys.readouterr() == ("", "")


def test_work_within_work_has_no_output_of_its_own(clock, monkeypatch):
    from IPython import display

    handle = Handle()

    def show(data, metadata, raw, display_id):
        assert not handle.shown
        handle.update(data, metadata, raw)
        return handle

    monkeypatch.setattr(display, "display", show)
    with show_progress("notebook"):
        for _ in follow(range(3), "steps"):
            clock.now += 5
    assert handle.shown[-1]["text/plain"] == "steps: 100%, 15 s"
    handle.shown.clear()
    with show_progress("notebook"), Work("training", 2) as outer:
        clock.now += 10
        outer.update(1)
        with Work("held-out", 2) as inner:
            clock.now += 5
            inner.update(1)
        outer.update(2)
    within, after = handle.shown[-2:]
    assert within["text/plain"] == (
        "training: 50%, 15 s, about 5 s left\n"
        "held-out: 50%, 5 s, about 5 s left"
    )
    assert within["text/html"].count("<progress ") == 2
    assert after["text/plain"] == "training: 100%, 15 s"


def test_an_error_leaves_no_work_open_in_a_notebook(clock):
    with pytest.raises(ZeroDivisionError), show_progress("notebook"):
        Work("left open", 3).__enter__()
        raise ZeroDivisionError
    assert progress._IN_NOTEBOOK == []


def test_who_is_watching(monkeypatch):
    make_terminal(monkeypatch)
    assert find_way() == "terminal"
    monkeypatch.setenv("TERM", "dumb")
    assert find_way() == "lines"
    monkeypatch.setattr(sys, "stderr", None)
    assert find_way() == "lines"
    shell = types.SimpleNamespace(kernel=object())
    ipython = types.SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    assert find_way() == "notebook"


@pytest.mark.parametrize(
    ("verbose", "way"), [(0, "silent"), (1, "lines"), (2, "lines")]
)
def test_verbose_of_keras_is_a_way(verbose, way, monkeypatch):
    assert progress.way_of(verbose) == way
    monkeypatch.setattr(progress, "find_way", lambda: "terminal")
    assert (progress.way_of(verbose) == "terminal") is (verbose == 1)
    assert progress.way_of("auto") == "terminal"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "0 s"),
        (59.6, "1 min 0 s"),
        (3599, "59 min 59 s"),
        (3600, "1 h 0 min"),
    ],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


BOOK = """
import time
from mitseq.progress import follow, show_progress
with show_progress():
    for _ in follow(range(3000), "steps"):
        time.sleep(0.001)
print("done")
"""


def test_a_notebook_keeps_one_output_of_many_steps():
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(BOOK)])
    nbclient.NotebookClient(
        book, timeout=300, startup_timeout=300, kernel_name="python3"
    ).execute(cwd=str(Path(__file__).parents[1]))
    bar, printed = book.cells[0].outputs
    assert bar.data["text/plain"].startswith("steps: 100%, ")
    assert bar.data["text/html"].startswith('<progress max="1" value="1.000">')
    assert printed.text == "done\n"
