"""The questions of the lecture's notes, and a flash card for each concept.

questions.py says what a question and a card are; each chapter has its file,
chapters.py lists them, rounds.py asks, page.py makes a page of them.
"""
