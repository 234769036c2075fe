from tests.tasks.translate.conftest import model, trained  # noqa: F401
