"""abc2midi as an independent judge of a tune's text.

abc2midi (James Allwright, Seymour Shlien) reads ABC, adds up the bars and
complains. The `symusic` wheel carries the program, so no system package is
needed: `pip install symusic`. It is used by benchmarks and tests only.

A tune is *accepted* when abc2midi reports no error and no bar of a wrong
length, when it ends normally within the time limit, and when the text has a
note at all (abc2midi has nothing to complain of in an empty tune). Its other
warnings are kept, and do not count.
"""

import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_BAR_LENGTH = "time units while the time signature"
_ERROR = re.compile(r"^(%%)?(internal )?error", re.IGNORECASE)
_WARNING = re.compile(r"^(\*\*)?warning", re.IGNORECASE)
_HEADER = re.compile(r"^([A-Za-z]:|%)")
# text in which letters are no notes: comments, annotations, inline fields,
# decorations
_NOT_NOTES = re.compile(r'%.*|"[^"]*"|\[[A-Za-z]:[^\]]*\]|![^!\n]*!')
_NOTE = re.compile(r"[A-Ga-g]")


@dataclass(frozen=True)
class Verdict:
    """What abc2midi says of one tune.

    Attributes:
        errors: The error lines; a crash or an overrun time limit is one too.
        bar_lengths: The warnings about bars that do not add up.
        warnings: All other warnings; they do not count.
    """

    errors: tuple[str, ...] = ()
    bar_lengths: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """No error and no bar-length warning."""
        return not self.errors and not self.bar_lengths


def find_abc2midi() -> Path:
    """The program, from the `symusic` wheel or else from the PATH.

    Returns:
        The path of the program.

    Raises:
        FileNotFoundError: if neither has it; says what to install.
    """
    spec = importlib.util.find_spec("symusic")
    for folder in spec.submodule_search_locations if spec else ():
        for name in ("abc2midi", "abc2midi.exe"):
            program = Path(folder) / "bin" / name
            if program.is_file():
                return program
    on_path = shutil.which("abc2midi")
    if on_path:
        return Path(on_path)
    raise FileNotFoundError(
        "abc2midi is needed to judge tunes. Expected it in the `symusic` "
        "wheel: `pip install symusic`. Received: neither symusic nor an "
        "abc2midi on the PATH."
    )


def complete_tune(text: str) -> str:
    r"""The text as one complete tune: `X:` line first, no blank line in it.

    Args:
        text: One tune, with or without its `X:` line.

    Returns:
        The text that abc2midi is handed. Nothing else is repaired.

    Example:

    >>> complete_tune("M:6/8\nL:1/8\nK:D\nabc|")
    'X:1\nM:6/8\nL:1/8\nK:D\nabc|\n'
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if not any(line.startswith("X:") for line in lines):
        lines.insert(0, "X:1")
    return "\n".join(lines) + "\n"


def has_notes(text: str) -> bool:
    r"""Is there a note in the body?

    Example:

    >>> has_notes("X:1\nK:D\n|:A2|"), has_notes("X:1\nK:D\n|z4|")
    (True, False)
    """
    body = [line for line in text.splitlines() if not _HEADER.match(line)]
    return bool(_NOTE.search(_NOT_NOTES.sub("", "\n".join(body))))


def read_messages(output: str) -> Verdict:
    """Sort abc2midi's messages into errors, bar lengths and other warnings.

    Args:
        output: What the program printed.

    Returns:
        The verdict.

    Example:

    >>> read_messages("Error in line-char 6-16 : Missing :|").accepted
    False
    """
    lines = [line.strip() for line in output.splitlines()]
    bars = tuple(line for line in lines if _BAR_LENGTH in line)
    return Verdict(
        errors=tuple(line for line in lines if _ERROR.match(line)),
        bar_lengths=bars,
        warnings=tuple(
            line for line in lines if _WARNING.match(line) and line not in bars
        ),
    )


def judge(text: str, time_limit: float = 5.0) -> Verdict:
    """Ask abc2midi about one tune.

    Args:
        text: One tune, with or without its `X:` line.
        time_limit: Seconds after which the program is stopped; the tune is
            then not accepted.

    Returns:
        The verdict.

    Raises:
        FileNotFoundError: if abc2midi is not installed.
    """
    program = find_abc2midi()
    if not has_notes(text):
        return Verdict(errors=("Error: no note in the tune",))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tune.abc"
        path.write_text(complete_tune(text), encoding="utf-8")
        try:
            done = subprocess.run(
                [str(program), str(path), "-c"],
                capture_output=True,
                timeout=time_limit,
                cwd=folder,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Verdict(errors=(f"Error: no answer in {time_limit:g} s",))
    verdict = read_messages(
        (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")
    )
    if done.returncode < 0:
        ended = f"Error: abc2midi ended by signal {-done.returncode}"
        return Verdict(
            (*verdict.errors, ended), verdict.bar_lengths, verdict.warnings
        )
    return verdict


def share_accepted(
    tunes: Iterable[str], time_limit: float = 5.0
) -> tuple[float, list[Verdict]]:
    """Judge every tune.

    Args:
        tunes: One text a tune.
        time_limit: Seconds for each call.

    Returns:
        The share that abc2midi accepts (0.0 for no tunes) and each verdict.
    """
    verdicts = [judge(tune, time_limit) for tune in tunes]
    accepted = sum(verdict.accepted for verdict in verdicts)
    return accepted / max(1, len(verdicts)), verdicts
