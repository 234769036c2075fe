"""What a network expects after each word, and what each word costs it."""

from collections.abc import Sequence

import numpy as np

from mitseq.plots.style import PALETTE, SEQUENTIAL, Figure, new_figure

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
