"""Tunes in ABC notation: read, check, draw, hear; no TensorFlow."""
