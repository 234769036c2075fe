"""Something to do when somebody imports a module for the first time.

`import mitseq` imports neither TensorFlow nor Keras. What has to be told to
them is told when the user, or a file of ours, does.
"""

import contextlib
import importlib.util
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec


def around_first_import(
    name: str, around: Callable[[], contextlib.AbstractContextManager]
) -> None:
    """Has a top-level module run inside a context when it is imported.

    Nothing happens if the module is imported already or has a context. An
    import that fails is not the first: the next one is.

    Args:
        name: Of the module.
        around: Returns the context.

    Example:

    >>> @contextlib.contextmanager
    ... def told():
    ...     yield
    ...     print("this is imported")
    >>> sys.modules.pop("this", None) and None
    >>> around_first_import("this", told)
    >>> import this  # doctest: +ELLIPSIS
    The Zen of Python, by Tim Peters
    ...
    this is imported
    """
    waits = any(
        isinstance(each, _Finder) and each.name == name
        for each in sys.meta_path
    )
    if name not in sys.modules and not waits:
        sys.meta_path.insert(0, _Finder(name, around))


class _Finder:
    """Finds one module as the other finders do, and has it run in a context."""

    def __init__(self, name, around):
        self.name, self.around = name, around
        self._is_asking = False

    def find_spec(self, name, path=None, target=None) -> ModuleSpec | None:
        if name != self.name or self._is_asking:
            return None
        self._is_asking = True  # the other finders
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._is_asking = False
        if spec is None or not hasattr(spec.loader, "exec_module"):
            return spec
        run = spec.loader.exec_module

        def run_in_context(module):
            with self.around():
                run(module)
            if self in sys.meta_path:
                sys.meta_path.remove(self)

        spec.loader.exec_module = run_in_context
        return spec
