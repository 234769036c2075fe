"""Memory that was freed and is kept, for the next step will ask for it again.

A process that trains with others on TensorFlow's distribution engine gets the
large tensors of each step from the C library. That of GNU gives every block
above 32 MB back to the system as soon as it is freed, and the next one comes as
pages which the system fills with zeros first. A step of an LSTM of 512 units on
56 sequences of 100 met 200,000 such pages, and took 1.1 to 1.3 s instead of
0.7. A process that trains alone keeps its memory without being told.
"""

import ctypes

# of malloc.h: how many blocks are borrowed from the system one by one, and how
# much is free at the end of the heap before it is given back
_MOST_BORROWED, _MOST_FREE = -4, -1
MOST_FREE = 2**31 - 1  # bytes, the largest int


def keep_freed_memory() -> bool:
    """Has the C library keep what is freed, until the process ends.

    Returns:
        Whether it has done so; another library than GNU's is left as it is.
    """
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # no such call, or no library
        return False
    return bool(
        set_option(_MOST_BORROWED, 0) and set_option(_MOST_FREE, MOST_FREE)
    )
