"""Every test that is written is also run: nothing hides from pytest's collection."""

import ast
import re
import tomllib

import pytest

BUILT_IN = {"filterwarnings", "parametrize", "skip", "skipif", "usefixtures", "xfail"}
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def is_test_name(node):
    return isinstance(node, FUNCTIONS) and re.match(r"test(_|$)", node.name) is not None


def collected_tests(tree):
    """Return what pytest finds in a test file: functions, and methods of Test classes."""
    classes = [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and node.name.startswith("Test")
        and all(getattr(part, "name", "") != "__init__" for part in node.body)
    ]
    return [node for owner in [tree, *classes] for node in owner.body if is_test_name(node)]


def hidden_tests(path, text):
    """Yield a line for each function that looks like a test and that pytest will not collect."""
    tree = ast.parse(text)
    collected = collected_tests(tree) if path.rpartition("/")[2].startswith("test_") else []
    for node in ast.walk(tree):
        if is_test_name(node) and node not in collected:
            yield f"{path}:{node.lineno} {node.name} is never run"
    for owner in [tree, *(n for n in ast.walk(tree) if isinstance(n, ast.ClassDef))]:
        names = [node.name for node in owner.body if is_test_name(node)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{path}: {name} is written twice; only the last is run"


def markers_used(text):
    """Return the markers a file names, as in pytest.mark.verify."""
    return {
        node.attr
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"pytest.mark", "mark"}
    }


def test_no_test_hides_from_collection(sources):
    problems = [
        problem
        for path, text in sources.items()
        if path.startswith("tests/")
        for problem in hidden_tests(path, text)
    ]
    assert problems == []


def test_test_files_are_where_and_as_pytest_looks_for_them(our_files):
    named = [path.as_posix() for path in our_files if path.suffix == ".py"]
    outside = [p for p in named if re.search(r"(^|/)test_", p) and not p.startswith("tests/")]
    misspelt = [p for p in named if re.search(r"(_tests?|/tests?|/test[A-Z][^/]*)\.py$", p)]
    packages = [p for p in named if p.startswith("tests/") and p.endswith("/__init__.py")]
    assert outside + misspelt + packages == []


def test_every_marker_is_registered(sources, repository):
    settings = tomllib.loads((repository / "pyproject.toml").read_text())
    registered = {
        marker.partition(":")[0] for marker in settings["tool"]["pytest"]["ini_options"]["markers"]
    }
    used = {
        (path, marker)
        for path, text in sources.items()
        if path.startswith("tests/")
        for marker in markers_used(text)
    }
    assert {(p, m) for p, m in used if m not in BUILT_IN | registered} == set()


@pytest.mark.parametrize(
    ("path", "snippet"),
    [
        ("tests/test_a.py", "class Arrows:\n    def test_one(self): ..."),
        ("tests/test_a.py", "class TestA:\n  def __init__(self): ...\n  def test_one(self): ..."),
        ("tests/test_a.py", "def helper():\n    def test_one(): ..."),
        ("tests/test_a.py", "if False:\n    def test_one(): ..."),
        ("tests/helper.py", "def test_one(): ..."),
        ("tests/test_a.py", "def test_one(): ...\ndef test_one(): ..."),
    ],
)
def test_a_hidden_test_is_seen(path, snippet):
    assert len(list(hidden_tests(path, snippet))) == 1


def test_ordinary_tests_are_left_alone():
    snippet = "def test_one(): ...\nclass TestTwo:\n    def test_one(self): ...\ndef testing(): ..."
    assert list(hidden_tests("tests/test_a.py", snippet)) == []


def test_markers_are_read():
    assert markers_used("import pytest\npytestmark = pytest.mark.verify") == {"verify"}
