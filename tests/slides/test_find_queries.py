"""A table of queries: every titled slide is found by five ways of asking.

The ways: the exact title, a part of it, words of what the slide says, a class
or function, and a title with slips. A name may stand on several slides; then
the error lists them all.
"""

import pytest

from mitseq.errors import MitseqError
from mitseq.slides.deck import DECK
from mitseq.slides.find import all_fits, find_slide, numbered

TITLES = [slide.title for part in DECK for slide in part.slides]
# For each slide, in order: a part, words, a name, a slip.
QUERIES = (
    (
        "image of a ball",
        "from one picture it is a guess",
        "predict_ahead",
        "imagge of a bal",
    ),
    (
        "in the wild",
        "stock prices",
        "sequences_in_the_wild",
        "sequnces in the wild",
    ),
    (
        "modeling applications",
        "will I pass this class",
        "build_tag_model",
        "sequense modelling aplications",
    ),
    ("with recurrence", "past memory", "MyRNNCell", "nuerons with recurence"),
    ("perceptron", "weighted sum", "perceptron", "percepton"),
    (
        "feed forward networks",
        "one input in, one output out",
        "feed_forward",
        "feed foward networks revisted",
    ),
    (
        "individual time steps",
        "each step alone has no memory",
        "feed_forward",
        "handeling individual timesteps",
    ),
    (
        "neural networks (RNNs)",
        "same function and set of parameters",
        "rnn_step",
        "recurent neural netwoks rnns",
    ),
    ("intuition rnn", "I love recurrent neural", "MyRNNCell", "rnn intuiton"),
    (
        "state update",
        "tanh of input and old state",
        "SimpleRNNCell",
        "state updat and outputs",
    ),
    (
        "computational graph",
        "unrolled",
        "RecurrentLayer",
        "computatonal graph accross time",
    ),
    ("from scratch", "three weight matrices", "MyRNNCell", "from scrach"),
    ("tensorflow pytorch", "torch.nn", "from_keras", "rnn implementaton"),
    (
        "rnns for sequence",
        "text generation",
        "caption_pictures",
        "rnns for sequence modelling",
    ),
    (
        "modeling: design",
        "share parameters",
        "RecurrentLayer",
        "desing criteria",
    ),
    ("next word", "cat for a walk", "next_words", "predict the nxt word"),
    (
        "representing language",
        "require numerical inputs",
        "Vocabulary",
        "representng language",
    ),
    (
        "encoding language",
        "one-hot",
        "VocabularyEmbedding",
        "encodeing language",
    ),
    ("variable sequence", "padding", "pack_rows", "variabel sequence lenghts"),
    (
        "model long-term",
        "France is where I grew up",
        "long_term",
        "model long term dependancies",
    ),
    (
        "sequence order",
        "bag of words",
        "SimpleRNN",
        "capture diferences in order",
    ),
    (
        "bptt",
        "backward pass",
        "scalar_bptt",
        "backpropogation through time bptt",
    ),
    ("recall", "gradient descent", "descend", "recal backpropagation"),
    (
        "rnns backpropagation",
        "errors run back",
        "scalar_bptt",
        "rnns backpropogation throgh time",
    ),
    (
        "standard rnn gradient flow",
        "many factors of W_hh",
        "gradient_flow",
        "standart rnn gradient flow",
    ),
    ("exploding", "clipping", "GradientNorms", "exploding gradiants"),
    (
        "vanishing gradients",
        "weight initialization",
        "gradients_through_time",
        "vanishing gradiants",
    ),
    (
        "problem of long-term",
        "the clouds are in the",
        "remember_first",
        "problem of longterm dependencys",
    ),
    ("gating", "GRU", "GRUCell", "gatting mechanism"),
    ("lstm", "forget gate", "LSTMCell", "long short term memmory"),
    (
        "applications limitations",
        "where it ends",
        "build_music_model",
        "rnn aplications and limitatons",
    ),
    ("task: music", "sheet music", "generate_tunes", "music genration"),
    ("sentiment", "tweet", "SentimentClassifier", "sentimant clasification"),
    (
        "recurrent models",
        "encoding bottleneck",
        "_forward_loop",
        "limitation of recurent models",
    ),
    (
        "goal",
        "continuous stream",
        "MultiHeadAttention",
        "gaol of sequence modeling",
    ),
    (
        "all you need",
        "drop the recurrence",
        "TransformerBlock",
        "atention is all you need",
    ),
    (
        "intuition behind",
        "most important parts",
        "scaled_dot_product_attention",
        "intuiton behind selfattention",
    ),
    (
        "simple example",
        "the best key's value",
        "search",
        "simple exampel search",
    ),
    (
        "attention with search",
        "attention mask",
        "search",
        "understading attention",
    ),
    (
        "learning self-attention",
        "weighting",
        "SelfAttentionHead",
        "lerning self attention",
    ),
    (
        "multiple heads",
        "multi-head",
        "MultiHeadAttention",
        "mutliple attention heads",
    ),
    ("attention applied", "DNA", "TransformerBlock", "self atention aplied"),
    ("summary", "large language models", "MultiHeadAttention", "sumary"),
    ("lab 1", "Colab", "load_training_data", "lab 1 deep lerning in pyton"),
)
ASKED = [
    (title, query)
    for title, row in zip(TITLES, QUERIES, strict=True)
    for query in (title, *row)
]


def found(title, query):
    """Whether the query finds the slide alone, or lists it among others."""
    try:
        assert find_slide(query).title == title
        return "alone"
    except MitseqError as error:
        assert f"{query!r} fits " in str(error)
        assert repr(title) in str(error)
        return "listed"


def test_every_slide_is_found_by_five_ways_and_mostly_alone():
    ways = [found(title, query) for title, query in ASKED]
    assert len(ways) == 5 * 44
    assert ways.count("alone") >= 190
    # each slide by at least three of its five
    for i in range(0, len(ways), 5):
        assert ways[i : i + 5].count("alone") >= 3, ASKED[i]


def test_slides_and_sections_have_their_numbers_titles_and_names():
    for number, _, slide in numbered():
        assert find_slide(f" {number} ").title == slide.title
        fits = {fit.number: fit.where for fit in all_fits(slide.title)}
        assert fits[number] == "title"
        for reference in slide.code:
            name = reference.partition(":")[2]
            assert number in {fit.number for fit in all_fits(name)}, name


@pytest.mark.parametrize("number", ["0", "80", "99", "1000"])
def test_a_number_that_is_none_says_which_there_are(number):
    with pytest.raises(MitseqError, match="the numbers are 1 to 79"):
        find_slide(number)


def test_slips_count_only_where_nothing_fits_without():
    assert {fit.where for fit in all_fits("clipping")} == {"text"}
    assert all_fits("cliping")
    assert all_fits("perzeptrum") == []
    assert all_fits("") == []
