"""A record comes back as it was, or is said to be damaged."""

import hashlib
import zipfile

import pytest

from mitseq.errors import MitseqError
from mitseq.training.record import (
    FORMAT,
    INDEX,
    checksum,
    fingerprint,
    is_shards,
    is_sound,
    read_record,
    versions,
    write_record,
)

RECORD = {"format": FORMAT, "settings": {"rate": 0.1, "n": None}, "best": [3]}


def test_it_comes_back(tmp_path):
    write_record(tmp_path / "run.json", RECORD)
    assert read_record(tmp_path / "run.json") == RECORD


def test_every_altered_letter_is_found_or_means_the_same(tmp_path):
    path = tmp_path / "run.json"
    write_record(path, RECORD)
    whole = path.read_bytes()
    for place in range(len(whole)):
        for bit in (1, 8):
            content = bytearray(whole)
            content[place] ^= bit
            path.write_bytes(content)
            try:
                assert read_record(path) == RECORD  # another white space
            except MitseqError as error:
                assert "run.json is damaged (" in str(error)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 99999])
def test_what_is_no_record_is_one_line(tmp_path, content):
    (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(MitseqError, match="run.json is damaged") as caught:
        read_record(tmp_path / "run.json")
    assert "\n" not in str(caught.value)


def test_another_version_and_a_missing_one_are_said(tmp_path):
    write_record(tmp_path / "run.json", RECORD | {"format": 1})
    with pytest.raises(MitseqError, match=f"format 1, expected {FORMAT}"):
        read_record(tmp_path / "run.json")
    with pytest.raises(MitseqError, match="none.json is missing"):
        read_record(tmp_path / "none.json")


def test_checksum_is_the_one_of_sha256sum(tmp_path):
    (tmp_path / "a").write_bytes(b"abc" * 999_999)
    assert (
        checksum(tmp_path / "a") == hashlib.sha256(b"abc" * 999_999).hexdigest()
    )


def test_fingerprint_tells_texts_and_their_order_apart():
    lists = (["a", "b"], ["b", "a"], ["ab"], ["a"], ["a", "b", ""], [])
    assert len({fingerprint(texts) for texts in lists}) == len(lists)


def test_a_cut_archive_is_not_sound(tmp_path):
    path = tmp_path / "model.keras"
    assert not is_sound(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{" + "1" * 99 + "}")
    assert is_sound(path)
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(content)
    assert not is_sound(path)
    path.write_bytes(b"PK")
    assert not is_sound(path)


def test_versions_are_of_what_computes():
    import keras

    assert versions()["keras"] == keras.__version__


def test_a_folder_of_shards_is_known_by_its_record(tmp_path):
    assert not is_shards(tmp_path) and not is_shards(tmp_path / "none")
    write_record(tmp_path / INDEX, {"format": FORMAT})
    assert is_shards(tmp_path) and not is_shards(tmp_path / INDEX)
