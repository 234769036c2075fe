"""Questions and cards on backpropagation through time, and on gates."""

from mitseq.quiz.questions import Card, Question, QuizChapter

GRADIENTS = QuizChapter(
    "gradients",
    "Backpropagation through time",
    questions=(
        Question(
            "Why does the vanishing gradient problem specifically hurt an "
            "RNN's ability to learn long-range dependencies?",
            right="The further back a step, the more factors below 1 its "
            "gradient passes: early steps hardly teach the weights anything.",
            wrong={
                "The learning rate becomes too small.": "It is the same for "
                "all steps; a larger one would blow up what comes from near.",
                "The network forgets its weights while it reads.": "Weights "
                "do not change while it reads.",
                "The loss at early steps is not computed.": "Each step's loss "
                "is in the sum; what is lost is the way from late losses to "
                "early steps.",
            },
            why="The gradient still has its near parts, so the network learns, "
            "but short-term dependencies only.",
            slide="Vanishing and exploding gradients",
            printed=True,
        ),
        Question(
            "An LSTM processes a 200-word document. What structural feature "
            "allows it to carry relevant information from word 1 all the way "
            "to word 200 more reliably than a vanilla RNN?",
            right="The cell state: it is multiplied by a gate and added to, "
            "and passes no matrix and no tanh on its way.",
            wrong={
                "It has four times as many weights.": "An RNN with as many "
                "weights still sends its state through a matrix at each step.",
                "It reads the document in both directions.": "That is another "
                "layer around it; an RNN can have it too.",
                "Its hidden state grows with the document.": "Its size is "
                "fixed.",
            },
            why="c_t = f_t * c_{t-1} + i_t * c_tilde. With the forget gate "
            "open, value and gradient pass as they are.",
            slide="Long Short Term Memory (LSTM) Networks",
            printed=True,
        ),
        Question(
            "One unit without a non-linearity: h_t = 0.9 h_{t-1} + x_t. By how "
            "much is the gradient from step 100 scaled when it is back at "
            "step 0?",
            right="0.9^100, about 0.00003.",
            wrong={
                "0.9, once.": "It passes the weight at every step.",
                "0.9 * 100 = 90.": "Factors of a chain multiply.",
                "1: without tanh nothing vanishes.": "The weight is a factor "
                "too; with 1 in its place nothing would vanish.",
            },
            why="One factor for each step: below 1 it vanishes, above 1 it "
            "explodes (1.1^100 is about 14,000).",
            slide="Standard RNN Gradient Flow",
        ),
        Question(
            "The gradient of all weights has norm 50 and is clipped at norm 1. "
            "What is left?",
            right="A step in the same direction, of a fiftieth of the length.",
            wrong={
                "Every component is cut at 1.": "That is clipping by value, "
                "and it changes the direction.",
                "Zero: the batch is skipped.": "It still teaches the "
                "direction.",
                "The same gradient: it is the loss that is cut.": "The loss "
                "is left alone; what is scaled is its gradient.",
            },
            why="Clipping scales big gradients. It does nothing for vanishing "
            "ones.",
            slide="Standard RNN Gradient Flow: Exploding Gradients",
        ),
        Question(
            "Why is dL/dW_hh a sum over all time steps?",
            right="Because the same W_hh is used at each of them.",
            wrong={
                "Because the batch has several examples.": "That is a sum too, "
                "but not over time.",
                "Because each step has a W_hh of its own.": "Then each would "
                "get its own gradient.",
                "To make it larger, against vanishing.": "It is what the chain "
                "rule says, whatever its size.",
            },
            why="Change W_hh a little and every step changes; the effects add "
            "up.",
            slide="RNNs: Backpropagation Through Time",
        ),
        Question(
            "In an LSTM f_t = 1 and i_t = 0 for some unit. What happens to its "
            "cell state?",
            right="It is copied.",
            wrong={
                "It is erased.": "For that f_t has to be 0.",
                "It is replaced by the candidate.": "For that f_t has to be 0 "
                "and i_t 1.",
                "It is shown as the output.": "The output gate o_t decides "
                "that.",
            },
            why="c_t = 1 * c_{t-1} + 0 * c_tilde.",
            slide="Gated Cells",
        ),
        Question(
            "ReLU is said to help against vanishing gradients. What does it "
            "need beside it?",
            right="A recurrent matrix that starts as the identity.",
            wrong={
                "A larger learning rate.": "It scales near and far alike.",
                "Nothing.": "The recurrent matrix is a factor of every step "
                "too, and a random one shrinks what passes.",
                "A softmax in each step.": "It would squeeze the state.",
            },
            why="Its derivative is 1 where it is positive, so the matrix "
            "decides; the identity passes all.",
            slide="Standard RNN Gradient Flow: Vanishing Gradients",
        ),
    ),
    cards=(
        Card(
            "Backpropagation in two steps?",
            "Differentiate the loss by each parameter, then shift the "
            "parameters to lower the loss.",
            "Recall: Backpropagation in Feed Forward Models",
        ),
        Card(
            "What is backpropagation through time?",
            "The chain rule on the unrolled network: errors run from each "
            "step back to all before it.",
            "RNNs: Backpropagation Through Time",
        ),
        Card(
            "What is truncated backpropagation through time?",
            "The way back is cut every so many steps: cheaper, and no gradient "
            "crosses the cut.",
            "Backpropagation Through Time (BPTT)",
        ),
        Card(
            "Which factors does the gradient of h_0 have?",
            "One for each step: the recurrent matrix times the derivative of "
            "the activation.",
            "Standard RNN Gradient Flow",
        ),
        Card(
            "When do gradients explode?",
            "When many of these factors are above 1: their product grows with "
            "the length.",
            "Standard RNN Gradient Flow: Exploding Gradients",
        ),
        Card(
            "What is gradient clipping?",
            "If the norm of the gradient is above a threshold, the gradient is "
            "scaled down to it.",
            "Standard RNN Gradient Flow: Exploding Gradients",
        ),
        Card(
            "When do gradients vanish?",
            "When many of the factors are below 1: nothing of a late error "
            "reaches an early step.",
            "Standard RNN Gradient Flow: Vanishing Gradients",
        ),
        Card(
            "The three ways against vanishing gradients?",
            "Another activation together with another initialization of the "
            "weights (ReLU and the identity); another architecture with gates.",
            "Standard RNN Gradient Flow: Vanishing Gradients",
        ),
        Card(
            "What does ReLU do for the gradient?",
            "It does not shrink what is positive: its derivative is 1 there.",
            "Activation Functions",
        ),
        Card(
            "What does initializing with the identity do?",
            "The recurrent matrix passes the state on unchanged at first.",
            "Parameter Initialization",
        ),
        Card(
            "Why are vanishing gradients a problem?",
            "The network becomes biased to short-term dependencies: only near "
            "words are learned from.",
            "The Problem of Long-Term Dependencies",
        ),
        Card(
            "What is a gate?",
            "A sigmoid for each unit, between 0 and 1, times what is to pass.",
            "Gating Mechanisms in Neurons",
        ),
        Card(
            "The four steps of an LSTM?",
            "Forget, store, update, output.",
            "Long Short Term Memory (LSTM) Networks",
        ),
        Card(
            "What is the cell state of an LSTM?",
            "A second state beside the hidden one; gates only scale it and "
            "add to it.",
            "Long Short Term Memory (LSTM) Networks",
        ),
        Card(
            "What does a forget gate of 1 do?",
            "It keeps the cell state, and lets its gradient pass unchanged.",
            "Gated Cells",
        ),
        Card(
            "What is a GRU?",
            "A gated unit with two gates, update and reset, and no cell state; "
            "three quarters of an LSTM's weights.",
            "Gating Mechanisms in Neurons",
            "With sentences put in between a GRU was right in 99.3 %, an LSTM "
            "in 98.6 %.",
            "docs/benchmarks.md#order-and-memory",
        ),
    ),
)
