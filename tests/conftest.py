"""The order of the tests: what compiles for long begins, then rooms of many tests, small ones last.

On a fresh machine the world takes a minute and a half to compile, and the estimators a minute. Two
workers that begin with one each do not compile the same thing beside each other.
"""

from collections import Counter

COMPILES = (
    "tests/sim/world/test_agents.py",
    "tests/analysis/estimators/test_mixed_models.py",
    "tests/analysis/estimators/test_batches.py",
    "tests/analysis/estimators/test_counts.py",
)


def pytest_collection_modifyitems(items):
    """Files in the order above, tests of a file in theirs."""
    room = [item.nodeid.partition("::")[0] for item in items]
    size = Counter(room)
    first = {name: place for place, name in enumerate(COMPILES)}

    def place(number):
        name = room[number]
        return first.get(name, len(first)), -size[name], name, number

    items[:] = [items[number] for number in sorted(range(len(items)), key=place)]
