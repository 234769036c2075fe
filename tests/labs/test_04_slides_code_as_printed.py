"""Lab 4: each printed line fails or means something else, as the lab says."""

import pytest

from tests.figure_checks import check_figure, check_png
from tests.labs.loading import load_lab

lab = load_lab("04_slides_code_as_printed")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return lab.Config(out=str(tmp_path_factory.mktemp("lab")))


@pytest.fixture(scope="module")
def results(config):
    return lab.main(config)


def test_every_printed_line_does_what_the_lab_says(results):
    """Whoever fixes a misprint in Keras makes this test say so."""
    happens = [what for _, what, _, _ in results["rows"]]
    of_torch = happens.pop(12)
    assert of_torch in ("torch is not installed", lab.RIGHT)
    assert happens == [
        "AttributeError",
        "RuntimeError",
        "AttributeError",
        lab.RIGHT,
        lab.RIGHT,
        "shape (4, 4), not (4, 1)",
        "InvalidArgumentError",
        "InvalidArgumentError",
        "InvalidArgumentError",
        "TypeError",
        "ModuleNotFoundError",
        lab.RIGHT,
        "TypeError",
        "ValueError",
        "shape (1, 2), not ()",
        lab.RIGHT,
    ]


def test_tempting_variants_run_and_are_wrong(results):
    assert [what for _, what, _, _ in results["tempting"]] == [
        "InvalidArgumentError",
        "-0.92, not -0.96",
        "0.00, not 0.35",
        "0.34, not 0.05",
    ]


def test_what_is_printed_is_told_from_what_is_not(results):
    """`assign`, `@` and a softmax in the loss are in no slide."""
    printed = [text for text, _, _, _ in results["rows"]]
    assert not any("assign" in text or "@" in text for text in printed)
    assert not any("tf.nn.softmax(" in text for text in printed)
    places = {line.where for line in lab.printed_lines(lab.Config())}
    assert places == {"slide", "notes", "both"}


def test_a_line_that_is_right_would_be_noticed():
    line = lab.Line("1", lambda: 1, "", "1", lambda: 1)
    assert lab.happens(line) == "nothing wrong"
    line = lab.Line("1", lambda: 1, "", "1", lambda: 1, means=lambda: 1)
    assert lab.happens(line) == "nothing wrong"


def test_with_equal_sizes_fewer_lines_fail_and_the_count_says_so(
    capsys, tmp_path
):
    """The first exercise."""
    equal = lab.Config(units=3, input_dim=3, output_dim=3, out=str(tmp_path))
    happens = [what for _, what, _, _ in lab.main(equal)["rows"]]
    assert happens.count(lab.RIGHT) >= 4
    assert happens.count("shape (3, 3), not (3, 1)") == 4
    said = capsys.readouterr().out
    assert "of 17, 7 raise an error, 5 mean something else" in said


def test_figure_is_the_table(results, config):
    check_figure(results["figure"])
    texts = [text.get_text() for text in results["figure"].axes[0].texts]
    assert len(texts) == 3 * (len(results["rows"]) + 1)
    check_png(lab.Path(config.out, "printed.png").read_bytes())
