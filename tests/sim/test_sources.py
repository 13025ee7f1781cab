"""The closure of imports holds whatever a module calls, wherever it lies."""

import ast
import subprocess
import sys

import pytest

from sim.sources import HOUSE, closure, sources_hash

TREE = {
    "sim/__init__.py": "",
    "sim/far.py": "import sim.world.deep.end as end\n",
    "sim/world/__init__.py": "",
    "sim/world/week.py": "from sim.world.rules import (\n    ties,  # of people\n)\nimport numpy\n",
    "sim/world/rules/__init__.py": "",
    "sim/world/rules/ties.py": "def f():\n    from sim import far\n    return far\n",
    "sim/world/rules/other.py": "import sim.world.week\n",
    "sim/world/deep/__init__.py": "",
    "sim/world/deep/end.py": "from sim.world.week import CIRCLE\n",
}


@pytest.fixture
def grow(tmp_path):
    """Write a small house, with some files changed; its folder."""

    def write(name, **changed):
        changed = {key.replace("__", "/") + ".py": text for key, text in changed.items()}
        for path, text in {**TREE, **changed}.items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def names(house, *roots):
    found = closure(*(house / root for root in roots), house=house)
    return {path.relative_to(house).as_posix() for path in found}


def hash_of(house):
    return sources_hash(house / "sim/world/week.py", house=house)


def test_imports_are_followed_late_ones_and_circles_too(grow):
    whole = set(TREE) - {"sim/world/rules/other.py"}
    assert names(grow("a"), "sim/world/week.py") == whole


def test_a_folder_stands_for_all_modules_in_it(grow):
    assert names(grow("a"), "sim/world/rules") == set(TREE)


def test_a_helper_in_a_new_file_changes_the_hash(grow):
    calls = "from sim.world.helper import half\n"
    before = hash_of(grow("before", sim__world__rules__ties=calls))
    there = hash_of(grow("there", sim__world__rules__ties=calls, sim__world__helper="half = 1"))
    other = hash_of(grow("other", sim__world__rules__ties=calls, sim__world__helper="half = 2"))
    assert len({before, there, other}) == 3


def test_what_is_not_imported_changes_nothing(grow):
    assert hash_of(grow("a")) == hash_of(grow("b", sim__world__rules__other="changed = 1"))


def test_a_root_that_has_moved_away_is_noticed(tmp_path):
    with pytest.raises(FileNotFoundError):
        closure(tmp_path / "gone.py", house=tmp_path)


def test_no_import_of_the_house_is_overlooked():
    # Against Python itself: what a process has loaded is in the closure of what it was told to.
    code = (
        "import sys, analysis.planning.planner\n"
        "print(*(getattr(one, '__file__', None) for one in sys.modules.values()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    rooms = tuple(f"{HOUSE / room}/" for room in ("sim", "analysis"))
    loaded = {name for name in done.stdout.split() if name.startswith(rooms)}
    assert len(loaded) > 100
    found = {str(path) for path in closure(HOUSE / "analysis" / "planning" / "planner.py")}
    assert loaded <= found


def test_no_room_imports_relatively():
    # `sim.sources` reads whole names alone.
    for room in ("sim", "analysis", "egocohort"):
        for file in (HOUSE / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_bytes())):
                assert not (isinstance(node, ast.ImportFrom) and node.level), file
