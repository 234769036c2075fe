"""Questions and cards on neurons with recurrence."""

from mitseq.quiz.questions import Card, Question, QuizChapter

BALL = "Given an image of a ball, can you predict where it will go next?"

RECURRENCE = QuizChapter(
    "recurrence",
    "Neurons with recurrence",
    questions=(
        Question(
            "You see one image of a flying ball. What can you say of its next "
            "place?",
            right="That it is near; the direction is a guess.",
            wrong={
                "The exact place, if the network is large enough.": "No size "
                "makes up for what the input does not hold.",
                "The exact place, after enough training.": "All directions fit "
                "the same image, however many were seen.",
                "Nothing at all.": "A ball flies only so far in one step.",
            },
            why="One position has no direction. Two have one, and a state "
            "keeps it.",
            slide=BALL,
            measured="A network that sees the present position only is off by "
            "0.067 box widths, a GRU by 0.0006.",
            where="docs/benchmarks.md#where-will-the-ball-go-next",
        ),
        Question(
            "A trained RNN reads a sentence. What changes from word to word?",
            right="The hidden state.",
            wrong={
                "The weight matrices.": "They change in training, and are the "
                "same at every step.",
                "The number of hidden units.": "It is chosen once; the memory "
                "has a fixed size.",
                "The activation function.": "One function f_W serves every "
                "step.",
            },
            why="h_t = f_W(x_t, h_{t-1}): the same f and W, another state.",
            slide="Recurrent Neural Networks (RNNs)",
        ),
        Question(
            "`for word in sentence: prediction, hidden_state = my_rnn(word, "
            "hidden_state)`. What is lost if hidden_state is set to zeros "
            "before each word?",
            right="The memory: each prediction depends on its own word alone.",
            wrong={
                "Nothing: the weights remember the sentence.": "Weights hold "
                "what training taught, not what was just read.",
                "Speed: the zeros are computed anew.": "Zeros cost next to "
                "nothing.",
                "The loop fails: the shapes no longer fit.": "Zeros have the "
                "shape of a state, and that is the danger: nothing complains.",
            },
            why="The state is all that goes from one step to the next. This is "
            "the network on individual time steps again.",
            slide="RNN Intuition",
        ),
        Question(
            "Rows are the examples of a batch: x_t is (B, D), h_t is (B, H). "
            "What shape has W_xh, from the input to the state?",
            right="(D, H)",
            wrong={
                "(H, D)": "That is the slide's order for columns, W x; with "
                "rows it is x W.",
                "(B, H)": "A weight does not know how many examples there are.",
                "(H, H)": "That is W_hh, from state to state.",
            },
            why="x_t W_xh has to be (B, H): the D columns meet its D rows.",
            slide="RNN State Update and Output",
        ),
        Question(
            "An RNN predicts the next word at each of T steps. What is the "
            "loss of the sentence?",
            right="The sum of the losses of all steps.",
            wrong={
                "The loss of the last step.": "So it is for many to one; here "
                "every step has a target.",
                "The product of the losses.": "Probabilities of the words "
                "multiply; their logarithms, the losses, add up.",
                "The largest of the losses.": "Then most steps would teach "
                "nothing.",
            },
            why="L = L_1 + ... + L_T, and its gradient runs back from each of "
            "them.",
            slide="RNNs: Computational Graph Across Time",
        ),
    ),
    cards=(
        Card(
            "What do two images of a ball tell that one does not?",
            "The direction in which it flies; a state keeps it, past a wall "
            "too.",
            BALL,
            "One step ahead a linear guess from four positions is off by "
            "0.019 box widths, a GRU by 0.0006.",
            "docs/benchmarks.md#where-will-the-ball-go-next",
        ),
        Card(
            "What is a sequence?",
            "Data whose order matters: shuffle it, and what it was is gone.",
            "Sequences in the Wild",
        ),
        Card(
            "One to one: what, for example?",
            "One input, one output, no time: whether a student passes.",
            "Sequence Modeling Applications",
        ),
        Card(
            "Many to one: what, for example?",
            "A sequence in, one answer from the last state: the mood of a "
            "text.",
            "Example Task: Sentiment Classification",
            "The slide's model, an LSTM's last output, is right in 93.3 % of "
            "reviews that hinge on the order of their words.",
            "docs/benchmarks.md#order-and-memory",
        ),
        Card(
            "One to many: what, for example?",
            "One input starts it, and each output is read as the next input: "
            "a sentence about a picture.",
            "RNNs for Sequence Modeling",
            "95.9 % of the captions of pairs never seen together are right in "
            "every word.",
            "docs/benchmarks.md#what-is-to-be-seen-in-a-picture",
        ),
        Card(
            "Many to many: what, for example?",
            "An output at every step, as for tags; or first all is read, then "
            "all is written, as for translation.",
            "A tag for each word",
            "95.2 % of the words of a treebank get their right tag.",
            "docs/benchmarks.md#tag-each-word",
        ),
        Card(
            "What does a perceptron compute?",
            "A weighted sum of its inputs plus a bias, through a "
            "non-linearity.",
            "The Perceptron Revisited",
        ),
        Card(
            "What is a feed-forward network?",
            "Perceptrons side by side, in layers one after the other: one "
            "input of fixed size in, one output out.",
            "Feed-Forward Networks Revisited",
        ),
        Card(
            "What does a feed-forward network lack for a sequence?",
            "A state: its output depends on the input of this step alone.",
            "Handling Individual Time Steps",
            "At the steps where a ball bounces, seeing the present position "
            "only is off by 0.063 box widths, a GRU by 0.0018.",
            "docs/benchmarks.md#where-will-the-ball-go-next",
        ),
        Card(
            "What is a recurrence relation?",
            "h_t = f_W(x_t, h_{t-1}): the new state from the input and the old "
            "state, by the same function at every step.",
            "Neurons with Recurrence",
        ),
        Card(
            "What is the hidden state?",
            "A vector of fixed size: all that the network remembers of what it "
            "has read.",
            "Recurrent Neural Networks",
        ),
        Card(
            "How does an RNN update its state and make an output?",
            "h_t = tanh(W_hh^T h_{t-1} + W_xh^T x_t), and ŷ_t = W_hy^T h_t.",
            "RNN State Update and Output",
        ),
        Card(
            "The RNN in four lines of code?",
            "Begin with a state of zeros; for each word call the cell with "
            "word and state, and keep the state that comes back; the last "
            "prediction is the next word.",
            "RNN Intuition",
        ),
        Card(
            "What does unrolling show?",
            "The loop as a graph across time: the same three matrices at every "
            "step, and a loss at each.",
            "RNNs: Computational Graph Across Time",
        ),
        Card(
            "What is the total loss?",
            "The sum of the losses of the single steps.",
            "The total loss",
        ),
        Card(
            "Why does MyRNNCell return its state?",
            "So that the caller can hand it to the next step; a state that is "
            "only kept inside gets lost when TensorFlow compiles the call.",
            "RNNs from Scratch in TensorFlow",
        ),
        Card(
            "What is an RNN in practice?",
            "One line, such as `SimpleRNN(rnn_units)`, or `mitseq.LSTM` with "
            "the slide's names for its weights.",
            "RNN Implementation: TensorFlow & PyTorch",
            "Trained under fit, our LSTM of 512 units makes 4.47 steps a "
            "second where Keras's makes 1.69.",
            "docs/benchmarks.md#training-a-recurrence",
        ),
    ),
)
