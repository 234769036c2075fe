from tests.tasks.words.conftest import trained  # noqa: F401
