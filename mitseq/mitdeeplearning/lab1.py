"""`mdl.lab1`: songs, their sound, and the checks of what a student wrote."""

from mitseq.mitdeeplearning.checks import (
    test_batch_func_next_step,
    test_batch_func_shapes,
    test_batch_func_types,
    test_custom_dense_layer_output,
)
from mitseq.mitdeeplearning.players import (
    abc2wav,
    play_generated_song,
    play_song,
    play_wav,
)
from mitseq.mitdeeplearning.songs import (
    extract_song_snippet,
    load_training_data,
    save_song_to_abc,
)

__all__ = [
    "abc2wav",
    "extract_song_snippet",
    "load_training_data",
    "play_generated_song",
    "play_song",
    "play_wav",
    "save_song_to_abc",
    "test_batch_func_next_step",
    "test_batch_func_shapes",
    "test_batch_func_types",
    "test_custom_dense_layer_output",
]
