"""What the course's own notebooks of lab 1 call, so that they run here.

    import mitseq.mitdeeplearning as mdl

The names and the calls are those of the course's package; what they do is
written anew, on our reader and our sound. docs/course.md says how to use it.
"""

from mitseq.mitdeeplearning import lab1, util

__all__ = ["lab1", "util"]
