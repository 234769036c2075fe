"""Lab 16: one picture in, a sentence out.

Slides: Lecture 2, "RNNs for Sequence Modeling" (docs/slides.md#captioning).
Read before: mitseq/tasks/caption/model.py, mitseq/tasks/caption/predict.py.
Command: python labs/16_captioning.py
Minutes: about 2 on two cores.
Expect: after a minute of training 70 % of the captions are exact where the pair
was seen, 59 % where it was not, and the slide's is not among them. The bundled
model, which had sixteen times as many people to learn from, says it.
"""

# %% [markdown]
# # What is to be seen?
#
# ## Idea
#
# One to many: "an image, and the output would be a sequence of characters or
# words". The slide's sentence is "A baseball player throws a ball." Here a
# network sees drawings of people who do something with balls. It sees baseball
# players, and it sees people who throw, but never a baseball player who throws.
# Does it say the sentence when it meets one? What it saw together it learns
# first; to put known parts together anew comes later.

# %%
import argparse
import dataclasses
from pathlib import Path

from mitseq.plots.style import save_figure
from mitseq.progress import show_progress
from mitseq.tasks.caption.evaluation import (
    Score,
    fresh_scenes,
    probabilities,
    score,
)
from mitseq.tasks.caption.figures import (
    plot_grid,
    plot_looks,
    plot_probabilities,
)
from mitseq.tasks.caption.model import (
    build_caption_model,
    load_caption_model,
    picture_shape,
    vocabulary_of,
)
from mitseq.tasks.caption.predict import DOUBT, Caption, caption_pictures
from mitseq.tasks.caption.rows import encode_captions
from mitseq.tasks.caption.scenes import (
    Person,
    all_scenes,
    choose_scenes,
    draw_scenes,
)
from mitseq.text.words import WordIndex, word_vocabulary, words_of
from mitseq.training.progress import ShowProgress
from mitseq.training.token_loss import compile_for_tokens

import keras
import numpy as np


@dataclasses.dataclass(frozen=True)
class Config:
    """What you may change.

    Every field is an option of the command line too.
    """

    # "attention", "state" or "blind": what the decoder knows of the picture.
    decoder: str = "attention"
    # "people", or "digits", which need four times as many scenes.
    kind: str = "people"
    # Scenes to learn from: what fits into a minute.
    scenes: int = 6400
    # Passes over them.
    epochs: int = 3
    # Pictures a step: small, for many steps.
    batch: int = 32
    # Size of the hidden state; the bundled model has as many.
    units: int = 128
    # Side of the picture in pixels: a cap has three of them.
    size: int = 64
    # At the start; it falls to nothing as a half cosine.
    learning_rate: float = 3e-3
    # Scenes that are asked about, with pairs seen and with unseen ones.
    questions: int = 200
    # Decides scenes, weights and order.
    seed: int = 0
    # Folder for the figures.
    out: str = "runs/16_captioning"


# %% [markdown]
# ## 1 Data
#
# Scenes with their captions, drawn by a program: each at another place, of
# another size, with other greys and noise. Some pairs are left out.


# %%
def data(config: Config) -> tuple[np.ndarray, list[str]]:
    """Returns pictures and captions to learn from."""
    rng = np.random.default_rng(config.seed)
    scenes = choose_scenes(config.scenes, "seen", rng, (config.kind,))
    pictures = draw_scenes(scenes, [1, config.seed], size=config.size)
    return pictures[..., None], [scene.caption for scene in scenes]


# %% [markdown]
# ## 2 Model
#
# Convolutions make a grid of 8 by 8 cells of the picture. An LSTM begins with
# all of it as its state, reads its own words, and looks at the grid at each.


# %%
def model_of(config: Config) -> keras.Model:
    """Returns the network, compiled."""
    captions = [s.caption for s in all_scenes(config.kind, "seen")]
    model = build_caption_model(
        word_vocabulary(captions),
        decoder=config.decoder,
        units=config.units,
        size=config.size,
    )
    steps = config.epochs * -(-config.scenes // config.batch)
    falling = keras.optimizers.schedules.CosineDecay(
        config.learning_rate, steps
    )
    compile_for_tokens(model, falling)
    return model


# %% [markdown]
# ## 3 Train
#
# At each word of the caption the target is the next one, and `fit` does the
# rest. The picture is the same for all words.


# %%
def train(
    config: Config,
    model: keras.Model,
    pictures: np.ndarray,
    captions: list[str],
) -> list[float]:
    """Fits the network; returns the loss of each epoch, in nats a word."""
    x, y = encode_captions(WordIndex(vocabulary_of(model)), captions)
    history = model.fit(
        (pictures, x),
        y,
        batch_size=config.batch,
        epochs=config.epochs,
        callbacks=[ShowProgress()],
        verbose=0,
    )
    return history.history["loss"]


# %% [markdown]
# ## 4 Look
#
# The slide's sentence; exact captions of pairs seen and unseen; where the
# network looks, word by word; and what it says of pictures that are nothing of
# its world. It has no word for "I do not know".


# %%
def asked(config: Config, model: keras.Model) -> dict[str, Score]:
    """Returns how many captions are exactly right, by pairs."""
    found = {}
    for pairs in ("seen", "unseen"):
        pictures, right = fresh_scenes(
            config.kind, pairs, config.questions, config.seed, config.size
        )
        told = [c.text for c in caption_pictures(model, pictures)]
        found[pairs] = score(told, right)
    return found


# %%
def the_slide(config: Config, model: keras.Model) -> tuple[np.ndarray, Caption]:
    """Returns the slide's scene as a picture, and what the network says."""
    scene = Person("baseball player", "throws")
    size, _ = picture_shape(model)
    picture = draw_scenes([scene], [config.seed, 7], size=size)[..., None]
    return picture[0], caption_pictures(model, picture)[0]


# %%
@show_progress()
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        What the lab prints, the trained network and the figures.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    pictures, captions = data(config)
    for text in captions[:3]:
        print(f"  {text}")

    print("2 Model")
    model = model_of(config)
    words = words_of(vocabulary_of(model))
    print(f"  {len(words)} words, {model.count_params()} weights")

    print("3 Train")
    losses = train(config, model, pictures, captions)
    print(f"  loss {losses[0]:.2f} to {losses[-1]:.2f} nats a word")

    print("4 Look")
    picture, said = the_slide(config, model)
    print(f"  the slide: {said.text} ({said.probability:.0%})")
    _, bundled = the_slide(config, load_caption_model())
    print(f"  the bundled model: {bundled.text} ({bundled.probability:.0%})")
    shares = asked(config, model)
    for pairs, found in shares.items():
        print(f"  exact, pairs {pairs}: {found}")
    shown, right = fresh_scenes(
        config.kind, "unseen", 12, config.seed + 1, config.size
    )
    figures = {
        "grid": plot_grid(
            shown,
            caption_pictures(model, shown),
            right=[(text,) for text in right],
            title="Pairs that were never seen together",
        )
    }
    if said.looks is not None:
        title = f"{said.text} Where does it look?"
        figures["looks"] = plot_looks(picture, said, title=title)
    sure = probabilities(model, min(config.questions, 200), config.seed)
    sure.pop("people, unseen" if config.kind == "digits" else "digits, unseen")
    for name, values in sure.items():
        doubted = (values < DOUBT).mean()
        print(f"  {name}: {doubted:.0%} are less probable than {DOUBT:.0%}")
    figures["probabilities"] = plot_probabilities(sure, doubt=DOUBT)
    for name, figure in figures.items():
        path = save_figure(figure, Path(config.out, f"{name}.png"))
        print(f"  figure: {path}")
    return {
        "losses": losses,
        "slide": said.text,
        "bundled": bundled.text,
        "exact": shares,
        "probabilities": sure,
        "model": model,
        "figures": figures,
    }


# %% tags=["active-ipynb"]
# results = main()

# %% tags=["active-ipynb"]
# results["figures"]["grid"]

# %% tags=["active-ipynb"]
# results["figures"]["looks"]

# %% tags=["active-py"]
if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for field in dataclasses.fields(Config):
        parser.add_argument(
            f"--{field.name}", type=field.type, default=field.default
        )
    main(Config(**vars(parser.parse_args())))

# %% [markdown]
# ## 5 Try yourself
#
# 1. `--decoder blind`: what does it say, and of how many scenes is it right?
# 2. `--decoder state`: the whole picture in one state, no second look. What is
#    lost, on pairs seen and on unseen ones?
# 3. `--kind digits --scenes 38400`: which word of a wrong caption is wrong most
#    often?
# 4. Draw a stick figure with a ball yourself, in any program, and give the file
#    to `mitseq caption`. What does it take from your picture?
# 5. Noise gets a caption, too. How would you teach a network to say "nothing
#    that I know"?
