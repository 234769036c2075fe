"""Lab 7 with small networks and tunes whose bars are all alike."""

import numpy as np
import pytest

from mitseq.tasks.music.model import tune_vocabulary
from tests.figure_checks import check_figure
from tests.labs.loading import load_lab
from tests.labs.random_tunes import write_random_tunes

lab = load_lab("07_inside_a_cell")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    return lab.Config(
        data=write_random_tunes(folder / "tunes.abc", 200),
        distance=6,
        memory_units=8,
        memory_steps=300,
        units=24,
        epochs=20,
        batch_size=8,
        tunes=4,
        longest=48,
        num_steps=48,
        seeds=1,
        out=str(folder / "out"),
    )


@pytest.fixture(scope="module")
def results(config):
    return lab.main(config)


def test_symbol_is_remembered_and_stored_when_it_comes(results):
    (right,), (gates,) = results["right"], results["gates"]
    assert right > 0.9
    symbol, noise = gates["i"]
    assert symbol > noise


def test_one_step_is_the_equation(results):
    assert results["off"] < 1e-5


def test_weights_of_a_gru_are_three_times_and_a_bias(results, config):
    D, H = 8, config.memory_units
    once = D * H + H * H + H
    assert results["counted"] == {
        "SimpleRNN": once,
        "GRU": 3 * once + H,
        "LSTM": 4 * once,
    }


def test_what_was_chosen_by_chance_is_seen_elsewhere(results):
    searched = results["searched"]
    chosen, measured = searched["a coin"]
    assert chosen > 0.4 > 0.25 > measured
    chosen, measured = searched["the symbol is 0"]
    assert chosen > 0.8 and measured > 0.5


def test_a_unit_is_found_on_some_tunes_and_measured_on_others(results):
    for found in results["found"].values():
        assert [row["signal"] for row in found] == list(lab.SIGNALS)
        for row in found:
            assert 0 <= row["measured"] <= 1
    told_nothing = results["found"]["told nothing"]
    assert max(row["measured"] for row in told_nothing) > 0.5
    (losses,) = results["losses"]
    assert losses[-1] < losses[0]


def test_words_that_decide_write_more_than_those_that_do_not(results):
    text = lab.Config().text
    wrote = results["wrote"][text]
    assert len(wrote) == 10  # with the comma and the full stop
    the, food, bad = wrote[0], wrote[1], wrote[6]
    assert bad > 2 * max(the, food)


def test_written_by_hand():
    c = np.array([[1.0, -1.0], [1.0, 0.5], [1.0, 0.5]])
    np.testing.assert_array_equal(lab.written_by_words(c), [2.0, 1.5, 0.0])


def test_signals_of_a_tune_by_hand():
    tune = "M:2/4\nL:1/8\nK:D\nD2E2|F2G2|]\n"
    vocabulary = tune_vocabulary([tune] * 10, "token")
    rows = lab.padded(vocabulary, [tune], lab.Config(longest=12))
    tokens = [t.strip() for t in lab.tokens_of(vocabulary, rows[0])]
    signals = lab.signals_of(vocabulary, rows)
    at = tokens.index("D2")
    assert tokens[at : at + 6] == ["D2", "E2", "|", "F2", "G2", "|]"]
    np.testing.assert_allclose(
        signals["position in the bar"][0, at : at + 6], [0.5, 1, 0, 0.5, 1, 0]
    )
    np.testing.assert_array_equal(
        signals["a bar line is next"][0, at : at + 6], [0, 1, 0, 0, 1, 0]
    )
    np.testing.assert_array_equal(
        signals["a bar line is read"][0, at : at + 6], [0, 0, 1, 0, 0, 1]
    )
    assert np.isnan(signals["position in the bar"][0, 0])


def test_figures(results, config):
    assert set(results["figures"]) == {
        "memory",
        "sentence",
        "twin",
        "tune",
        "unit",
        "unit_bundled",
    }
    for name, figure in results["figures"].items():
        check_figure(figure)
        png = lab.Path(config.out, f"{name}.png").read_bytes()
        assert png.startswith(b"\x89PNG")
