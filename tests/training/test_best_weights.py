"""The best epoch's weights are kept, and a killed training goes on."""

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.training.best_weights import BestWeights

X = np.linspace(-1, 1, 16, dtype="float32")[:, None]
Y = (X > 0).astype("float32")


def fresh_model():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(
        keras.optimizers.Adam(0.1, use_ema=True, ema_momentum=0.5), "mse"
    )
    return model


def fit(model, best, epochs):
    model.fit(
        X,
        Y,
        validation_data=(X, -Y if best.key == "rising" else Y),
        initial_epoch=best.epoch,
        epochs=epochs,
        batch_size=4,  # after some steps the average is another model
        shuffle=False,
        verbose=0,
        callbacks=[best],
    )


def test_it_stops_and_keeps_the_lowest_loss():
    model, best = fresh_model(), BestWeights(patience=2, key="rising")
    fit(model, best, 50)
    losses = [row["val_loss"] for row in best.rows]
    assert len(losses) < 50 and int(np.argmin(losses)) == len(losses) - 3
    kept = model.evaluate(X, -Y, verbose=0)
    np.testing.assert_allclose(kept, min(losses), rtol=1e-4)


@pytest.mark.parametrize("done", [1, 3])
def test_a_resumed_training_is_the_one_that_was_never_killed(tmp_path, done):
    whole = BestWeights(patience=9)
    model = fresh_model()
    fit(model, whole, 4)
    expected = model.get_weights()

    path = tmp_path / "state.npz"
    fit(fresh_model(), BestWeights(patience=9, path=path), done)
    again = BestWeights(patience=9, path=path)
    again.restore()
    assert again.epoch == done
    model = fresh_model()
    fit(model, again, 4)
    for a, b in zip(model.get_weights(), expected, strict=True):
        np.testing.assert_array_equal(a, b)
    assert again.rows == whole.rows


def test_a_damaged_file_is_named(tmp_path):
    path = tmp_path / "state.npz"
    fit(fresh_model(), BestWeights(path=path), 1)
    whole = path.read_bytes()
    for content in (b"", b"PK", whole[:-40], whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(MitseqError, match=r"state.npz: damaged.*Delete"):
            BestWeights(path=path).restore()
    np.savez(path, record="{}")
    with pytest.raises(MitseqError, match="damaged"):
        BestWeights(path=path).restore()


def test_other_data_cannot_resume(tmp_path):
    path = tmp_path / "state.npz"
    fit(fresh_model(), BestWeights(path=path, key="a"), 2)
    with pytest.raises(MitseqError, match="other texts or settings"):
        BestWeights(path=path, key="b").restore()
    nothing = BestWeights(path=tmp_path / "none.npz")
    nothing.restore()
    assert nothing.epoch == 0


def test_no_epoch_begins_that_would_not_fit_in():
    best = BestWeights(patience=9, seconds=0.0)
    fit(fresh_model(), best, 9)
    assert best.epoch == 1
