"""Rules written a second time, from docs/odd.md alone, agree with the world's.

A second writing is a function of the rule's name and arguments in a file of `again/`: plain
floats, `math.exp`, `math.log` and `statistics.NormalDist().inv_cdf`, nothing of the project.
Whoever writes it has read docs/odd.md and not the code, so that a docstring which says less or
other than its rule does is found out.
"""

import ast
import importlib.util
import inspect
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LEAST = 15
WHOLLY = ("services", "endings")  # modules of which every rule is written again
MAY_IMPORT = {"__future__", "math", "statistics"}

NOT_AGAIN: dict[str, set[str]] = {}
"""Rules that nobody has written again; a new rule is added here, or written again, knowingly."""


def parsed():
    """The files of second writings, parsed, by path."""
    return {path: ast.parse(path.read_text()) for path in sorted((HERE / "again").glob("*.py"))}


AGAIN = [
    (node.name, path)
    for path, tree in parsed().items()
    for node in tree.body
    if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
]


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def grid():
    return load("qc_grid_again", HERE / "grid.py")


@pytest.fixture(scope="module")
def rules(grid):
    return grid.odd.all_rules()


@pytest.mark.parametrize(("name", "path"), AGAIN, ids=[name for name, _ in AGAIN])
def test_a_rule_written_again_agrees(name, path, grid, rules):
    again = getattr(load(f"qc_again_{path.stem}", path), name)
    given = list(inspect.signature(rules[name].function).parameters)
    assert list(inspect.signature(again).parameters) == given
    found = grid.compare(rules[name], again)
    assert found.moved <= found.points / 5
    assert found.wrong[:5] == ()


def test_enough_is_written_again(rules):
    names = {name for name, _ in AGAIN}
    assert len(names) >= LEAST
    assert {rule.name for rule in rules.values() if rule.module in WHOLLY} - names == set()


def test_what_is_not_written_again_is_listed(rules):
    names = {name for name, _ in AGAIN}
    missing: dict[str, set[str]] = {}
    for rule in rules.values():
        if rule.name not in names:
            missing.setdefault(rule.module, set()).add(rule.name)
    assert missing == NOT_AGAIN


def test_nothing_is_written_again_twice_or_for_no_rule(rules):
    names = [name for name, _ in AGAIN]
    assert sorted(set(names)) == sorted(names)
    assert set(names) - set(rules) == set()


def test_second_writings_know_nothing_of_the_project():
    for path, tree in parsed().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= MAY_IMPORT, path
            elif isinstance(node, ast.ImportFrom):
                assert node.module in MAY_IMPORT, path
