r"""The networks in the pages against Keras: their numbers, and their speed.

    python benchmarks/pages.py                # about five minutes
    python benchmarks/pages.py --tunes 20 --reviews 100
    python benchmarks/pages.py --model runs/mine

Needs a Chromium that Playwright finds, or `chromium` on the path.

Both pages are written with 16 and with 8 bits a weight and opened without a
network. The music model reads held-out tunes in the page, token by token: the
largest difference of a logit from Keras's, and bits per character of both. The
sentiment model reads reviews of the project's grammar that it has not learned
from: the same for the difference of its two logits, and how many it has right.

Tokens a second are those of the music model on one core, the fastest of sixty
runs of 16 tokens: others may use the machine, too. "With the score" is the page
at full speed, which draws the score as it grows: tokens over seconds of a whole
tune, the best of five. Ready is the time from opening the file until the page
can be used; first note, until a note stands in the score, the best of three.
"""

import argparse
import base64
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tables import print_results

import mitseq
from mitseq.pages.deciding import deciding_page
from mitseq.pages.writing import writing_page
from mitseq.tasks.music.model import vocabulary_of
from mitseq.tasks.sentiment.grammar import write_reviews
from mitseq.tasks.sentiment.model import classes_of
from mitseq.tasks.sentiment.predict import predict_logits
from mitseq.text.vocabulary import END, START
from mitseq.tunes.corpus import prepare

MUSIC = {
    "weights": "weights",
    "size": "megabytes|.1f",
    "difference": "largest difference of a logit|.1e",
    "bits": "bits per character|.4f",
    "speed": "tokens a second|.0f",
    "drawn": "with the score|.0f",
    "ready": "ready, seconds|.2f",
    "first": "first note, seconds|.2f",
}
SENTIMENT = {
    "weights": "weights",
    "size": "megabytes|.1f",
    "difference": "largest difference of a logit|.1e",
    "right": "right|.1%",
    "ready": "ready, seconds|.2f",
}


def opened(browser, folder: Path, html: str):
    """Returns a page that is ready, and the seconds that took."""
    path = folder / "page.html"
    path.write_text(html, "utf-8")
    page = browser.new_context(offline=True).new_page()
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.wait_for_selector("main[data-is-ready]", timeout=60_000)
    return page, time.perf_counter() - start


def log_softmax(z: np.ndarray) -> np.ndarray:
    """Returns log probabilities of logits `(T, V)`."""
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def bits_of(logits: Sequence[np.ndarray], rows, characters: int) -> float:
    """Returns the code length of tunes over their characters."""
    total = 0.0
    for z, row in zip(logits, rows, strict=True):
        p = log_softmax(z.astype("float64"))
        total -= p[np.arange(len(row) - 1), row[1:]].sum()
    return total / np.log(2) / characters


def first_note(browser, folder: Path, html: str) -> tuple:
    """Returns the page, and the seconds until it is ready and a note stands."""
    page, ready = opened(browser, folder, html)
    start = time.perf_counter()
    page.locator("#pace").select_option("0")
    page.locator("#write").click()
    page.wait_for_selector("#staves .note", state="attached")
    return page, ready, ready + time.perf_counter() - start


def whole_tune(page) -> float:
    """Returns the tokens a second of a tune that is written to its end."""
    page.locator("#again").click()
    page.locator("#write").click()
    page.wait_for_selector("#verdict:not(:empty)", timeout=120_000)
    return float(page.locator("#speed").inner_text().split()[0])


def logits_of(page, ids) -> np.ndarray:
    """Returns what the network of the page gives, `(T, V)`."""
    text = page.evaluate(
        """ids => { writer.network.reset();
            const logits = sideBySide(ids.map((id) => writer.network.step(id)));
            const bytes = new Uint8Array(Float32Array.from(logits).buffer);
            let text = "";
            for (let k = 0; k < bytes.length; k += 8192)
              text += String.fromCharCode(...bytes.subarray(k, k + 8192));
            return btoa(text); }""",
        ids,
    )
    values = np.frombuffer(base64.b64decode(text), "<f4")
    return values.reshape(len(ids), -1)


def music(browser, folder: Path, count: int, path: Path | None) -> list[dict]:
    """Returns the rows of a music model."""
    model = mitseq.load_music_model(path)
    vocabulary = vocabulary_of(model)
    tunes = prepare().test[:count]
    rows = [[START, *vocabulary.encode(tune), END] for tune in tunes]
    characters = sum(map(len, tunes))
    exact = [
        model(np.array([row[:-1]]), training=False)[0].numpy() for row in rows
    ]
    found = [
        {"weights": "Keras", "bits": bits_of(exact, rows, characters)},
    ]
    for bits in (16, 8):
        html = writing_page(model, bits=bits)
        starts = []
        for last in (False, False, True):
            page, *seconds = first_note(browser, folder, html)
            starts.append(seconds)
            if not last:
                page.context.close()
        page.wait_for_selector("#verdict:not(:empty)", timeout=120_000)
        ready, first = np.min(starts, axis=0)
        drawn = max(whole_tune(page) for _ in range(5))
        logits = [logits_of(page, row[:-1]) for row in rows]
        speeds = page.evaluate(
            """ids => Array.from({ length: 60 }, () => {
                const start = performance.now();
                for (const id of ids) writer.network.step(id);
                return 1000 * ids.length / (performance.now() - start); })""",
            max(rows, key=len)[:16],
        )
        found.append(
            {
                "weights": f"page, {bits} bits",
                "size": len(html) / 1e6,
                "difference": max(
                    np.abs(a - b).max()
                    for a, b in zip(logits, exact, strict=True)
                ),
                "bits": bits_of(logits, rows, characters),
                "speed": max(speeds),
                "drawn": drawn,
                "ready": ready,
                "first": first,
            }
        )
        page.context.close()
    return found


def sentiment(browser, folder: Path, count: int) -> list[dict]:
    """Returns the rows of the sentiment model."""
    model = mitseq.load_sentiment_model()
    reviews = write_reviews(20, split="test", distances=[0, 2], seed=7)
    chosen = np.random.default_rng(0).permutation(len(reviews))[:count]
    texts = [reviews[i].text for i in chosen]
    positive = classes_of(model).index("positive")
    is_positive = np.array([reviews[i].label == "pos" for i in chosen])
    logits = predict_logits(model, texts)
    exact = logits[:, positive] - logits[:, 1 - positive]
    found = [{"weights": "Keras", "right": np.mean((exact > 0) == is_positive)}]
    for bits in (16, 8):
        html = deciding_page(model, bits=bits)
        page, ready = opened(browser, folder, html)
        said = page.evaluate(
            "texts => texts.map((text) => logitsOf(ask(tokenize(text)))[1])",
            texts,
        )
        z = np.array(said) * (1 if positive == 1 else -1)
        found.append(
            {
                "weights": f"page, {bits} bits",
                "size": len(html) / 1e6,
                "difference": np.abs(z - exact).max(),
                "right": np.mean((z > 0) == is_positive),
                "ready": ready,
            }
        )
        page.context.close()
    return found


def launched(playwright):
    """Returns a Chromium without a window: Playwright's own, or another."""
    try:
        return playwright.chromium.launch(args=["--no-sandbox"])
    except Exception:  # it is not installed
        return playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )


def main(arguments: list[str] | None = None) -> None:
    """Measures and prints two tables."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--tunes", type=int, default=100)
    parser.add_argument("--reviews", type=int, default=1000)
    parser.add_argument("--model", type=Path, help="a music model")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with (
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as folder,
    ):
        browser = launched(playwright)
        rows = music(browser, Path(folder), options.tunes, options.model)
        title = f"The music model in a page, {options.tunes} held-out tunes"
        print_results(title, MUSIC, rows, as_json=options.json)
        rows = sentiment(browser, Path(folder), options.reviews)
        title = f"The sentiment model in a page, {options.reviews} reviews"
        print_results(title, SENTIMENT, rows, as_json=options.json)
        browser.close()


if __name__ == "__main__":
    main()
