from tests.tasks.tag.conftest import trained  # noqa: F401
