"""Pictures from outside: of each kind, the same for the same seed."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.caption.outside import KINDS, outside_pictures


@pytest.mark.parametrize("kind", KINDS)
def test_they_are_drawn_by_their_seed_and_have_something_in_them(kind):
    one, same, other = (outside_pictures(kind, 3, s, 32) for s in (1, 1, 2))
    assert one.shape == (3, 32, 32) and one.dtype == np.uint8
    np.testing.assert_array_equal(one, same)
    assert (one != other).any(axis=(1, 2)).all()
    assert (one.std(axis=(1, 2)) > 8).all()
    assert len({picture.tobytes() for picture in one}) == 3


def test_another_kind_is_named():
    with pytest.raises(MitseqError, match="`kind` must be one of"):
        outside_pictures("cats", 1)
