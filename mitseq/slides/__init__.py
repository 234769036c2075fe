"""The lecture slide by slide: what each one says, its code, and its figure.

deck.py is the one list behind `mitseq slides` and docs/slides.md.
"""
