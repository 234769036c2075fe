"""What the memory of shards is measured on."""

import subprocess
import sys

from shards import resident, write_texts, write_tunes

from mitseq.text.streams import stream_labeled_table
from mitseq.tunes.drops import Drops, normalized_tunes
from mitseq.tunes.reading import read_tunes


def test_tunes_fill_a_file_and_all_of_them_can_be_used(tmp_path):
    path = tmp_path / "data.abc"
    write_tunes(path, 50_000)
    assert 50_000 <= path.stat().st_size < 100_000
    drops = Drops()
    tunes = [tune for tune, _ in normalized_tunes(read_tunes(path), drops)]
    assert len(tunes) == len(set(tunes)) == drops.read > 100


def test_texts_fill_a_file_and_have_labels(tmp_path):
    path = tmp_path / "data.tsv"
    write_texts(path, 50_000)
    assert 50_000 <= path.stat().st_size < 1_000_000
    found = list(stream_labeled_table(path))
    assert len(found) > 100 and {label for _, label in found} == {"neg", "pos"}


def test_resident_counts_what_a_process_holds():
    code = "x = b'1' * 50_000_000; print(len(x), flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        process.stdout.readline()
        assert 50e6 < resident(process.pid) < 150e6
    finally:
        process.communicate(b"\n")
    assert resident(process.pid) == 0
