import pytest
import tensorflow as tf


@pytest.fixture(autouse=True, scope="package")
def all_digits():
    """A GPU rounds what it multiplies to 11 bits, unless told otherwise."""
    config = tf.config.experimental
    before = config.tensor_float_32_execution_enabled()
    config.enable_tensor_float_32_execution(False)
    yield
    config.enable_tensor_float_32_execution(before)
