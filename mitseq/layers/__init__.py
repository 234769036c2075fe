"""The layers of the slides: cells, sequence layers, and their engine."""
