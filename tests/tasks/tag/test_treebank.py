"""Files become a training, and what is to judge by stays out of it."""

import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.tag.conllu import write_conllu
from mitseq.tasks.tag.treebank import read_treebank, role_of
from tests.tasks.tag.conftest import sentence


def write(path, count, word="a"):
    found = [sentence(f"{word}{i}/NOUN") for i in range(count)]
    path.write_text(write_conllu(found))
    return found


def test_the_names_of_a_folder_tell_what_its_files_are_for(tmp_path):
    parts = {
        part: write(tmp_path / f"en_x-ud-{part}.conllu", 25, part)
        for part in ("train", "dev", "test")
    }
    found = read_treebank([tmp_path])
    assert found.train == parts["train"]
    assert found.validation == parts["dev"] and found.test == parts["test"]
    assert found.name == str(tmp_path)
    assert role_of("my.train.conllu") == "train" and role_of("latest") is None


def test_without_names_a_tenth_stops_and_a_tenth_judges(tmp_path):
    path = tmp_path / "mine.conllu"
    whole = write(path, 40)
    found = read_treebank([path], seed=1)
    parts = (found.train, found.validation, found.test)
    assert [len(part) for part in parts] == [32, 4, 4]
    assert sorted(map(str, sum(parts, []))) == sorted(map(str, whole))
    assert read_treebank([path], seed=1) == found
    assert read_treebank([path], seed=2) != found


def test_with_a_file_to_stop_by_all_others_are_learned(tmp_path):
    train, dev = tmp_path / "a.conllu", tmp_path / "b.conllu"
    whole, stop = write(train, 30), write(dev, 2, "b")
    found = read_treebank([train], [dev])
    assert (found.train, found.validation, found.test) == (whole, stop, [])


def test_a_test_beside_a_training_is_kept_and_a_tenth_stops(tmp_path):
    write(tmp_path / "x-train.conllu", 30)
    test = write(tmp_path / "x-test.conllu", 3, "t")
    found = read_treebank([tmp_path])
    assert (len(found.train), len(found.validation)) == (27, 3)
    assert found.test == test


def test_too_little_to_learn_from_is_named(tmp_path):
    path = tmp_path / "few.conllu"
    write(path, 19)
    with pytest.raises(MitseqError, match="few.*at least 20 sentences.* 19"):
        read_treebank([path])
    path.rename(tmp_path / "x-dev.conllu")
    with pytest.raises(MitseqError, match="expected a file to learn from"):
        read_treebank([tmp_path])
