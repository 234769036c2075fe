"""Batches that a training can leave and find again."""

import abc

import keras
import numpy as np
import tensorflow as tf


class EpochBatches(keras.utils.PyDataset, abc.ABC):
    """The batches of every epoch, in an order that its number decides.

    A training that is resumed asks for the same epoch again and begins where
    it was. `mitseq.training.fit` starts each epoch, from number 1 on; Keras's
    `fit` alone reads the same one again and again. A subclass draws the order
    of an epoch and gives its batches:

    Example:

    >>> class Countdown(EpochBatches):
    ...     def draw(self, epoch):
    ...         self.values = [3 * epoch + i for i in (2, 1, 0)]
    ...         return len(self.values)
    ...
    ...     def batch(self, index):
    ...         return self.values[index]
    >>> batches = Countdown()
    >>> batches.start(epoch=4, first_step=1)
    >>> [batches[i] for i in range(len(batches))]
    [13, 12]
    """

    def __init__(self):
        super().__init__()
        self.epoch = None
        self.start(0)

    @abc.abstractmethod
    def draw(self, epoch: int) -> int:
        """Draws the order of an epoch, the same one each time.

        Returns:
            The number of batches, the same one for each epoch.
        """

    @abc.abstractmethod
    def batch(self, index: int):
        """Returns one batch of the epoch that was drawn."""

    def start(self, epoch: int, first_step: int = 0) -> None:
        """Begins an epoch, without the batches before `first_step`."""
        if epoch != self.epoch:
            self.steps = self.draw(epoch)
        self.epoch, self.first_step = epoch, first_step

    def dataset(self) -> tf.data.Dataset:
        """Returns the batches for Keras's `fit`, read anew each epoch."""
        dataset = tf.data.Dataset.from_generator(
            lambda: iter(self), output_signature=self.signature()
        )
        cardinality = tf.data.experimental.assert_cardinality(len(self))
        return untuned(dataset.apply(cardinality).prefetch(2))

    def signature(self):
        """Returns a `tf.TensorSpec` of each array of a batch.

        Keras would take from the first two batches which sizes are the same in
        all. In the rest of an epoch these are any two; here they are those
        that the epoch begins with.
        """
        return keras.tree.map_structure(_spec, *self.spec_examples())

    def spec_examples(self) -> list:
        """Returns one or two batches; sizes in which they differ may vary."""
        return [self.batch(i) for i in range(min(2, self.steps))]

    def __len__(self) -> int:
        return self.steps - self.first_step

    def __getitem__(self, index: int):
        return self.batch(index + self.first_step)


def untuned(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """Returns the same dataset, without TensorFlow's tuner at work beside it.

    The tuner thinks from time to time about how many batches to read ahead, at
    first every 10 ms, after a while once a minute. An iterator that is given up
    waits for it to wake; it should be woken, and at times is not. So a training
    can end up to a minute late, wherever Python happens to collect garbage.
    Datasets that Keras makes of arrays have a tuner, too.

    Example:

    >>> dataset = untuned(tf.data.Dataset.range(5).batch(2))
    >>> [batch.numpy().tolist() for batch in dataset]
    [[0, 1], [2, 3], [4]]
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def _spec(*arrays):
    """What two arrays of the same place in a batch have in common."""
    sizes = [a.shape[1:] for a in map(np.asarray, arrays)]
    shape = [
        n if all(n == m for m in others) else None
        for n, *others in zip(*sizes, strict=True)
    ]
    return tf.TensorSpec([None, *shape], np.asarray(arrays[0]).dtype)
