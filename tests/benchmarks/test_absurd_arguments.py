"""Public names, called with what nobody should pass."""

import inspect

import absurd_arguments
import pytest
from absurd_arguments import VALUES, Target, calls, targets, try_call

import mitseq
from mitseq.arguments import check_count

# What the table calls by another name, or in another way
NOT_CALLED = {"MitseqError", "__version__"}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    folder = tmp_path_factory.mktemp("absurd")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield targets(folder)


def test_every_public_name_is_in_the_table(table):
    assert set(mitseq.__all__) - NOT_CALLED <= set(table)


def test_every_argument_of_a_function_is_in_the_table(table):
    for name in set(mitseq.__all__) - NOT_CALLED - {"device", "both_masks"}:
        signature = inspect.signature(getattr(mitseq, name))
        names = {
            each.name
            for each in signature.parameters.values()
            if each.kind not in (each.VAR_KEYWORD, each.VAR_POSITIONAL)
        }
        assert names <= set(table[name].takes), name


@pytest.mark.filterwarnings("ignore")
def test_what_is_right_is_taken_and_all_else_is_named(table):
    every = list(calls(table))
    assert len(every) > 5000
    # each argument gets each kind of value in some of them
    chosen = [call for call in every if _is_quick(call)][:: 1 + STEP]
    assert len(chosen) >= 1000
    faults = [try_call(table, *call) for call in chosen]
    assert [str(fault) for fault in faults if fault] == []


STEP = 6  # and one: prime to the number of values, so that all are met


def _is_quick(call) -> bool:
    """Whether it is not one that trains, or loads a bundled model."""
    name, argument, value = call
    if name.startswith("load_") or name.endswith(".load"):
        return value != "None"
    return not (name == "SentimentClassifier" and value in VALUES_THAT_TRAIN)


VALUES_THAT_TRAIN = ("None", "zero", "True", "False", "a half", "1e300")


def test_a_value_that_is_taken_without_a_word_is_a_fault(monkeypatch):
    def careless(count):
        return None

    def careful(count):
        check_count(count=count)

    def raw(count):
        return [0][count]

    def told(call, value):
        made = Target(call, {"count": 1}, {"count": set()})
        fault = try_call({"f": made}, "f", "count", value)
        return None if fault is None else str(fault)

    assert told(careless, "NaN") == "f(count=NaN): taken without a word"
    assert told(careful, "NaN") is None
    assert told(raw, "None").startswith("f(count=None): TypeError: list")
    taking = Target(careful, {"count": 1}, {"count": {"zero"}})
    fault = try_call({"f": taking}, "f", "count", "zero")
    assert "refused: `count` must be a positive int" in str(fault)
    monkeypatch.setattr(absurd_arguments, "LONGEST", 10)
    assert "an error of" in told(careful, "NaN")
    assert len(VALUES) == 30
