"""A snapshot comes back whole, or says that it is damaged."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.training.snapshot import Snapshot


def written(path):
    rng = np.random.default_rng(0)
    snapshot = Snapshot(
        epoch=3,
        step=7,
        seconds=1.5,
        rows=[{"epoch": 1, "loss": float("nan")}, {"epoch": 2, "loss": 0.1}],
        variables=[rng.normal(size=(2, 3)), np.array(4, "int64")],
        metrics=[np.float32(0.1)],
        best=[rng.normal(size=5).astype("float32")],
    )
    snapshot.write(path)
    return snapshot


def test_it_comes_back_to_the_last_bit(tmp_path):
    before = written(tmp_path / "a.npz")
    after = Snapshot.read(tmp_path / "a.npz")
    assert (after.epoch, after.step, after.seconds) == (3, 7, 1.5)
    assert str(after.rows) == str(before.rows)
    for kind in ("variables", "metrics", "best"):
        pairs = zip(getattr(before, kind), getattr(after, kind), strict=True)
        for a, b in pairs:
            np.testing.assert_array_equal(a, b)
            assert np.asarray(a).dtype == b.dtype
    assert [p.name for p in tmp_path.iterdir()] == ["a.npz"]


def test_a_damaged_file_is_named(tmp_path):
    path = tmp_path / "a.npz"
    written(path)
    whole = path.read_bytes()
    for content in (b"", b"PK", whole[:-40], whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(MitseqError, match=r"a.npz: damaged.*Delete"):
            Snapshot.read(path)
    np.savez(path, record="{}")
    with pytest.raises(MitseqError, match="damaged"):
        Snapshot.read(path)
    np.savez(path, record='{"counts": {}, "height": 3}')
    with pytest.raises(MitseqError, match="damaged"):
        Snapshot.read(path)
