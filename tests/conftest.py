"""Before any test imports Keras: TensorFlow as its backend, and no chatter."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["MPLBACKEND"] = "Agg"
# Tests run beside each other: threads of a small matrix product that wait for
# the other process's cost more than they bring.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
