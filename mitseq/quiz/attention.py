"""Questions and cards on attention, and on life without recurrence."""

from mitseq.quiz.questions import Card, Question, QuizChapter

LEARNING = "Learning Self-Attention with Neural Networks"

ATTENTION = QuizChapter(
    "attention",
    "Without recurrence",
    questions=(
        Question(
            "In attention, over what does the softmax go?",
            right="Over the keys, for each query.",
            wrong={
                "Over the queries, for each key.": "Then a query could get "
                "nothing, or several times too much.",
                "Over the features of a value.": "It weighs whole values.",
                "Over the whole table.": "Then all queries would share one "
                "sum.",
            },
            why="Each query mixes the values, with weights that sum to one.",
            slide="Understanding Attention with Search",
        ),
        Question(
            "Why are the scores divided by sqrt(K), the root of the size of a "
            "key?",
            right="A sum of K products grows with sqrt(K), and the softmax of "
            "large numbers is nearly one-hot, with no gradient.",
            wrong={
                "So that the weights sum to one.": "The softmax does that.",
                "To make it the cosine.": "For that one divides by the lengths "
                "of the two vectors.",
                "To save memory.": "The table stays as large.",
            },
            why="It is the scaling in the slide's formula.",
            slide=LEARNING,
        ),
        Question(
            "You shuffle the words of a sentence before self-attention without "
            "positions. What comes out?",
            right="The same features, shuffled the same way.",
            wrong={
                "Other features.": "Each word compares itself with a set, and "
                "a set has no order.",
                "An error.": "Nothing tells it that the order is another.",
                "The same features at the same places.": "A word takes its "
                "features along.",
            },
            why="Nothing in it knows where a word stands: that is why "
            "positions are encoded first.",
            slide=LEARNING,
        ),
        Question(
            'In the slide\'s table for "He tossed the tennis ball to serve" '
            "the row of tossed is 0.5, 1, 0, 0, 0.5, 0, 0. Can these be "
            "attention weights after the softmax?",
            right="No: they sum to 2.",
            wrong={
                "Yes: each is between 0 and 1.": "That is not enough, a row "
                "has to sum to one.",
                "Yes: the word itself has 1.": "With a weight of 1 nothing "
                "would be left for the others.",
                "No: a softmax gives no 0.5.": "It may well.",
            },
            why="They are similarities, before the softmax, which also gives "
            "no exact 0.",
            slide=LEARNING,
        ),
        Question(
            "Idea 1 of the slide: feed everything into one dense network. Why "
            "is it not scalable?",
            right="Each place has its own weights, so they grow with the "
            "length.",
            wrong={
                "Dense layers cannot be trained in parallel.": "They can.",
                "Its gradients vanish with the length.": "It has no steps to "
                "pass.",
                "It forgets the first words.": "It sees all at once, as far as "
                "its length goes.",
            },
            why="And what is learned at one place is not known at another.",
            slide="Goal of Sequence Modeling",
        ),
        Question(
            "Four heads of 16 features take the place of one head of 64. What "
            "changes?",
            right="Four softmaxes: each head can attend to something else, "
            "with as many weights as before.",
            wrong={
                "Four times as many weights.": "Each head is a quarter of the "
                "size.",
                "Four times as many tokens are seen.": "One head sees all "
                "tokens already.",
                "The order of the words is known.": "Positions do that.",
            },
            why="One softmax has one peak; several heads have several.",
            slide="Applying Multiple Self-Attention Heads",
        ),
    ),
    cards=(
        Card(
            "What is wished for in place of recurrence?",
            "A continuous stream, in parallel, with a long memory.",
            "Goal of Sequence Modeling",
        ),
        Card(
            "What fails with one dense network for everything?",
            "Its weights grow with the length, and each place learns by "
            "itself.",
            "Goal of Sequence Modeling",
        ),
        Card(
            "The idea of attention in a sentence?",
            "Identify what is important, and take its features.",
            "Attention Is All You Need",
            "Trained side by side for 14 minutes, a Transformer has 2.13 bits "
            "per character of music, an LSTM 2.36.",
            "docs/benchmarks.md#recurrence-or-attention",
        ),
        Card(
            "The two steps of attention?",
            "Identify which parts to attend to, then extract the features "
            "with high attention.",
            "Intuition Behind Self-Attention",
        ),
        Card(
            "What is a query, a key, a value?",
            "What a token searches for; what a token says it holds; what it "
            "holds.",
            "A Simple Example: Search",
        ),
        Card(
            "How is similarity measured?",
            "By the product of query and key; of vectors of length one it is "
            "the cosine of the angle between them.",
            "Understanding Attention with Search",
        ),
        Card(
            "The four steps of a self-attention head?",
            "Encode positions, make query, key and value, compute the "
            "weighting, extract the features with high attention.",
            LEARNING,
        ),
        Card(
            "The formula of attention?",
            "softmax(Q K^T / scaling) V, with the root of the size of a key as "
            "the scaling.",
            LEARNING,
        ),
        Card(
            "What do positions do?",
            "They write the order into the tokens, since attention has none.",
            LEARNING,
            "Told only positions that it has met, attention was right in "
            "84.6 % where an LSTM was in 98.6 %.",
            "docs/benchmarks.md#order-and-memory",
        ),
        Card(
            "Why several heads?",
            "A word may need its verb and its adjective at once; each head has "
            "its own softmax.",
            "Applying Multiple Self-Attention Heads",
        ),
        Card(
            "What is in a Transformer block?",
            "Self-attention and a feed-forward network, each added to what "
            "came in.",
            "Attention Is All You Need",
            "At length 4096 training Keras's adds 1,275 MB to the process, "
            "ours 228 MB.",
            "docs/benchmarks.md#training-attention",
        ),
        Card(
            "Where is self-attention applied?",
            "In language, proteins, images: whatever can be cut into tokens.",
            "Self-Attention Applied",
        ),
        Card(
            "How does attention write without reading all anew?",
            "Keys and values of the past are kept in a cache.",
            "Attention Is All You Need",
            "2,038 tokens a second with the cache, 34 without.",
            "docs/benchmarks.md#generation",
        ),
        Card(
            "What does attention do for translation?",
            "At each word the decoder looks at all states of the encoder, not "
            "at the last one alone.",
            "Attention",
            "97.1 % of the target words look most at the word they come from.",
            "docs/benchmarks.md#translation",
        ),
        Card(
            "The lecture in five words?",
            "Recurrence, its training, its models, attention.",
            "Deep Learning for Sequence Modeling: Summary",
        ),
    ),
)
