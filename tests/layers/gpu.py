"""What holds on a machine without a GPU only."""

import pytest
import tensorflow as tf

without_gpu = pytest.mark.skipif(
    bool(tf.config.list_physical_devices("GPU")), reason="there is a GPU"
)
