"""Finding tunes in files and folders, clean or not."""

import random
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mitseq.tunes.lines import MAX_CHARACTERS, CorpusError
from mitseq.tunes.reading import RawTune, cut_tunes, read_tunes

TUNE = "X:1\nT:One\nM:4/4\nL:1/8\nK:D\nabcd efga|b8|]\n"


def read(path, text: str | bytes) -> list[RawTune]:
    data = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(data)
    return list(read_tunes(path))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.abc"


def test_one_clean_tune_comes_out_as_it_is(path):
    assert read(path, TUNE) == [RawTune(TUNE, path, 1, 1)]


@pytest.mark.parametrize("between", ["", "\n", "\n\n\n", "\nOn the harp.\n\n"])
def test_tunes_are_told_apart_with_and_without_blank_lines(path, between):
    second = TUNE.replace("X:1", "X: 007").replace("One", "Two")
    tunes = read(path, TUNE + between + second)
    assert [tune.text for tune in tunes] == [TUNE, second]
    assert [tune.number for tune in tunes] == [1, 7]
    assert tunes[1].line == 7 + between.count("\n")


@pytest.mark.parametrize("between", ["", "\n"])
def test_a_tune_without_x_begins_at_its_header(path, between):
    second = TUNE.removeprefix("X:1\n").replace("One", "Two")
    tunes = read(path, TUNE + between + second)
    assert [tune.text for tune in tunes] == [TUNE, second]
    assert [tune.number for tune in tunes] == [1, 2]


def test_a_tune_without_x_may_be_the_first(path):
    text = TUNE.removeprefix("X:1\n")
    assert [tune.text for tune in read(path, text)] == [text]


def test_a_title_inside_a_tune_is_a_section(path):
    text = TUNE + "T:Second part\ngfed cBAG|A8|]\n"
    assert [tune.text for tune in read(path, text)] == [text]


def test_joined_headers_become_tunes_of_which_one_has_music(path):
    text = "X:1\nT:One\nK:D\nT:Two\nM:6/8\nK:G\ngab gab|\n"
    first, second = read(path, text)
    assert first.damage == "no music"
    assert second.text == "T:Two\nM:6/8\nK:G\ngab gab|\n"
    assert second.damage == "" and second.line == 4


def test_joined_headers_with_x_become_tunes(path):
    first, second = read(path, "X:1\nT:One\nX:2\nT:Two\nK:G\ngab gab|\n")
    assert first.damage == "no music" and second.number == 2


def test_missing_fields_stay_missing(path):
    (tune,) = read(path, "X:3\nabc|\n")
    assert tune.text == "X:3\nabc|\n" and tune.damage == ""


def test_a_blank_line_in_a_header_or_in_the_music_ends_nothing(path):
    text = "X:1\n\nT:One\n\nK:D\n\nabcd|\n\n|:efga|\n"
    (tune,) = read(path, text)
    assert tune.text.split("\n")[:-1] == [
        line or "%" for line in text.split("\n")[:-1]
    ]


def test_prose_verses_and_remarks_after_a_tune_are_not_its_own(path):
    text = (
        TUNE + "\nW:Oh the fife | and drum\n\nNow this: see | below.\n\nab|\n"
    )
    assert [tune.text for tune in read(path, text)] == [TUNE]


def test_prose_between_header_and_music_is_left_out(path):
    text = "X:1\nK:D\n\nPlay it slowly.\n\nabc|\n"
    (tune,) = read(path, text)
    assert tune.text == "X:1\nK:D\n%\n%\n%\nabc|\n"


def test_history_goes_on_over_lines(path):
    (tune,) = read(path, "X:1\nH:Once upon\na time|\nK:D\nabc|\n")
    assert tune.text == "X:1\nH:Once upon\n%\nK:D\nabc|\n"


def test_comments_and_directives_stay(path):
    text = "X:1\n%%scale 0.7\n% a comment\nK:D\nabc|%end\n"
    (tune,) = read(path, "%abc-2.1\n% of mine\n\n" + text)
    assert tune.text == text and tune.line == 4


def test_the_header_of_a_file_gives_defaults(path):
    text = (
        "%abc-2.1\nM:6/8\nL:1/8\nO:Irish\n\nX:1\nL:1/4\nK:D\nab|\n\nX:2\nK:G\n"
    )
    first, second = read(path, text)
    assert first.text == "X:1\nM:6/8\nL:1/4\nK:D\nab|\n"
    assert second.text == "X:2\nM:6/8\nL:1/8\nK:G\n"
    assert first.file_line(1) == 6  # X:1
    assert first.file_line(3) == 7  # L:1/4
    assert first.file_line(5) == 9  # ab|
    assert second.file_line(4) == 12  # K:G


def test_the_header_of_a_file_ends_at_the_first_tune(path):
    text = TUNE + "\nM:6/8\nL:1/8\n\nX:2\nK:G\ngab|\n"
    assert read(path, text)[-1].text == "X:2\nK:G\ngab|\n"


def test_a_tune_that_does_not_end_is_cut_and_said_to_be_damaged(path):
    endless = TUNE + "abcd efga|\n" * MAX_CHARACTERS
    first, second = read(path, endless + "\nX:2\nK:D\nabc|\n")
    assert first.damage == "longer than 100,000 characters"
    assert len(first.text) <= MAX_CHARACTERS
    assert second.number == 2 and second.damage == ""


def test_a_line_that_does_not_end_is_cut_and_said_to_be_damaged(path):
    first, second = read(path, TUNE + "abcd" * MAX_CHARACTERS + "\n" + TUNE)
    assert first.damage and not second.damage


def test_a_gap_of_blank_lines_does_not_fill_the_memory(path):
    (tune,) = read(path, "X:1\nK:D\n" + "\n" * MAX_CHARACTERS + "abc|\n")
    assert tune.damage and len(tune.text) < 100


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "no ABC tune"),
        (b"Dear Sir,\n\nthe tune: see | below.\n", "no ABC tune"),
        (b"abcd efga|b8|]\n", "no ABC tune"),
        (b"M:4/4\nL:1/8\n", "no ABC tune"),
        (b"\x1f\x8b\x08\x00binary", "binary"),
        (TUNE.encode() + b"\n\0", "binary"),
    ],
)
def test_a_file_without_a_tune_is_named(path, data, reason):
    with pytest.raises(CorpusError, match=rf"a\.abc: .*{reason}"):
        read(path, data)


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path):
    (tmp_path / "b").mkdir()
    for number, name in enumerate(["c.abc", "b/x.ABC", "a.abc"]):
        (tmp_path / name).write_text(TUNE.replace("X:1", f"X:{number}"))
    (tmp_path / "notes.txt").write_text(TUNE)
    assert [tune.number for tune in read_tunes(tmp_path)] == [2, 1, 0]


def test_a_bad_file_in_a_folder_is_skipped_and_told(tmp_path):
    (tmp_path / "a.abc").write_bytes(b"\0")
    (tmp_path / "b.abc").write_text(TUNE)
    (tmp_path / "c.abc").write_text("")
    skipped = []
    assert len(list(read_tunes([str(tmp_path)], skipped))) == 1
    assert [str(e).split(": ")[1] for e in skipped] == [
        "a binary file, expected text in ABC notation",
        "the file is empty",
    ]


@pytest.mark.parametrize("name", [None, "a.txt", "a.abc"])
def test_a_folder_without_a_tune_is_named(tmp_path, name):
    folder = tmp_path / "folder"
    folder.mkdir()
    if name:
        (folder / name).write_text("nothing")
    with pytest.raises(CorpusError, match=r"folder: no \.abc file with a tune"):
        list(read_tunes(folder))


def test_a_missing_path_is_named(tmp_path):
    with pytest.raises(CorpusError, match="nowhere: no such file or folder"):
        list(read_tunes([tmp_path / "nowhere"]))


def test_a_large_file_is_read_in_little_memory(path):
    path.write_text((TUNE + "\n") * 40_000)  # 2 MB
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_tunes(path))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 40_000
    assert peak < 500_000


# --- fuzz: only CorpusError, nothing lost, nothing twice ---------------------

LINES = st.sampled_from(
    [
        *("X:1", "X:", "X:99999999999", "T:One", "M:6/8", "L:1/8", "K:D"),
        *("K:", "N:x", "W:la la", "w:la", "H:once", "", "", " ", "%", "%%x"),
        *("abc|def|!", "G:|", "Prose. And more|", "!", "\\", "%%begintext"),
        *("%%begin", "%%endtext", "|:", "\x1a", "+:y", "[K:G]", "\ufeffX:2"),
    ]
)


@settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    lines=st.lists(LINES | st.text(max_size=9), max_size=30),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]),
)
def test_fuzz_lines_in_any_order(path, lines, end, encoding):
    data = end.join(lines).encode(encoding, errors="replace")
    try:
        tunes = read(path, data)
    except CorpusError as error:
        assert "a.abc: " in str(error) and "\n" not in str(error)
        return
    numbers = [tune.line for tune in tunes]
    assert numbers == sorted(set(numbers))
    for tune in tunes:
        assert tune.text.endswith("\n") and "\r" not in tune.text
        last = tune.file_line(tune.text.count("\n"))
        assert tune.line <= last


@settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.binary(max_size=300))
def test_fuzz_any_bytes(path, data):
    try:
        assert read(path, b"X:1\nK:D\nabc|\n" + data)
    except CorpusError as error:
        assert "binary" in str(error)


@settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32), cuts=st.integers(1, 20))
def test_fuzz_real_shapes_with_damaged_bytes(path, seed, cuts):
    data = bytearray((TUNE + "\n") * 20, "utf-8")
    rng = random.Random(seed)
    for _ in range(cuts):
        data[rng.randrange(len(data))] = rng.randrange(1, 256)
    tunes = read(path, bytes(data))
    # A damaged byte costs or makes one tune at most.
    assert abs(len(tunes) - 20) <= cuts


def test_a_text_is_cut_like_the_file_it_could_be(tmp_path):
    path = tmp_path / "some.abc"
    for text in (
        "X:1\nK:D\nabc|\nX:2\nK:G\ngab|\n",
        "Prose.\r\n\r\nX:7\r\nT:a\r\nK:D\r\nabc|\r\n\r\nT:b\r\nK:G\r\ngab|",
        "L:1/8\n\nX:1\nK:D\nabc!\n\ndef|\n%%begintext\nX\n%%endtext\n",
    ):
        path.write_bytes(text.encode())
        assert cut_tunes(text) == [tune.text for tune in read_tunes(path)]
    assert cut_tunes("No tune.") == cut_tunes("") == []


def test_a_line_of_a_hundred_thousand_letters_is_cut_at_once():
    # by a pattern that looked for a bar line from each letter: two minutes
    assert cut_tunes("z" * 100_000) == []
