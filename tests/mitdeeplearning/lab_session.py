"""What the course's notebooks of lab 1 call, in their order, small.

Words and data are ours; the calls of `mdl` and of TensorFlow are those that a
notebook makes. `test_lab1.py` runs it in an empty folder.
"""

import numpy as np
import tensorflow as tf
from IPython.display import display
from scipy.io import wavfile
from tqdm import tqdm

import mitseq.mitdeeplearning as mdl

# Part 1: a dense layer by hand


class Perceptrons(tf.keras.layers.Layer):
    def __init__(self, count):
        super().__init__()
        self.count = count

    def build(self, input_shape):
        size = int(input_shape[-1])
        self.W = self.add_weight(name="W", shape=[size, self.count])
        self.b = self.add_weight(name="b", shape=[1, self.count])

    def call(self, x):
        return tf.sigmoid(tf.matmul(x, self.W) + self.b)


tf.keras.utils.set_random_seed(1)
perceptrons = Perceptrons(3)
perceptrons.build((1, 2))
output = perceptrons.call(tf.constant([[1, 2.0]], shape=(1, 2)))
dense_passed = mdl.lab1.test_custom_dense_layer_output(output)

# Part 2: the songs

songs = mdl.lab1.load_training_data()
first_player = mdl.lab1.play_song(songs[0])
text = "\n\n".join(songs)
characters = sorted(set(text))
index_of = {character: index for index, character in enumerate(characters)}
ids = np.array([index_of[character] for character in text])


def draw_batch(data, seq_length, batch_size):
    starts = np.random.choice(len(data) - 1 - seq_length, batch_size)
    x = np.stack([data[s : s + seq_length] for s in starts])
    y = np.stack([data[s + 1 : s + seq_length + 1] for s in starts])
    return x, y


arguments = (ids, 10, 2)
batch_passed = [
    mdl.lab1.test_batch_func_types(draw_batch, arguments),
    mdl.lab1.test_batch_func_shapes(draw_batch, arguments),
    mdl.lab1.test_batch_func_next_step(draw_batch, arguments),
]

# The model, and its training


def make_model(batch_size, num_steps):
    model = tf.keras.Sequential(
        [
            tf.keras.layers.Embedding(len(characters), 8),
            tf.keras.layers.LSTM(
                16,
                return_sequences=True,
                recurrent_initializer="glorot_uniform",
                recurrent_activation="sigmoid",
                stateful=True,
            ),
            tf.keras.layers.Dense(len(characters)),
        ]
    )
    model.build(tf.TensorShape([batch_size, num_steps]))
    return model


model = make_model(4, 12)
optimizer = tf.keras.optimizers.Adam(1e-2)
picture = mdl.util.display_model(model)


@tf.function
def learn(x, y):
    with tf.GradientTape() as tape:
        loss = tf.keras.losses.sparse_categorical_crossentropy(
            y, model(x), from_logits=True
        )
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(
        zip(gradients, model.trainable_variables, strict=True)
    )
    return loss


history = []
smooth = mdl.util.LossHistory(smoothing_factor=0.9)
plotter = mdl.util.PeriodicPlotter(sec=0, xlabel="step", ylabel="loss")
for _ in tqdm(range(30), disable=True):
    loss = learn(*draw_batch(ids, 12, 4)).numpy().mean()
    history.append(loss)
    smooth.append(loss)
    plotter.plot(history)
model.save_weights("lab.weights.h5")

# It writes on

model = make_model(1, None)
model.load_weights("lab.weights.h5")
model.layers[1].reset_states()
current, written = [[index_of["X"]]], []
for _ in range(40):
    logits = tf.squeeze(model(tf.constant(current)), 0)
    chosen = tf.random.categorical(logits, num_samples=1)[-1, 0].numpy()
    current = [[int(chosen)]]
    written.append(characters[chosen])
# So short a training writes no song: two songs stand for a longer one.
generated = "X" + "".join(written).replace("\n\n", "") + "\n\n"
generated += f"{songs[1]}\n\n{songs[2].replace('|', 'A3|', 2)}\n\nX:9"

sounds = []
for number, song in enumerate(mdl.lab1.extract_song_snippet(generated)):
    player = mdl.lab1.play_song(song)
    if player:
        display(player)
        samples = np.frombuffer(player.data, dtype=np.int16)
        wavfile.write(f"song_{number}.wav", 88200, samples)
        sounds.append(f"song_{number}.wav")
any_player = mdl.lab1.play_generated_song(generated)
