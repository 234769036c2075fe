from collections import Counter

from mitseq.placement import Placement
from tests.test_devices import on_three_cpus


def test_placement_tells_on_which_device_each_operation_ran():
    result = on_three_cpus("""
        from mitseq.placement import placement

        @tf.function
        def work(x):
            with tf.device("/CPU:2"):
                y = tf.linalg.det(x)
            return tf.linalg.inv(x) * y

        with placement() as found, mitseq.device("cpu:1"):
            work(tf.eye(2))
            tf.linalg.cholesky(tf.eye(2))
        result["det"] = found.devices_of("MatrixDeterminant")
        result["inv"] = found.devices_of("MatrixInverse")
        result["eager"] = found.devices_of("Cholesky")
        result["lines"] = found.report().splitlines()
        # what is traced in between is neither counted nor kept
        tf.function(lambda x: tf.linalg.det(x) + 1)(tf.eye(2))
        with placement() as after:
            pass
        result["after"] = after.report()

        # a training: weights, gradient and update stay on the device
        with placement() as found, mitseq.device("cpu:2"):
            model = keras.Sequential(
                [keras.Input((None, 3)), mitseq.LSTM(4), keras.layers.Dense(2)]
            )
            model.compile(optimizer="adam", loss="mse")
            model.fit(np.ones((4, 5, 3)), np.ones((4, 2)), verbose=0)
        result["products"] = [
            name
            for name, kinds in found.operations.items()
            if any("MatMul" in kind for kind in kinds)
        ]
        result["updates"] = found.devices_of("AssignSubVariableOp")
        print(json.dumps(result))
    """)
    assert result["det"] == ["cpu:2"]
    assert result["inv"] == ["cpu:1"]
    assert result["eager"] == ["cpu:1"]
    assert result["lines"][-1].startswith("cpu:2  1 operations of 1 kind")
    assert result["after"] == ""
    assert result["products"] == ["cpu:2"]
    assert result["updates"] == ["cpu:2"]


def test_report_names_the_busiest_kinds_and_counts_all():
    kinds = Counter({f"Op{i}": i for i in range(1, 9)})
    told = Placement({"cpu:0": kinds, "gpu:0": Counter(MatMul=1)}).report()
    first, second = told.splitlines()
    assert first.startswith("cpu:0  36 operations of 8 kinds: Op8 8, Op7 7")
    assert first.endswith("Op3 3, ...")
    assert second == "gpu:0  1 operations of 1 kinds: MatMul 1"
