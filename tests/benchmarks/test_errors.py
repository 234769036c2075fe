"""Errors of a benchmark are told in one line; others are bugs and are seen."""

import pytest
from errors import told_in_one_line

from mitseq.errors import MitseqError


def raised(error, *kinds):
    with told_in_one_line(*kinds):
        raise error


def test_mistakes_of_the_user_are_told():
    with pytest.raises(SystemExit, match="^error: no tunes$"):
        raised(MitseqError("no tunes"))
    with pytest.raises(SystemExit, match=r"^error: gone$"):
        raised(FileNotFoundError("gone"), FileNotFoundError)


def test_a_missing_package_names_the_line_that_installs_it():
    with pytest.raises(SystemExit, match=r"No module.*\[benchmarks\]"):
        with told_in_one_line():
            import no_module_of_this_name  # noqa: F401


def test_other_errors_keep_their_traceback():
    with pytest.raises(FileNotFoundError, match="gone"):
        raised(FileNotFoundError("gone"))
    with pytest.raises(ZeroDivisionError):
        raised(ZeroDivisionError())
