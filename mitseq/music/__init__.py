"""Tunes in ABC notation: read, check, draw, hear. No TensorFlow in here."""
