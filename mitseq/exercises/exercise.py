r"""What an exercise is: a text with TODOs, its solution, cases and mistakes.

One file in lecture/ is one exercise. Between `# %% student` and `# %% check`
stands what the student gets. The lines between `# solution` and `# end` are
cut out of it; in the module they are code that runs, so text and solution have
one source. A usual mistake is a change of the solution: the text that it
replaces, and by what. Whoever computes what a changed solution computes has
made that mistake and gets its hint.
"""

import copy
import dataclasses
import functools
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from mitseq.exercises import given

BEGIN, END_OF_TEXT = "# %% student\n", "# %% check\n"
SOLUTION, END = "# solution", "# end"
# From a line that begins with TODO to the end of its comment.
_TODO = re.compile(r"^ *# TODO: .*\n(?: *#.*\n)*", re.MULTILINE)
BLANK = "raise NotImplementedError  # your code"


@dataclasses.dataclass(frozen=True)
class Mistake:
    """A usual mistake: how the solution changes by it, and what to say.

    Args:
        hint: What the student reads. It says what is wrong, not the answer.
        edits: Text of the solution, and what stands there instead.
    """

    hint: str
    edits: Mapping[str, str]


def call(function: Callable, *arguments: Any) -> Any:
    """Calls what the student wrote: most exercises are a function."""
    return function(*arguments)


@dataclasses.dataclass(frozen=True, eq=False)
class Exercise:
    """One exercise.

    Args:
        module: Where it stands, `__name__`.
        function: The function or class that the student writes.
        title: A few words.
        slide: The title of its slide, as in mitseq/slides/deck.py.
        code: The same in mitseq, `"module:name"`, to compare with.
        cases: Returns the arguments of each call.
        mistakes: At least three.
        points: For a right answer.
        use: Calls the function with the arguments of a case.
        told: What `use` does, in words of Python; None for a plain call.
        tolerance: How far a number may be off.
    """

    module: str
    function: str
    title: str
    slide: str
    code: str
    cases: Callable[[], Sequence[tuple]]
    mistakes: Sequence[Mistake]
    points: int = 1
    use: Callable[..., Any] = call
    told: str | None = None
    tolerance: float = 1e-5

    @property
    def name(self) -> str:
        """Its name, as in the name of the file."""
        return self.module.rpartition(".")[2]

    @property
    def solution(self) -> Any:
        """The function or class that is right."""
        return getattr(sys.modules[self.module], self.function)

    @functools.cached_property
    def arguments(self) -> list[tuple]:
        """The arguments of each case; copy them before use."""
        return list(self.cases())

    @functools.cached_property
    def names(self) -> list[str]:
        """The names of the arguments of a case."""
        if self.use is call:
            return list(inspect.signature(self.solution).parameters)
        return list(inspect.signature(self.use).parameters)[1:]

    @functools.cached_property
    def expected(self) -> list[Any]:
        """What the solution gives for each case."""
        return [
            self.use(self.solution, *copy.deepcopy(arguments))
            for arguments in self.arguments
        ]

    @functools.cached_property
    def start(self) -> str:
        """The text with TODOs, without a head."""
        return "".join(self._given() + self._lines(None))

    @functools.cached_property
    def solved(self) -> str:
        """The text with the solution in it, without a head."""
        return _TODO.sub("", self.changed({}))

    def changed(self, edits: Mapping[str, str]) -> str:
        """Returns the text with the solution, changed.

        Raises:
            ValueError: if the solution has no such text.
        """
        return "".join(self._given() + self._lines(edits))

    def variant(self, edits: Mapping[str, str]) -> Any:
        """Returns the function or class of a changed solution."""
        names = {"__name__": f"variant_of_{self.name}"}
        code = compile(self.changed(edits), f"<{self.name}>", "exec")
        # a solution of this package, with an edit that the package names
        exec(code, names)  # nosec B102
        return names[self.function]

    def _module(self) -> ModuleType:
        return sys.modules[self.module]

    def _given(self) -> list[str]:
        """The imports, and the functions that are given."""
        source = inspect.getsource(self._module())
        text = _between(source)
        lines = []
        for line in source.partition(BEGIN)[0].splitlines(keepends=True):
            name = line.split()[-1] if line.startswith("import ") else ""
            if name == "np" or (name and f"{name}." in text):
                lines.append(line)
        parts = [
            inspect.getsource(getattr(given, name))
            for name in ("sigmoid", "softmax")
            if f"{name}(" in text
        ]
        return [*lines, *(f"\n\n{part}" for part in parts)]

    def _lines(self, edits: Mapping[str, str] | None) -> list[str]:
        """The student's lines: blanks for the solution if edits are None."""
        text = _between(inspect.getsource(self._module()))
        kept: list[str] = []
        solution: list[str] | None = None
        missing = set(edits or ())
        for line in text.splitlines(keepends=True):
            if line.strip() == SOLUTION:
                solution = []
                indent = line[: len(line) - len(line.lstrip())]
            elif line.strip() == END and solution is not None:
                if edits is None:
                    kept.append(f"{indent}{BLANK}\n")
                else:
                    body = "".join(solution)
                    for old, new in edits.items():
                        if old in body:
                            missing.discard(old)
                            body = body.replace(old, new)
                    kept.append(body)
                solution = None
            else:
                (kept if solution is None else solution).append(line)
        if missing:
            raise ValueError(
                f"{self.name}: the solution has no {sorted(missing)}"
            )
        if any(self._given()):
            kept.insert(0, "\n\n")
        return kept


def _between(source: str) -> str:
    text = source.partition(BEGIN)[2].partition(END_OF_TEXT)[0]
    return textwrap.dedent(text).strip("\n") + "\n"
