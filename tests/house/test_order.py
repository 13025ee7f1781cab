"""What the order of the tests names is there, and nothing is lived before the first of them."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import conftest

TESTS = Path(conftest.__file__).parent


@pytest.mark.parametrize("name", conftest.COMPILE + conftest.TAKE_LONG)
def test_what_comes_first_is_a_file_of_tests(name):
    assert (TESTS / f"{name}.py").is_file()


def test_rooms_of_many_tests_come_before_small_ones_and_keep_their_order():
    class Item:
        def __init__(self, nodeid):
            self.nodeid = nodeid

    ids = ["tests/a.py::x", "tests/b.py::z", "tests/b.py::y", "tests/docs/test_readme.py::r"]
    items = [Item(one) for one in ids]
    conftest.pytest_collection_modifyitems(items)
    assert [one.nodeid for one in items] == [ids[3], ids[1], ids[2], ids[0]]


def test_a_world_that_was_lived_while_tests_were_collected_is_refused(monkeypatch):
    week = SimpleNamespace(live_weeks=SimpleNamespace(signatures=[]))
    monkeypatch.setitem(sys.modules, "sim.world.week", week)
    conftest.pytest_collection_finish()
    week.live_weeks.signatures.append("of the whole world")
    with pytest.raises(pytest.UsageError, match="belongs in a"):
        conftest.pytest_collection_finish()
