import pytest

from mitseq.exercises.child import Child


@pytest.fixture(scope="package")
def child():
    """One process for the students' code of all tests."""
    with Child() as child:
        yield child
