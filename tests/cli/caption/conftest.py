from tests.tasks.caption.conftest import bars, trained  # noqa: F401
