"""Functional Keras models, one task a file."""
