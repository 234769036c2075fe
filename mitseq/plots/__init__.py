"""The figures of the lecture: one family a file, functions return the figure.

Figures need matplotlib, `pip install 'mitseq[plots]'`. It is imported when the
first figure is drawn.
"""
