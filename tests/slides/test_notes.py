"""The sections of the notes: in order, and told by slides that exist."""

from mitseq.slides.deck import DECK
from mitseq.slides.notes import NOTES, OURS

# The headings of the notes, as far as they have some, in their order.
HEADINGS = [
    ["Design criteria of sequence models", "Limitations of RNN"],
    [
        "Deep Sequence Modeling",
        "Sequence Modeling",
        "Many to One",
        "One to Many",
        "Many to Many",
        "Neurons with recurrence",
        "Recurrent Neural Networks (RNNs)",
        "RNNs from Scratch",
        "Design Criteria",
        "A Sequence modeling problem",
        "Backpropagation Through Time",
        "Activation Functions",
        "Parameter Initialization",
        "Gated Cells",
        "Long Short Term Memory (LSTM) Networks",
        "RNN Applications",
        "Music Generation",
        "Sentiment Classification",
        "Machine Translation",
    ],
    [
        "Sequence Models",
        "Recurrent Neural Networks",
        "Limits That Motivated What Came Next",
        "Trace the Hidden State by Hand",
    ],
]


def test_every_heading_of_the_notes_has_its_row_in_order():
    for part, headings in zip(NOTES, HEADINGS, strict=True):
        titles = [slide.title for slide in part.slides]
        assert [t for t in titles if t in headings] == headings
        assert not set(headings) & set(OURS)


def test_a_section_tells_a_slide_or_has_code_of_its_own():
    titles = {slide.title for part in DECK for slide in part.slides}
    for part in NOTES:
        for slide in part.slides:
            assert slide.like in titles | {""}
            assert slide.like or slide.code or slide.missing or slide.anchor
