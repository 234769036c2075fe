"""Exercises that check themselves: from a slide to your own code.

    mitseq exercises start my_exercises      files with a TODO each
    mitseq exercises check my_exercises      what is right, and hints
    mitseq.exercises.check(my_function)      the same in a notebook
    pytest my_exercises                      the same as tests

docs/exercises.md says how to use them, exercise.py what an exercise is.
"""

from mitseq.exercises.notebook import arguments, check, start_text

__all__ = ["arguments", "check", "start_text"]
