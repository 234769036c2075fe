"""What a benchmark cannot do ends it with one line, not with a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from mitseq.errors import MitseqError


@contextmanager
def told_in_one_line(*kinds: type[Exception]) -> Iterator[None]:
    """Ends the program with an error's text and exit code 1.

    Args:
        *kinds: Errors that are told besides `MitseqError` and `ImportError`.
    """
    try:
        yield
    except (MitseqError, *kinds) as error:
        sys.exit(f"error: {error}")
    except ImportError as error:
        sys.exit(
            f"error: {error}. This needs the whole of mitseq: `pip install"
            " -e .[benchmarks]`."
        )
