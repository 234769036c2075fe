"""The scripts in benchmarks/ are no package: let the tests import them."""

import sys
from pathlib import Path

from tests.without_xla import plain_graphs  # noqa: F401

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
