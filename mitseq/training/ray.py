"""The workers of a training, started by Ray on a cluster of its own.

Ray Train's `TensorflowTrainer`, a `DataParallelTrainer`, starts a process on
each machine and sets `TF_CONFIG`; from there on it is as in workers.py. Ray's
own callbacks for Keras are not used: they are written for `tensorflow.keras`.
"""

import os
from collections.abc import Callable

from mitseq.errors import MitseqError
from mitseq.training.workers import Workers


def train_on_ray(
    function: Callable[[Workers], object],
    count: int,
    *,
    cpus: float = 1,
    use_gpu: bool = False,
    storage: str | None = None,
):
    """Calls a function in several processes of a Ray cluster.

    Args:
        function: Called in each of them with its `Workers`; it builds and
            trains, and returns what is worth knowing.
        count: How many processes.
        cpus: Cores for each of them.
        use_gpu: Whether each of them gets a GPU.
        storage: Folder that all machines see, for what Ray itself writes.

    Returns:
        What the function returned in the first worker.

    Raises:
        MitseqError: if Ray is not installed.
    """
    try:
        import ray
        import ray.train
        from ray.train.tensorflow import TensorflowTrainer
    except ImportError as error:
        raise MitseqError(
            "training on a Ray cluster needs Ray: pip install "
            f'"mitseq[ray]" ({error})'
        ) from None

    if not ray.is_initialized():
        ray.init()
    kept = ray.remote(num_cpus=0)(_Kept).remote()

    def work():
        # Ray wishes for the Keras before Keras 3
        os.environ.pop("TF_USE_LEGACY_KERAS", None)
        workers = Workers()
        found = function(workers)
        if workers.is_first:
            ray.get(kept.keep.remote(found))

    each = {"CPU": cpus, "GPU": 1} if use_gpu else {"CPU": cpus}
    trainer = TensorflowTrainer(
        work,
        scaling_config=ray.train.ScalingConfig(
            num_workers=count, use_gpu=use_gpu, resources_per_worker=each
        ),
        run_config=ray.train.RunConfig(storage_path=storage),
    )
    trainer.fit()
    return ray.get(kept.give.remote())


class _Kept:
    """What the first worker hands back to who started it."""

    def keep(self, value):
        self.value = value

    def give(self):
        return self.value
