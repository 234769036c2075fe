"""The example tasks of the lecture, one folder each."""
