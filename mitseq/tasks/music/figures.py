"""A tune as a piano roll: when which note sounds, and for how long.

Slide: Lecture 2, "Example Task: Music Generation" (docs/slides.md#music).
"""

from typing import TYPE_CHECKING

from mitseq.plots.style import BLUE, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mitseq.tunes.tune import Tune

NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "G♯", "A", "B♭", "B")


def plot_piano_roll(tune: "Tune") -> "Figure":
    r"""Draws a tune as it is played, repeats included.

    Args:
        tune: A tune that the checker accepts.

    Returns:
        The figure.

    Raises:
        MelodyError: if the checker does not accept the tune.

    Example:

    >>> from mitseq.tunes.tune import Tune
    >>> tune = Tune("X:1\nT:Short\nM:2/4\nL:1/8\nK:D\nd2 A2|]\n")
    >>> len(plot_piano_roll(tune).axes[0].patches)
    2
    """
    heard = tune.melody.sounds()
    figure, axes = new_figure(
        size=(11, 4.2), title=tune.title or "A tune, as it is played"
    )
    for sound in heard:
        axes.barh(
            sound.pitch,
            float(sound.stop - sound.start) * 0.95,
            left=float(sound.start),
            height=0.8,
            color=BLUE,
        )
    pitches = sorted({sound.pitch for sound in heard})
    axes.set_yticks(
        range(pitches[0], pitches[-1] + 1, 2 if len(pitches) > 3 else 1),
        [
            f"{NAMES[p % 12]}{p // 12 - 1}"
            for p in range(
                pitches[0], pitches[-1] + 1, 2 if len(pitches) > 3 else 1
            )
        ],
    )
    axes.set(
        title=f"{tune.meter}, {tune.key}",
        xlabel="time [whole notes]",
        ylabel="pitch [note and octave]",
    )
    return figure
