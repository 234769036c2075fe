"""Which operation ran on which device.

`tf.device` is a wish: an operation that has no program for the device, or that
stands in a dataset, runs elsewhere. What TensorFlow decided is in the graphs
that it made of the work, one for each device. A graph is made once: what was
traced before `placement` began and runs again is not listed.
"""

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

SHOWN = 6  # kinds of operations that a line of the report names
# how graphs hand values to each other: no work
_HANDING = ("Arg", "Retval", "Send", "Recv", "Const", "NoOp")


@dataclass
class Placement:
    """What ran where; filled when the block of `placement` ends.

    Attributes:
        operations: How many operations of a kind the graphs of a device have:
            `{"cpu:0": {"MatMul": 2, ...}, ...}`.
    """

    operations: dict[str, Counter] = field(default_factory=dict)

    def devices_of(self, kind: str) -> list[str]:
        """Returns the devices that an operation ran on, by its kind."""
        return [name for name, kinds in self.operations.items() if kinds[kind]]

    def report(self) -> str:
        """Returns a line for each device, the busiest kinds first.

        Example:

        >>> found = Placement({"cpu:0": Counter(MatMul=2, Tanh=1)})
        >>> found.report()
        'cpu:0  3 operations of 2 kinds: MatMul 2, Tanh 1'
        """
        return "\n".join(
            _line(name, kinds) for name, kinds in self.operations.items()
        )


@contextlib.contextmanager
def placement() -> Iterator[Placement]:
    """Watches which operations run on which device.

    Yields:
        A `Placement`, empty until the block ends.

    Example:

    >>> import tensorflow as tf
    >>> with placement() as found, tf.device("cpu:0"):
    ...     x = tf.function(lambda a: tf.linalg.det(a))(tf.eye(2))
    >>> found.devices_of("MatrixDeterminant")
    ['cpu:0']
    """
    # TensorFlow 2 has no public way to these graphs.
    from tensorflow.python.eager import context

    found, runtime = Placement(), context.context()
    runtime.enable_graph_collection()
    runtime.export_run_metadata()  # what somebody else has collected
    try:
        yield found
    finally:
        metadata = runtime.export_run_metadata()
        runtime.disable_graph_collection()
        for graph in metadata.partition_graphs:
            for node in graph.node:
                _count(found.operations, node)
        found.operations = dict(sorted(found.operations.items()))


def _count(operations, node):
    if node.op.endswith(_HANDING) or not node.device:
        return
    # "/job:localhost/replica:0/task:0/device:CPU:1"
    name = node.device.rpartition("device:")[2].lower()
    operations.setdefault(name, Counter())[node.op] += 1


def _line(name, kinds):
    most = ", ".join(f"{kind} {n}" for kind, n in kinds.most_common(SHOWN))
    more = ", ..." if len(kinds) > SHOWN else ""
    return (
        f"{name}  {kinds.total()} operations of {len(kinds)} kinds: "
        f"{most}{more}"
    )
