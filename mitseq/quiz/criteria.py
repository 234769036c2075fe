"""Questions and cards on the design criteria of sequence models."""

from mitseq.quiz.questions import Card, Question, QuizChapter

CRITERIA = QuizChapter(
    "criteria",
    "Design criteria",
    questions=(
        Question(
            "Your sentences become twice as long. How many more weights does "
            "an RNN need?",
            right="None.",
            wrong={
                "Twice as many.": "That is the dense network with weights for "
                "each place.",
                "Four times as many.": "The table of attention grows so, and "
                "it is no weight either.",
                "As many as there are new words in the sentences.": "New "
                "words need new rows of the embedding, longer sentences none.",
            },
            why="The weights are shared by all steps: that is the fourth "
            "criterion, and it gives the first.",
            slide="Sequence Modeling: Design Criteria",
        ),
        Question(
            '"The food was good, not bad at all" and "The food was bad, not '
            'good at all". What can a bag of words say of the two?',
            right="That they are the same.",
            wrong={
                "That the first is positive.": "Both have the words good, bad "
                "and not once each.",
                "That both are negative, for the word not.": "Whatever it "
                "says of one it says of the other; right it is of one.",
                "That they differ in length.": "They have the same words.",
            },
            why="It counts words and forgets their places.",
            slide="Capture Differences in Sequence Order",
            measured="On such twins a bag of words is right in 52 %, a GRU in "
            "99.3 %.",
            where="docs/benchmarks.md#order-and-memory",
        ),
        Question(
            "A batch holds a sentence of 4 words and one of 9. What should "
            "happen at the 5 steps that fill up the first?",
            right="Nothing: the state is kept as it was.",
            wrong={
                "The state is set to zeros.": "Then the sentence is forgotten "
                "before it is used.",
                "The last word is read again.": "Then the state depends on how "
                "long the others in the batch are.",
                "The filler is read like a word.": "Its embedding would be "
                "mixed into the state.",
            },
            why="A mask says which steps count; what stands at the others must "
            "not matter.",
            slide="Handle Variable Sequence Lengths",
        ),
        Question(
            "Word 17 of the vocabulary is cat, word 18 is walk. Why not give "
            "the network the number itself?",
            right="17 and 18 would be neighbors, and the order of the "
            "vocabulary means nothing.",
            wrong={
                "Numbers above 1 are too large for a network.": "Then "
                "dividing by the size of the vocabulary would do.",
                "Networks take whole numbers only after a softmax.": "A "
                "softmax is for outputs.",
                "Indices do not fit into 32 bits.": "They do.",
            },
            why="A vector for each index, one-hot or learned, lets training "
            "decide who is near whom.",
            slide="Encoding Language for a Neural Network",
            measured="Of the words that belong to a group, 85% have a nearest "
            "neighbor of their group.",
            where="mitseq/pretrained/words.md#figures",
        ),
        Question(
            '"France is where I grew up, but I now live in Boston. I speak '
            'fluent ___." Which criterion is it about?',
            right="Long-term dependencies.",
            wrong={
                "Variable length.": "A sentence of any fixed length would "
                "have the same problem.",
                "Sharing parameters.": "It helps, but is not what the sentence "
                "shows.",
                "The size of the vocabulary.": "It is no criterion.",
            },
            why="What decides stands at the very beginning; the nearest words "
            "point elsewhere.",
            slide="Model Long-Term Dependencies",
            measured="20 words later the bundled model names the right "
            "language in 100.0%, an n-gram in 7.0%.",
            where="mitseq/pretrained/words.md#figures",
        ),
    ),
    cards=(
        Card(
            "The four design criteria?",
            "Any length, long-term dependencies, order, and parameters that "
            "are shared across the sequence.",
            "Sequence Modeling: Design Criteria",
        ),
        Card(
            "What does it mean to predict the next word?",
            "Given the words so far, a probability for each word of the "
            "vocabulary.",
            "A Sequence Modeling Problem: Predict the Next Word",
            '"The clouds are in the": the bundled model says sky, with 100%.',
            "mitseq/pretrained/words.md#figures",
        ),
        Card(
            "Why must language be encoded?",
            "A network takes numbers, so text becomes numbers, and comes back "
            "unchanged.",
            "Representing Language to a Neural Network",
        ),
        Card(
            "What is a vocabulary?",
            "The tokens a model knows, each with its index.",
            "Encoding language for a Neural Network",
        ),
        Card(
            "One-hot vector or embedding?",
            "One-hot: as long as the vocabulary, a single one. Embedding: a "
            "short learned vector of fixed size, a row of a matrix.",
            "Encoding Language for a Neural Network",
        ),
        Card(
            "What is special about a learned embedding?",
            "Similar words lie near each other, though nobody said which are "
            "similar.",
            "Encoding Language for a Neural Network",
            "85% of the grouped words have a neighbor of their own group.",
            "mitseq/pretrained/words.md#figures",
        ),
        Card(
            "How do sentences of different lengths go into one batch?",
            "Short ones are filled up, and a mask says which steps count.",
            "Handle Variable Sequence Lengths",
        ),
        Card(
            "What is a long-term dependency?",
            "What was read first decides what comes last.",
            "Model Long-Term Dependencies",
            "The number of a verb 20 words after its noun: the model has it "
            "right in 94.0%, an n-gram in 49.0%.",
            "mitseq/pretrained/words.md#figures",
        ),
        Card(
            "Why does order matter?",
            "The same words in another order are another sentence: the dog "
            "bit the man.",
            "Sequence Models",
            "Where order decides, a bag of words guesses (52 %).",
            "docs/benchmarks.md#order-and-memory",
        ),
        Card(
            "What does sharing parameters bring?",
            "As many weights for any length, and what is learned at one place "
            "is known at all.",
            "Design Criteria",
        ),
    ),
)
