"""Questions and cards on what recurrence is good for, and where it ends."""

from mitseq.quiz.questions import Card, Question, QuizChapter

APPLICATIONS = QuizChapter(
    "applications",
    "Applications and limits",
    questions=(
        Question(
            "The slide's loss is tf.nn.softmax_cross_entropy_with_logits(y, "
            "predicted). What goes wrong if the model ends in a softmax?",
            right="The softmax is taken twice: the loss cannot come near zero, "
            "and gradients are small.",
            wrong={
                "An error: the shapes differ.": "A softmax keeps the shape; "
                "nothing complains.",
                "Nothing: a softmax of a softmax is the same.": "Of numbers "
                "between 0 and 1 it is nearly flat.",
                "The probabilities no longer sum to one.": "They do, twice.",
            },
            why="With logits means before the softmax; the loss does it "
            "itself.",
            slide="Example Task: Sentiment Classification",
        ),
        Question(
            "A network writes music token by token. What does a temperature of "
            "0.5 do?",
            right="Likely tokens become likelier: safer, and more monotonous.",
            wrong={
                "It halves all probabilities.": "They still sum to one.",
                "It makes rare tokens likelier.": "That is a temperature "
                "above 1.",
                "It trains the network more slowly.": "It is for drawing, "
                "after training.",
            },
            why="The logits are divided by it before the softmax.",
            slide="Example Task: Music Generation",
        ),
        Question(
            "Which limitation of a recurrence stays on the fastest GPU?",
            right="Step t needs the state of step t-1.",
            wrong={
                "The vocabulary does not fit.": "It does.",
                "Its gradients explode.": "Clipping takes care of that.",
                "It cannot handle long batches.": "All examples of a batch go "
                "side by side; it is the steps that cannot.",
            },
            why="A thousand steps are a thousand operations in a row, however "
            "many could run at once.",
            slide="Limitations of Recurrent Models",
        ),
        Question(
            "An encoder reads a sentence of 50 words, and its last state is "
            "all that the decoder gets. What happens with longer sentences?",
            right="More has to fit into the same vector, and the beginning "
            "suffers.",
            wrong={
                "The vector grows with the sentence.": "Its size is that of "
                "the state.",
                "The decoder reads the source itself.": "That is attention.",
                "Nothing, if the encoder is an LSTM.": "Its state has a fixed "
                "size too.",
            },
            why="This is the encoding bottleneck, and what attention was made "
            "for.",
            slide="Machine Translation",
            measured="The context vector alone puts 33.8 % of the words at "
            "their place, attention 94.7 %.",
            where="docs/benchmarks.md#translation",
        ),
        Question(
            "Readings of a sensor arrive one at a time, for ever. What speaks "
            "for a recurrence?",
            right="Each costs the same time and memory, however many came "
            "before.",
            wrong={
                "It sees all readings at once.": "It sees one and a state.",
                "It needs no training.": "It does.",
                "It remembers everything exactly.": "It remembers what fits "
                "into its state.",
            },
            why="The state is the memory, and it does not grow.",
            slide="Limits That Motivated What Came Next",
            measured="The process held 673 MB after 1,000 values of a stream "
            "and 678 MB after 100,000.",
            where="docs/benchmarks.md#how-does-a-series-go-on",
        ),
    ),
    cards=(
        Card(
            "What are RNNs used for?",
            "Music, moods, translation, captions, tags, series: wherever what "
            "came before matters.",
            "RNN Applications & Limitations",
        ),
        Card(
            "What is the target when a network learns to write?",
            "The same text, shifted by one: at each token the next one.",
            "Lab 1: Deep Learning in Python and Music Generation with RNNs",
            "One LSTM of 1024 units then writes 6,751 characters a second, in "
            "the lab's eager loop 128.",
            "docs/benchmarks.md#generation",
        ),
        Card(
            "How does a network make music?",
            "It predicts the next token of written music; a token is drawn "
            "from the prediction and read as the next input.",
            "Example Task: Music Generation",
            "Of the tunes that it writes unfiltered, abc2midi accepts 72 %; of "
            "those that generate returns, 100 %.",
            "docs/benchmarks.md#music",
        ),
        Card(
            "How does one say how well it knows music?",
            "In bits per character of tunes that it has not seen: less is "
            "better.",
            "Music Generation",
            "The lab's recipe has 1.73, the bundled model 1.18.",
            "docs/benchmarks.md#music",
        ),
        Card(
            "What is the temperature of a draw?",
            "The logits are divided by it: below 1 safer, above 1 bolder, at 0 "
            "always the likeliest.",
            "Example Task: Music Generation",
        ),
        Card(
            "How is the mood of a text found?",
            "The words are read in order, and a probability comes from the "
            "last state.",
            "Sentiment Classification",
            "On single sentences of the MR data set the slide's model reaches "
            "76.8 % (three folds), n-grams and an LSTM that vote 80.5 % (ten).",
            "docs/benchmarks.md#sentiment",
        ),
        Card(
            "What is softmax cross-entropy?",
            "The negative logarithm of the probability that the model gives to "
            "the right class.",
            "Example Task: Sentiment Classification",
        ),
        Card(
            "How does machine translation work with two RNNs?",
            "An encoder reads the source, and a decoder writes the target word "
            "by word from what the encoder hands over.",
            "Machine Translation",
            "With attention and beam search the bundled model has chrF 52.7.",
            "docs/benchmarks.md#translation",
        ),
        Card(
            "What is the encoding bottleneck?",
            "Whatever the length, all must fit into one state of fixed size.",
            "Limitations of Recurrent Models",
            "With the context vector alone 0.0 % of the sentences are right, "
            "with attention 58.8 %.",
            "docs/benchmarks.md#translation",
        ),
        Card(
            "Why is a recurrence slow?",
            "Its steps come one after the other; they cannot run side by side.",
            "Limitations of RNN",
            "A training step of 64 sequences of 256 steps takes 13.4 ms on an "
            "H200 with the vendor's kernel, 130 ms as a plain loop.",
            "docs/benchmarks.md#several-workers-and-a-gpu",
        ),
        Card(
            "Where do RNNs stay practical?",
            "Short sequences, small devices, streams that arrive one value at "
            "a time.",
            "Limits That Motivated What Came Next",
            "A value of a stream took 1.1 ms after 1,000 of them and 0.9 ms "
            "after 100,000.",
            "docs/benchmarks.md#how-does-a-series-go-on",
        ),
        Card(
            "How does one know that a forecast is worth anything?",
            "It is compared on the held-out end with naive ones, such as the "
            "last value.",
            "Sequence Modeling Applications",
            "On sunspots the gain is 26 %; on random walks nothing beats the "
            "last value (2.07 against 2.54).",
            "docs/benchmarks.md#how-does-a-series-go-on",
        ),
    ),
)
