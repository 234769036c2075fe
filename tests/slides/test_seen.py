"""What to see in each figure."""

from mitseq.slides.find import numbered
from mitseq.slides.seen import SEEN, seen_in


def test_each_example_has_one_sentence_and_none_is_left_over():
    examples = {slide.example for _, _, slide in numbered() if slide.example}
    assert {f"mitseq.slides.{name}" for name in SEEN} == examples
    for example in examples:
        sentence = seen_in(example)
        assert sentence.endswith(".") and ". " not in sentence
        assert len(sentence) <= 160
    assert seen_in("") == ""
