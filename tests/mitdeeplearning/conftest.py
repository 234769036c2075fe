import itertools

import pytest

from mitseq.mitdeeplearning import songs


@pytest.fixture
def few_tunes(monkeypatch):
    """Only the first tunes of music21: all of them take seconds."""
    read = songs.read_tunes
    monkeypatch.setattr(
        songs, "read_tunes", lambda paths: itertools.islice(read(paths), 30)
    )
