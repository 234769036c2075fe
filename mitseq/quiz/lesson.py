"""The notes' exercise by hand: its discussion, and what leads there."""

from mitseq.quiz.questions import Card, Question, QuizChapter

TRACE = "Trace the Hidden State by Hand"

LESSON = QuizChapter(
    "lesson",
    "Trace the hidden state by hand",
    questions=(
        Question(
            "h_t = 0.5 h_{t-1} + 0.5 x_t from h_0 = 0, with The=1, quick=2, "
            "brown=3, fox=4, jumps=5. What is h_2?",
            right="1.25",
            wrong={
                "1.5": "That is the mean of 1 and 2; h_1 is 0.5, not 1.",
                "1": "That is what quick adds; half of h_1 comes to it.",
                "3": "That is the sum of the numbers.",
            },
            why="h_1 = 0.5 * 1 = 0.5, then h_2 = 0.25 + 1.",
            slide=TRACE,
        ),
        Question(
            "The same recurrence: how much does the first word count in h_5, "
            "beside the last?",
            right="A sixteenth as much.",
            wrong={
                "As much.": "Each later step halves it.",
                "A fifth as much.": "Five words do not share alike.",
                "Half as much.": "It is halved at each of four steps.",
            },
            why="The last counts 0.5, the first 0.5 * 0.5^4 = 1/32.",
            slide=TRACE,
        ),
        Question(
            "Discuss: what does this tell you about how the choice of "
            "recurrence weight affects long-range memory?",
            right="The weight to the power of the distance is what is left of "
            "a word: with 0.5 the first of five words counts 1/32, with 0.9 "
            "still 0.33. The nearer to 1, the longer the memory, and at 1 "
            "nothing is forgotten; above 1 it grows without end. One weight "
            "fixes one speed of forgetting for everything, so a network should "
            "choose it unit by unit and step by step: that is a gate. And the "
            "gradient has the same factor, so what is forgotten is not learned "
            "either.",
            why="0.9^4 * 0.5 = 0.33, ten times 0.5^4 * 0.5 = 0.03.",
            slide=TRACE,
            printed=True,
        ),
    ),
    cards=(
        Card(
            "h_t = w h_{t-1} + u x_t: what is left of x_1 in h_t?",
            "u w^(t-1): a power of the weight of the recurrence.",
            TRACE,
        ),
        Card(
            "What does a recurrence weight near 1 do, and one near 0?",
            "Near 1 the past stays; near 0 only the present counts.",
            TRACE,
        ),
    ),
)
