"""An epoch can be begun in its middle, and is the same each time."""

import numpy as np
import tensorflow as tf

from mitseq.training.batches import EpochBatches, untuned


class Shuffled(EpochBatches):
    def __init__(self):
        self.drawn = []
        super().__init__()

    def draw(self, epoch):
        self.drawn.append(epoch)
        self.order = np.random.default_rng(epoch).permutation(6)
        return 6

    def batch(self, index):
        return int(self.order[index])


def read(data):
    return [data[i] for i in range(len(data))]


def test_an_epoch_is_the_same_each_time_and_another_is_another():
    data = Shuffled()
    first = read(data)
    data.start(1)
    assert sorted(read(data)) == list(range(6)) and read(data) != first
    data.start(0)
    assert read(data) == first


def test_what_is_done_is_left_out_and_the_length_tells():
    data = Shuffled()
    whole = read(data)
    data.start(0, first_step=4)
    assert read(data) == whole[4:] and (len(data), data.steps) == (2, 6)
    assert data.drawn == [0]  # not drawn twice


def test_keras_does_not_move_it_on():
    data = Shuffled()
    data.start(3)
    data.on_epoch_end()
    assert data.epoch == 3


class Sizes(EpochBatches):
    """Batches of rows of 1, 2, 1, 1 and 2 steps."""

    def draw(self, epoch):
        self.sizes = [1, 2, 1, 1, 2]
        return 5

    def batch(self, index):
        rows = np.full((3, self.sizes[index]), index, "int32")
        return rows, np.zeros(3, "float32")


def test_the_rest_of_an_epoch_may_have_other_shapes_than_its_beginning():
    batches = Sizes()
    batches.start(1, first_step=2)
    dataset = batches.dataset()
    x, y = dataset.element_spec
    assert x.shape.as_list() == [None, None] and y.shape.as_list() == [None]
    assert (x.dtype, y.dtype) == ("int32", "float32")
    # Keras alone would hold all for rows of one step, as the next two are
    assert [int(x[0, 0]) for x, _ in dataset] == [2, 3, 4]
    assert len(dataset) == 3
    # it is read anew each time, from where the batches are then
    batches.start(2, first_step=2)
    assert [x.shape[1] for x, _ in dataset] == [1, 1, 2]


def test_a_dataset_without_the_tuner_is_the_same_dataset():
    dataset = tf.data.Dataset.range(7).batch(3).prefetch(tf.data.AUTOTUNE)
    assert dataset.options().autotune.enabled is None  # as TensorFlow likes
    quiet = untuned(dataset)
    assert quiet.options().autotune.enabled is False
    batches = [batch.numpy().tolist() for batch in quiet]
    assert batches == [[0, 1, 2], [3, 4, 5], [6]]
    assert int(quiet.cardinality()) == 3  # Keras shows how far an epoch is
