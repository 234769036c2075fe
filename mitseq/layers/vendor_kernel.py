r"""On a GPU: the recurrence as one kernel of the card's vendor.

No slide of its own; read bptt.py first. On a GPU a loop over time starts many
small programs at every step. NVIDIA's cuDNN computes all steps of an LSTM or a
GRU in one, and `keras.layers.LSTM` uses it. Here our weights are put in Keras's
order and go to the same function of Keras.

The tests know this road from a CPU, with cuDNN's equations written out in the
kernel's place; `benchmarks/gpu.py` drives it on a card. And it is checked where
it runs: before its first use in a process a tiny batch goes beside our own
loop, and if a number differs or anything fails, the log says so and our own
loop is used.

Only training takes it: a graph for inference is exported, and must run where
there is no such card. With `jit_compile=True`, which Keras's `compile` chooses
where there is a GPU, XLA compiles our own loop, which is as fast there. The
kernel has no second derivative; a layer with `use_cudnn=False` has. Letters: B
batch, T steps, D features, H units.
"""

import functools
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import tensorflow as tf

from mitseq.layers import bptt, xla
from mitseq.layers.equations import GRUEquations, LSTMEquations, Packed

_log = logging.getLogger(__name__)

# Largest difference of the tiny batch, as a share of the numbers. Half
# precision and TF32 keep 11 bits; a gate in the wrong place differs by 0.1.
TOLERANCE = 1e-2


def is_fastest(packed: Packed, sequences: tf.Tensor) -> bool:
    """Tells whether the vendor's kernel can run this layer, and was checked.

    Not without a GPU, where the code is told to compute on the CPU, inside XLA
    (which has no such kernel), for equations or dtypes that the kernel lacks,
    and after a failed check.
    """
    equations, dtype = packed.equations, packed.W_x.dtype
    return (
        bool(tf.config.list_logical_devices("GPU"))
        and equations in (LSTMEquations(), GRUEquations())
        and dtype == sequences.dtype
        and dtype in (tf.float32, tf.float16)
        and not _on_cpu()
        and not xla.in_xla()
        and _agrees(type(equations), dtype)
    )


def run(
    packed: Packed,
    sequences: tf.Tensor,
    initial_state: Sequence[tf.Tensor],
    mask: tf.Tensor | None,
    own_loop: Callable,
    go_backwards: bool = False,
    zero_output_for_mask: bool = False,
) -> tuple[tf.Tensor, tf.Tensor, list[tf.Tensor]]:
    """Returns what `bptt.run` does, of sequences that are not yet reversed.

    `own_loop()` does the same work without the kernel. The kernel knows lengths
    only: a batch with a gap, padding on the left, or an empty row goes there.
    """

    def kernel():
        try:
            h_seq, final = _call(
                packed, sequences, initial_state, mask, go_backwards
            )
        except NotImplementedError:  # Keras: not on this device after all
            return own_loop()
        # Masked steps come out as zeros. They come first when going backwards,
        # where our loop has zeros too; else it repeats the last output.
        if mask is not None and not (go_backwards or zero_output_for_mask):
            keep = tf.cast(mask, tf.bool)[..., None]  # (B, T, 1)
            h_seq = tf.where(keep, h_seq, final[0][:, None])
        return h_seq[:, -1], h_seq, final

    if mask is None:
        return kernel()
    return tf.cond(_is_right_padded(mask), kernel, own_loop)


def _call(packed, sequences, initial_state, mask, go_backwards=False):
    """Keras's function, with our weights in the order of its gates."""
    # Not exported by Keras: should it move, `_agrees` says so.
    from keras.src.backend.tensorflow.rnn import gru, lstm

    W_x, W_h, b = packed.W_x, packed.weights[0], packed.b
    b = tf.zeros_like(W_x[0]) if b is None else b
    if isinstance(packed.equations, LSTMEquations):
        layer = lstm
        W_x, W_h, b = _input_first(W_x), _input_first(W_h), _input_first(b)
    else:  # the same order; Keras's second bias is ours inside the reset only
        layer, b_hh = gru, packed.weights[1]
        zeros = tf.zeros_like(tf.concat([b_hh, b_hh], 0))
        b = tf.stack([b, tf.concat([zeros, b_hh], 0)])  # (2, 3H)
    _, h_seq, final = layer(
        sequences,
        *(tf.cast(state, W_x.dtype) for state in initial_state),
        mask=mask,
        kernel=W_x,
        recurrent_kernel=W_h,
        bias=b,
        activation=tf.tanh,
        recurrent_activation=tf.sigmoid,
        return_sequences=True,
        go_backwards=go_backwards,
    )
    h_seq.set_shape([*sequences.shape[:2], W_h.shape[0]])
    return h_seq, tf.nest.flatten(final)


def _input_first(weight):
    """From our f, i, c, o to Keras's i, f, c, o."""
    f, i, c, o = tf.split(weight, 4, axis=-1)
    return tf.concat([i, f, c, o], -1)


def _is_right_padded(mask):
    keep = tf.cast(mask, tf.bool)
    no_return = tf.reduce_all(keep[:, :-1] | ~keep[:, 1:])
    return no_return & tf.reduce_all(keep[:, 0])


def _on_cpu():
    """Told so inside the graph that is traced, or around it."""
    with tf.init_scope():
        around = tf.constant(0.0).device
    return "CPU" in (tf.constant(0.0).device + around).upper()


@functools.cache
def _agrees(equations, dtype):
    """Whether kernel and loop give the same numbers; asked once a process."""
    name = f"{equations.__name__.removesuffix('Equations')}, {dtype.name}"
    try:
        # Another thread knows of no graph that is being traced here, no tape
        # and no device: it computes now, on the card.
        with ThreadPoolExecutor(1) as thread:
            difference = thread.submit(_difference, equations(), dtype).result()
        reason = f"its numbers differ from ours by {difference:.2g}"
    except Exception as error:  # whatever it is, our own loop is there
        difference = float("inf")
        reason = f"{type(error).__name__} {error}".split("\n")[0]
    if difference <= TOLERANCE:
        _log.info("%s: training by the GPU vendor's kernel.", name)
        return True
    _log.warning("%s: training by our loop, no vendor kernel: %s", name, reason)
    return False


def _difference(equations, dtype):
    """Largest difference of outputs, states and gradients on a tiny batch."""
    is_lstm = isinstance(equations, LSTMEquations)
    wide = 4 * 3 if is_lstm else 3 * 3  # gates side by side, H = 3
    last = (2, 3) if is_lstm else (3,)  # c_0, or b_hh
    shapes = [(2, 4, 2), (2, wide), (wide,), (3, wide), (2, 3), last]
    draw = tf.random.stateless_normal
    inputs = [tf.cast(draw(s, [7, i]), dtype) for i, s in enumerate(shapes)]
    mask = tf.constant([[True] * 4, [True, True, False, False]])

    def results(road):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            x, W_x, b, W_h, h_0, last = inputs
            weights, states = ([W_h], [h_0, last])
            if not is_lstm:
                weights, states = ([W_h, last], [h_0])
            packed = Packed(equations, W_x, b, weights)
            h_seq, final = road(packed, x, states, mask)
            shown = [h_seq * tf.cast(mask, dtype)[..., None], *final]
            loss = tf.add_n([tf.reduce_sum(y * y) for y in shown])
        return [*shown, *tape.gradient(loss, inputs)]

    pairs = zip(
        results(_call),
        results(lambda *arguments: bptt.run(*arguments)[1:]),
        strict=True,
    )
    return float(  # NaN, if there is one, and then not within the tolerance
        tf.reduce_max([tf.norm(a - b, 1) / tf.norm(b, 1) for a, b in pairs])
    )
