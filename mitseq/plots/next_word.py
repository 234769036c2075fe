"""What a network expects after each word, and what each word costs it."""

from collections.abc import Sequence

import numpy as np

from mitseq.plots.style import (
    BLUE,
    ORANGE,
    PALETTE,
    SEQUENTIAL,
    Figure,
    new_figure,
)

HATCHES = ("", "///", "...")  # tell words apart that have the same color


def plot_next_words(
    given: Sequence[str], candidates: Sequence[str], probs: np.ndarray
) -> Figure:
    """Returns a table: the probability of each next word after each word.

    Args:
        given: The T words as they are read.
        candidates: The V words that may come next.
        probs: `(T, V)`, probabilities.
    """
    figure, axes = new_figure(size=(7.5, 4.8), title="Which word comes next?")
    image = axes.imshow(
        np.asarray(probs).T, cmap=SEQUENTIAL, vmin=0, vmax=1, aspect="auto"
    )
    axes.set(xlabel="read up to this word", ylabel="next word")
    axes.set_xticks(range(len(given)), given, rotation=45, ha="right")
    axes.set_yticks(range(len(candidates)), candidates)
    figure.colorbar(image, ax=axes, label="probability")
    return figure


def plot_two_guesses(
    words: Sequence[str],
    rnn: Sequence[float],
    counted: Sequence[float],
    read: str,
    last: str,
    title: str,
) -> Figure:
    """Returns what a recurrence and what a bigram expect next.

    Args:
        words: The words that may come.
        rnn: Their probabilities, of who has read all.
        counted: Those of who knows the last word alone.
        read: All that was read.
        last: The last word of it.
        title: What to see.
    """
    figure, axes = new_figure(size=(8.6, 4.2), title=title)
    places = np.arange(len(words))
    for shift, probs, color, name in (
        (-0.2, rnn, BLUE, f"the recurrence, which has read “{read}”"),
        (0.2, counted, ORANGE, f"a bigram, which knows “{last}” alone"),
    ):
        percent = 100 * np.asarray(probs)
        bars = axes.barh(places + shift, percent, 0.38, color=color, label=name)
        axes.bar_label(bars, [f"{p:.0f} %" for p in percent], padding=3)
    axes.set_yticks(places, words, fontsize=12)
    axes.invert_yaxis()
    axes.set(xlabel="probability [%]", ylabel="next word", xlim=(0, 112))
    axes.set_xticks(range(0, 101, 20))
    axes.legend(loc="lower right")
    return figure


def plot_completed(
    rows: Sequence[tuple[str, Sequence[str], Sequence[float], Sequence[float]]],
    title: str,
) -> Figure:
    """Returns the likeliest next words of texts, and a bigram's, a panel each.

    Args:
        rows: For each text: the text, words that may come, and their
            probabilities by the model and by the bigram.
        title: What to see.
    """
    figure, panels = new_figure(
        len(rows),
        1,
        size=(9, 1.2 + 1.9 * len(rows)),
        squeeze=False,
        title=title,
        sharex=True,
    )
    for axes, (text, words, model, bigram) in zip(
        panels[:, 0], rows, strict=True
    ):
        places = np.arange(len(words))
        for shift, probs, color, name in (
            (-0.2, model, BLUE, "the model, which has read all"),
            (0.2, bigram, ORANGE, "a bigram, which knows the last word"),
        ):
            percent = 100 * np.asarray(probs)
            axes.barh(places + shift, percent, 0.38, color=color, label=name)
        axes.set_yticks(places, [word or "(end)" for word in words])
        axes.invert_yaxis()
        axes.set(xlim=(0, 102), ylabel="next word")
        axes.set_title(f"{text} …", fontsize=11, loc="left")
    panels[-1, 0].set_xlabel("probability [%]")
    panels[0, 0].legend(loc="lower right")
    return figure


def plot_step_losses(
    step_losses: np.ndarray, words: Sequence[str], epochs: Sequence[int]
) -> Figure:
    """Returns the losses of the steps, side by side and stacked to their sum.

    Args:
        step_losses: `(N, T)`, the loss of each step at N moments of training,
            in nats.
        words: The T words that the steps predict.
        epochs: The N epochs.

    """
    figure, (left, right) = new_figure(
        1, 2, title="The total loss is the sum of the losses of all steps"
    )
    width = 0.8 / len(epochs)
    for i, (losses, epoch) in enumerate(zip(step_losses, epochs, strict=True)):
        left.bar(
            np.arange(len(words)) + (i - (len(epochs) - 1) / 2) * width,
            losses,
            width,
            color=PALETTE[i],
            label=f"after {epoch} epochs",
        )
    left.set(
        title="Each step", xlabel="word to predict", ylabel="loss $L_t$ [nats]"
    )
    left.set_xticks(range(len(words)), words, rotation=45, ha="right")
    left.legend()
    below = np.zeros(len(epochs))
    colors = PALETTE[:-1]  # without black
    for t, word in enumerate(words):
        right.bar(
            range(len(epochs)),
            step_losses[:, t],
            0.6,
            bottom=below,
            color=colors[t % len(colors)],
            hatch=HATCHES[t // len(colors) % len(HATCHES)],
            edgecolor="white",
            label=word,
        )
        below += step_losses[:, t]
    right.set(
        title="All steps",
        xlabel="epochs of training",
        ylabel="total loss $L$, the sum of all $L_t$ [nats]",
    )
    right.set_xticks(range(len(epochs)), list(map(str, epochs)))
    # Reversed: the words from above to below, as in the stack.
    right.legend(
        loc="upper left", bbox_to_anchor=(1.02, 1), fontsize=8, reverse=True
    )
    return figure
