"""Where the notebook is: IPython, loaded when it is first needed."""

from types import ModuleType


def ipython_display() -> ModuleType:
    """Returns `IPython.display`.

    Raises:
        ImportError: if IPython is not installed, with the line to install it.

    Example:

    >>> ipython_display().__name__
    'IPython.display'
    """
    try:
        import IPython.display
    except ImportError as error:
        raise ImportError(
            "`mitseq.mitdeeplearning` needs IPython: pip install 'mitseq[labs]'"
        ) from error
    return IPython.display


def can_show_pictures() -> bool:
    """Returns whether this runs in a notebook; a terminal shows none.

    Example:

    >>> can_show_pictures()
    False
    """
    ipython_display()
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")
