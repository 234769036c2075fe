from tests.without_xla import plain_graphs  # noqa: F401
