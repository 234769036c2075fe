from tests.without_xla import plain_graphs, with_xla  # noqa: F401
