"""What a lecturer puts on the board for a slide: equation and lines of code.

deck.py says what is where; here is what of it is shown first. The equations are
in plain text, with the symbols of the slides, where vectors are columns. Where
a docstring has the same equation as the code computes it, with rows, it is
named, and tests compare the symbols. lines.py cuts the code.
"""

import dataclasses
import re
import textwrap

from mitseq.slides.deck import Slide
from mitseq.slides.lines import Excerpt, docstring, excerpt


@dataclasses.dataclass(frozen=True)
class Board:
    """One slide on the board.

    Args:
        equation: As on the slide, or what the slide says as an equation; ""
            where it has none.
        lines: What `excerpt` reads: the 10 to 20 lines that are the idea.
        computed: `"module:name"`, whose docstring has the equation in rows.
        words: More of what the slide says, for those who search.
    """

    equation: str
    lines: tuple[str, ...]
    computed: str = ""
    words: str = ""


def board_of(slide: Slide) -> Board:
    """Returns the board of a slide, or of the slide that a section tells."""
    return BOARD[slide.like or slide.title]


def lines_of(slide: Slide) -> list[Excerpt]:
    """Returns the lines of code that are the idea of a slide.

    Example:

    >>> from mitseq.slides.find import find_slide
    >>> [shown] = lines_of(find_slide("trace by hand"))
    >>> shown.file, shown.name
    ('mitseq/by_hand/trace.py', 'trace_by_hand')
    """
    return [excerpt(reference) for reference in board_of(slide).lines]


def equation_in_rows(slide: Slide) -> str:
    """Returns the equation of a slide as the code computes it, "" if none is.

    It is cut from the docstring that the board names.

    Example:

    >>> from mitseq.slides.find import find_slide
    >>> print(equation_in_rows(find_slide("state update")))
    h_t = tanh(x_t W_xh + h_prev W_hh)     update the hidden state
    y_t = h_t W_hy                         compute the output
    """
    computed = board_of(slide).computed
    return equation_in(docstring(computed)) if computed else ""


def equation_in(text: str) -> str:
    """Returns the paragraph of a docstring that begins with "Equation"."""
    for paragraph in textwrap.dedent(text).split("\n\n"):
        if paragraph.startswith("Equation: "):  # in one line, between ticks
            return paragraph.split("`")[1]
        if paragraph.startswith("Equations"):
            return textwrap.dedent(re.split(r":\n", paragraph, maxsplit=1)[1])
    return ""


def _board(
    equation: str, lines: str, computed: str = "", words: str = ""
) -> Board:
    """Returns a `Board`; each reference stands on a line, without "mitseq."."""
    return Board(
        textwrap.dedent(equation).strip("\n"),
        tuple(f"mitseq.{line.strip()}" for line in lines.strip().splitlines()),
        computed and f"mitseq.{computed}",
        words,
    )


_STATE = "h_t = tanh(W_hh^T h_{t-1} + W_xh^T x_t)"
_OUTPUT = "ŷ_t = W_hy^T h_t"
_ATTENTION = "A(Q, K, V) = softmax(Q K^T / scaling) V"
_CELL = "layers.my_rnn_cell:MyRNNCell"
_SDPA = "layers.attention:scaled_dot_product_attention"

BOARD = {
    "Given an image of a ball, can you predict where it will go next?": _board(
        "x_{t+1} = x_t + (x_t - x_{t-1})   until a wall turns it",
        "by_hand.ball:from_all_positions",
        words="bouncing position speed prediction time step",
    ),
    "Sequences in the Wild": _board(
        "",
        "by_hand.wild:neighbors",
        words="audio sound text stock prices protein DNA sensor readings",
    ),
    "Sequence Modeling Applications": _board(
        """
        one to one     ŷ = f(x)
        many to one    ŷ = f(x_1, ..., x_T)
        one to many    ŷ_1, ..., ŷ_T = f(x)
        many to many   ŷ_1, ..., ŷ_T = f(x_1, ..., x_T)
        """,
        'slides.recurrence:patterns[x, chances..told["one after]',
        words="binary classification will I pass this class, sentiment "
        "classification, image captioning, a baseball player throws a ball, "
        "machine translation, forecasting",
    ),
    "Neurons with Recurrence": _board(
        "ŷ_t = f(x_t, h_{t-1})   output from input and past memory",
        f"{_CELL}.call[in_list..]",
        words="past memory hidden state cell",
    ),
    "The Perceptron Revisited": _board(
        "ŷ = g(x_1 w_1 + ... + x_D w_D + b)",
        "layers.perceptron:perceptron",
        computed="layers.perceptron:perceptron",
        words="neuron sigmoid bias weighted sum",
    ),
    "Feed-Forward Networks Revisited": _board(
        "ŷ = f(x),  x in R^m,  ŷ in R^n",
        "layers.perceptron:feed_forward",
        words="hidden layer dense network",
    ),
    "Handling Individual Time Steps": _board(
        "ŷ_t = f(x_t)   at each step anew",
        """
        layers.perceptron:feed_forward[for i..]
        slides.recurrence:feed_forward_forgets[x = rng..states =]
        """,
        words="no memory slice of time isolated",
    ),
    "Recurrent Neural Networks (RNNs)": _board(
        "h_t = f_W(x_t, h_{t-1})   the same f and W at every step",
        "layers.rnn:rnn_step",
        words="recurrence relation, same function and set of parameters, cell "
        "state",
    ),
    "RNN Intuition": _board(
        "ŷ_t, h_t = f_W(x_t, h_{t-1})",
        "slides.recurrence:next_word[hidden_state..next_word_prediction]",
        words="I love recurrent neural networks, for word in sentence, "
        "pseudocode",
    ),
    "RNN State Update and Output": _board(
        f"{_STATE}\n{_OUTPUT}",
        f"""
        layers.rnn:rnn_step
        {_CELL}.call[# Compute the output..output]
        """,
        computed=_CELL,
        words="input vector, output vector, update hidden state, tanh",
    ),
    "RNNs: Computational Graph Across Time": _board(
        f"{_STATE}\n{_OUTPUT}\nL = L_1 + L_2 + ... + L_T",
        """
        by_hand.next_word:_loop[hidden_state..]
        by_hand.next_word:learn_sentence[with tf.GradientTape..total_loss]
        """,
        computed=_CELL,
        words="unrolled unfold forward pass, re-use the same weight matrices, "
        "total loss",
    ),
    "RNNs from Scratch in TensorFlow": _board(
        f"{_STATE}\n{_OUTPUT}",
        f"""
        {_CELL}.__init__[# Initialize the weight..self.W_hy]
        {_CELL}.call[# Update the hidden..output]
        """,
        computed=_CELL,
        words="MyRNNCell rnn_units add_weight",
    ),
    "RNN Implementation: TensorFlow & PyTorch": _board(
        _STATE,
        "slides.recurrence:three_forms[ours..layer.set_weights]",
        computed="layers.rnn:SimpleRNNCell",
        words="tf.keras.layers.SimpleRNN, torch.nn RNN, one line",
    ),
    "RNNs for Sequence Modeling": _board(
        f"""
        many to one    ŷ from h_T
        many to many   {_OUTPUT}, for each t
        one to many    x_{{t+1}} = ŷ_t, h_0 from the image
        """,
        """
        layers.bptt:run[return h_seq[-1]..]
        tasks.caption.model:build_caption_model[grid = ..h = lstm(words, init]
        """,
        words="vanilla network, text generation, image captioning, translation "
        "and forecasting, music generation, return_sequences",
    ),
    "Sequence Modeling: Design Criteria": _board(
        "h_t = f_W(x_t, h_{t-1})   one W, for any t",
        "slides.criteria:shared_parameters[for num_steps..dense.append]",
        words="variable-length sequences, long-term dependencies, maintain "
        "order, share parameters",
    ),
    "A Sequence Modeling Problem: Predict the Next Word": _board(
        "p(x_{t+1} | x_1, ..., x_t) = softmax(ŷ_t)",
        "tasks.words.predict:next_probs",
        words="This morning I took my cat for a walk. given these words "
        "language model MIT 6.S191",
    ),
    "Representing Language to a Neural Network": _board(
        "text -> numbers -> text",
        """
        text.vocabulary:Vocabulary.encode
        text.vocabulary:Vocabulary.tokens_of[pieces..]
        """,
        words="neural networks cannot interpret words and require numerical "
        "inputs",
    ),
    "Encoding Language for a Neural Network": _board(
        "word -> index -> x_t = E[id_t]   a row of the matrix E",
        """
        text.vocabulary:Vocabulary.__init__[self._ids..]
        layers.embedding:VocabularyEmbedding.__init__[self.vocabulary = ..]
        tasks.words.embedding:neighbors
        """,
        computed="layers.embedding:VocabularyEmbedding",
        words="one-hot, corpus of words, indexing, learned embedding",
    ),
    "Handle Variable Sequence Lengths": _board(
        "h_t = h_{t-1}   where step t only fills up",
        """
        layers.bptt:_forward_loop.step
        layers.equations:where_kept
        """,
        words="The food was great. We visited a restaurant for lunch. We were "
        "hungry but cleaned the house before eating. padding mask",
    ),
    "Model Long-Term Dependencies": _board(
        "d h_T / d x_1 is not 0",
        "slides.criteria:long_term[lengths..left[name].append]",
        words="France is where I grew up, but I now live in Boston. I speak "
        "fluent French. distant past",
    ),
    "Capture Differences in Sequence Order": _board(
        "sum_t x_t is the same, h_T is not",
        "slides.criteria:order[good, bad..difference]",
        words="The food was good, not bad at all. bag of words",
    ),
    "Backpropagation Through Time (BPTT)": _board(
        "L = sum_t L_t,   dL/dW = sum_t dL_t/dW",
        "by_hand.backpropagation:scalar_bptt[# Backward..dw_steps]",
        words="backward pass training truncated",
    ),
    "Recall: Backpropagation in Feed Forward Models": _board(
        "W <- W - η dL/dW",
        "by_hand.descent:descend[losses = ..b = b]",
        words="gradient descent, take the derivative of the loss, shift "
        "parameters, learning rate, chain rule",
    ),
    "RNNs: Backpropagation Through Time": _board(
        """
        dL/dh_t = dL_t/dh_t + dL/dh_{t+1} dh_{t+1}/dh_t
        dL/dW = sum_t dL/dh_t dh_t/dW
        """,
        """
        layers.equations:RNNEquations.backward
        layers.bptt:_backward_loop.step
        """,
        words="errors flow back, chain rule, total loss",
    ),
    "Standard RNN Gradient Flow": _board(
        """
        dL/dh_0 = dL/dh_T * dh_T/dh_{T-1} * ... * dh_1/dh_0
        dh_t/dh_{t-1} = diag(1 - h_t^2) W_hh^T
        """,
        "by_hand.backpropagation:influence",
        words="many factors of W_hh, repeated gradient computation, "
        "eigenvalue, spectral radius",
    ),
    "Standard RNN Gradient Flow: Exploding Gradients": _board(
        "g <- g * min(1, c / |g|)   where g is dL/dW, all weights together",
        """
        slides.gradients:clipped_training[norm = ..optimizer.apply]
        tasks.music.train:compile_music_model[optimizer..optimizer]
        """,
        words="gradient clipping to scale big gradients, many values > 1, "
        "global norm",
    ),
    "Standard RNN Gradient Flow: Vanishing Gradients": _board(
        "many factors |dh_t/dh_{t-1}| < 1   their product goes to 0",
        "slides.gradients:vanishing[identity..before]",
        words="many values < 1, activation function ReLU, weight "
        "initialization identity, network architecture gated cells",
    ),
    "The Problem of Long-Term Dependencies": _board(
        "dL_t/dh_k = dL_t/dh_t * dh_t/dh_{t-1} * ... * dh_{k+1}/dh_k",
        "by_hand.memory:remember_first",
        words="The clouds are in the sky. I grew up in France and I speak "
        "fluent French. multiply many small numbers, errors have smaller and "
        "smaller gradients, bias parameters to capture short-term dependencies",
    ),
    "Gating Mechanisms in Neurons": _board(
        """
        z_t = sigmoid(W_xz^T x_t + W_hz^T h_{t-1} + b_z)   update
        r_t = sigmoid(W_xr^T x_t + W_hr^T h_{t-1} + b_r)   reset
        h_t = z_t * h_{t-1} + (1 - z_t) * h_tilde
        """,
        "layers.gru:GRUCell",
        computed="layers.gru:GRUCell",
        words="selectively add or remove information within each recurrent "
        "unit, gated cell, GRU gated recurrent unit, update gate, reset gate",
    ),
    "Long Short Term Memory (LSTM) Networks": _board(
        """
        f_t = sigmoid(W_xf^T x_t + W_hf^T h_{t-1} + b_f)   1. forget
        i_t = sigmoid(W_xi^T x_t + W_hi^T h_{t-1} + b_i)   2. store
        c_t = f_t * c_{t-1} + i_t * c_tilde                3. update
        o_t = sigmoid(W_xo^T x_t + W_ho^T h_{t-1} + b_o)   4. output
        h_t = o_t * tanh(c_t)
        """,
        "layers.lstm:LSTMCell",
        computed="layers.lstm:LSTMCell",
        words="forget gate, input gate, output gate, cell state, track "
        "information throughout many time steps, uninterrupted gradient flow",
    ),
    "RNN Applications & Limitations": _board(
        "",
        "slides.applications:music[model =..tune]",
        words="music generation sentiment classification bottleneck",
    ),
    "Example Task: Music Generation": _board(
        "p(x_{t+1} | x_1, ..., x_t) = softmax(ŷ_t / temperature)",
        """
        tasks.music.rows:fill_rows[for i, row..]
        generation.sampling:sample[u = uniform..choice]
        """,
        computed="generation.sampling:sample",
        words="sheet music, next character, ABC notation, 3rd movement, "
        "temperature sampling",
    ),
    "Example Task: Sentiment Classification": _board(
        "L = - sum_c y_c log softmax(predicted)_c",
        "tasks.sentiment.loss:softmax_cross_entropy_with_logits",
        words="tweet, probability of having positive sentiment, tf.nn softmax "
        "cross entropy with logits",
    ),
    "Limitations of Recurrent Models": _board(
        "h_t needs h_{t-1}: T steps, one after the other; h_T has H numbers",
        "layers.bptt:_forward_loop[def step..]",
        words="encoding bottleneck, slow, no parallelization, not long memory, "
        "fixed-size context",
    ),
    "Goal of Sequence Modeling": _board(
        "ŷ_1, ..., ŷ_T = f(x_1, ..., x_T)   all at once",
        "slides.applications:goal[layers = ..weights.append]",
        words="eliminate the need for recurrence, continuous stream, "
        "parallelization, long memory, feed everything into one dense network, "
        "not scalable, identify and attend to what is important",
    ),
    "Attention Is All You Need": _board(
        """
        a = x + attention(normalize(x))
        y = a + feed_forward(normalize(a))
        """,
        """
        layers.transformer:TransformerBlock.call[# a = x..a = self]
        layers.transformer:TransformerBlock._think
        layers.transformer:TransformerBlock._add
        """,
        computed="layers.transformer:TransformerBlock",
        words="Transformer block residual",
    ),
    "Intuition Behind Self-Attention": _board(
        _ATTENTION,
        f"{_SDPA}[# 1. Compare..output]",
        computed=_SDPA,
        words="attending to the most important parts of an input, extract the "
        "features with high attention, Iron Man",
    ),
    "A Simple Example: Search": _board(
        "value of the key K_i that is most similar to Q",
        "by_hand.search:search[vectors..]",
        words="query key value video database",
    ),
    "Understanding Attention with Search": _board(
        """
        similarity_i = Q K_i / (|Q| |K_i|)
        output = sum_i softmax(similarity)_i V_i
        """,
        f"""
        by_hand.search:search[# 1. How..weights /=]
        {_SDPA}[# 1. Compare..output]
        """,
        words="compute attention mask, how similar is each key to the query, "
        "extract values, cosine similarity",
    ),
    "Learning Self-Attention with Neural Networks": _board(
        _ATTENTION,
        f"""
        layers.attention:SelfAttentionHead.call[# Q = ..value]
        {_SDPA}[# 1. Compare..output]
        """,
        computed="layers.attention:SelfAttentionHead",
        words="attention weighting where to attend to, attention score, dot "
        "product, encode position information, query, key, value, He tossed "
        "the tennis ball to serve, scaling",
    ),
    "Applying Multiple Self-Attention Heads": _board(
        """
        A_n = softmax(Q_n K_n^T / sqrt(K)),  n = 1 ... N
        y = [A_1 V_1, ..., A_N V_N] W_o
        """,
        """
        layers.multi_head:MultiHeadAttention.call[# Q = ..y = ops.matmul]
        layers.heads:join_heads
        """,
        computed="layers.multi_head:MultiHeadAttention",
        words="multi-head output of attention head 1 2 3",
    ),
    "Self-Attention Applied": _board(
        _ATTENTION,
        "slides.attention:beyond_text[words = .._, weights]",
        computed=_SDPA,
        words="language processing BERT GPT, biological sequences protein "
        "structure, computer vision transformers, avocado armchair",
    ),
    "Deep Learning for Sequence Modeling: Summary": _board(
        f"{_STATE}\n{_ATTENTION}",
        f"""
        layers.rnn:rnn_step
        {_SDPA}[# 1. Compare..output]
        """,
        words="recurrence relation, backpropagation through time, large "
        "language models",
    ),
    "Lab 1: Deep Learning in Python and Music Generation with RNNs": _board(
        "p(x_{t+1} | x_1, ..., x_t) = softmax(ŷ_t)",
        """
        tasks.music.rows:fill_rows[for i, row..]
        tasks.music.train:compile_music_model[optimizer..model.compile]
        """,
        words="Colab TODO software lab mdl",
    ),
    "Machine Translation": _board(
        "context = h_T of the encoder = h_0 of the decoder",
        "tasks.translate.model:build_translation_model[if cell..]",
        words="encoder decoder context vector beam search",
    ),
    "Attention": _board(
        """
        score(h_t, h_s) = w^T tanh(W_q^T h_t + W_k^T h_s)
        a_t = softmax over s of score(h_t, h_s)
        context_t = sum_s a_ts h_s
        """,
        """
        layers.cross_attention:AdditiveAttention.score
        layers.cross_attention:_CrossAttention.call[# a_ts..context]
        """,
        computed="layers.cross_attention:AdditiveAttention",
        words="Bahdanau Luong alignment cross-attention additive",
    ),
    "A tag for each word": _board(
        "ŷ_t = softmax(W_hy^T h_t + b_y)   at every step",
        "tasks.tag.model:build_tag_model[for i in..logits]",
        computed="tasks.tag.model:TagLogits",
        words="part of speech tagging noun verb bidirectional",
    ),
    "Trace the Hidden State by Hand": _board(
        "h_t = 0.5 h_{t-1} + 0.5 x_t",
        "by_hand.trace:trace_by_hand[words = ..h.append]",
        words="the quick brown fox jumps scalar recurrence weight",
    ),
}
