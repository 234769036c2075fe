"""Memory that is kept: counted in pages that the system has to give."""

import subprocess
import sys

import pytest

from mitseq.training import memory

# a block above 32 MB, written to the end and freed, ten times over
PAGES = """
import resource
from mitseq.training.memory import keep_freed_memory

def pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        bytearray(b"x") * 50_000_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

pages()
borrowed = pages()
is_kept = keep_freed_memory()
pages()
print(is_kept, borrowed, pages())
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the C library of GNU"
)
def test_a_block_that_is_kept_comes_without_new_pages():
    told = subprocess.run(
        [sys.executable, "-c", PAGES],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    if told[0] == "False":
        pytest.skip("another C library")
    borrowed, kept = map(int, told[1:])
    assert borrowed > 50 * max(kept, 1)


def test_a_library_without_the_call_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())
    assert not memory.keep_freed_memory()
