"""The small worked examples of the lecture."""
