"""One order of a week: week.py's list, its calls, the Mesa twin and docs/week.md say the same."""

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LAST_WORLD_STREAM = 31  # a study's streams begin at 32

STEP = re.compile(r"^ +(\d+)\. (\w+)  ", re.MULTILINE)
IN_BRACKETS = re.compile(r"\[([A-Z_,\s]*)\]")
HEADING = re.compile(r"^## (\d+)\. (\w+)$", re.MULTILINE)
CODE = re.compile(r"^\*Code:\* (.*)$", re.MULTILINE)
DRAWS = re.compile(r"^\*Draws:\* (.*)$", re.MULTILINE)


class Week(NamedTuple):
    """The four texts that must agree, and the streams there are."""

    kernel: str
    twin: str
    page: str
    streams: frozenset


@pytest.fixture(scope="module")
def week():
    from sim.world.streams import Stream

    def read(path):
        return (REPOSITORY / path).read_text(encoding="utf-8")

    names = frozenset(one.name for one in Stream if one <= LAST_WORLD_STREAM)
    return Week(read("sim/world/week.py"), read("sim/world/agents.py"), read("docs/week.md"), names)


def docstring(source):
    return ast.get_docstring(ast.parse(source), clean=False)


def numbered(pattern, text):
    """(number, name) of every step, as they stand."""
    return [(int(number), name) for number, name in pattern.findall(text)]


def streams_named(text):
    return [name for group in IN_BRACKETS.findall(text) for name in re.findall(r"[A-Z_]+", group)]


def function(source, name):
    tree = ast.parse(source)
    return next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == name)


def calls(tree):
    """Every call under a node in the order of the text."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def phases_called(source):
    """Functions of sim.world.phases that live_weeks calls, in order."""
    imported = {
        alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim.world.phases.")
        for alias in node.names
    }
    names = [c.func.id for c in calls(function(source, "live_weeks")) if hasattr(c.func, "id")]
    return [name for name in names if name in imported]


def steps_of_twin(source):
    """Names of the twin's steps, in order: `self.x_week()` and `egos.do("x_week")`."""
    found = []
    for call in calls(function(source, "live_week")):
        said = call.args[0].value if call.func.attr == "do" else call.func.attr
        if said.endswith("_week"):
            found.append(said.removesuffix("_week"))
    return found


def disagreements(week):
    """One line for each thing that is not the same everywhere."""
    said = docstring(week.kernel)
    steps, headings = numbered(STEP, said), numbered(HEADING, week.page)
    names, streams = [name for _, name in steps], streams_named(said)
    code = [name for line in CODE.findall(week.page) for name in re.findall(r"`(\w+)`", line)]
    drawn = [name for line in DRAWS.findall(week.page) for name in re.findall(r"[A-Z_]{2,}", line)]
    in_steps = streams_named(said.partition("Once, before")[0])
    found = []
    if [number for number, _ in steps] != list(range(1, len(steps) + 1)) or not steps:
        found.append("the list of week.py is not numbered 1, 2, 3, ...")
    if headings != steps:
        found.append(f"headings of docs/week.md {headings}, list of week.py {steps}")
    if steps_of_twin(week.twin) != names:
        found.append(f"the twin's steps {steps_of_twin(week.twin)}, list of week.py {names}")
    if phases_called(week.kernel) != code:
        found.append(f"live_weeks calls {phases_called(week.kernel)}, docs/week.md says {code}")
    if len(CODE.findall(week.page)) != len(steps):
        found.append("a step of docs/week.md has no line *Code:*")
    if sorted(streams) != sorted(week.streams):
        found.append(f"streams named {sorted(streams)}, streams there are {sorted(week.streams)}")
    if drawn != in_steps:
        found.append(f"draws of docs/week.md {drawn}, of week.py {in_steps}")
    return found


def test_the_week_is_the_same_everywhere(week):
    assert disagreements(week) == []


@pytest.mark.parametrize(
    ("where", "old", "new"),
    [
        ("kernel", "    5. visits  ", "    5. calls   "),
        ("kernel", "[FATE]", "[]"),
        ("kernel", "[BOOKING, VISIT]", "[BOOKING, VISIT, FATE]"),
        ("kernel", "        staff_week(w, week, key)\n", ""),
        ("kernel", "spend_capacity(lives, first, last)", "meet(lives, first, last, week, key)"),
        ("page", "## 9. fate", "## 9. fates"),
        ("page", "`book_week`, `list_due`", "`list_due`, `book_week`"),
        ("page", "*Code:* `record_week`", "`record_week`"),
        ("page", "*Draws:* FATE", "*Draws:* none"),
        ("twin", 'living.do("illness_week")', 'living.do("feelings_week")'),
    ],
)
def test_a_difference_is_seen(week, where, old, new):
    text = getattr(week, where)
    assert text.count(old) == 1
    assert disagreements(week._replace(**{where: text.replace(old, new)})) != []


def test_a_stream_without_a_step_is_seen(week):
    assert disagreements(week._replace(streams=week.streams | {"WEATHER"})) != []
