"""No circles of files, no job that looks into another, no public name with two meanings."""

import ast
from collections import defaultdict

import pytest

from tests.house.test_arrows import CHECKS, JOBS, imported_names, module_of

TWIN = "sim.world.twin"
OF_THE_TWIN = (TWIN, "sim.world.agents")
"""The readable twin's agents know each other, as people in it do."""

SAID_TWICE = {
    "OWNER": "each room that owns a table of a study file says how it is read",
    "PATTERNS": "each file of patterns lists its own; analysis/patterns/catalogue.py gathers them",
    "command": "each verb is a module with its command",
    "fit": "of a world to its targets; and in the file with which a user's analysis begins",
    "compiled": "of the kernels of the world, estimators and measures, each with its own sources",
}


def graph(room_sources):
    """Modules, and for each the modules of ours that it imports, in whatever way."""
    modules = {module_of(path) for path in room_sources}

    def home(name):
        while name and name not in modules:
            name = name.rpartition(".")[0]
        return name

    found = defaultdict(set)
    for path, text in room_sources.items():
        here = module_of(path)
        found[here] |= {home(name) for _, name in imported_names(path, text)} - {"", here}
    return found


def circles(edges):
    """Sets of modules each of which leads to all others of its set (Tarjan 1972)."""
    number, low, stack, found = {}, {}, [], []

    def visit(one):
        number[one] = low[one] = len(number)
        stack.append(one)
        for other in edges.get(one, ()):
            if other not in number:
                visit(other)
                low[one] = min(low[one], low[other])
            elif other in stack:
                low[one] = min(low[one], number[other])
        if low[one] == number[one]:
            circle = set()
            while one not in circle:
                circle.add(stack.pop())
            found.append(circle)

    for one in list(edges):
        if one not in number:
            visit(one)
    return [circle for circle in found if len(circle) > 1]


def of_the_twin(module):
    return module.startswith(OF_THE_TWIN)


def test_only_the_twin_goes_in_circles(room_sources):
    found = circles(graph(room_sources))
    assert [sorted(one) for one in found if not all(map(of_the_twin, one))] == []


def test_a_circle_is_seen():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]


def room_in(module, rooms):
    return next((one for one in rooms if module == one or module.startswith(f"{one}.")), None)


def test_no_job_looks_into_another(room_sources):
    """A job is known by the modules at the top of its room; jobs know nothing of the checks."""
    problems = [
        f"{here} imports {there}"
        for here, others in graph(room_sources).items()
        for there in others
        if (mine := room_in(here, JOBS)) is not None
        and (
            room_in(there, CHECKS) is not None
            or (room_in(there, JOBS) not in (None, mine) and there.count(".") > 2)
        )
    ]
    assert problems == []


def public_names(room_sources):
    """Where each name of an `__all__` is defined, and not only passed on.

    Of a module without one, every function and class that is not private.
    """
    found = defaultdict(list)
    for path, text in room_sources.items():
        tree = ast.parse(text)
        listed = [
            [one.value for one in node.value.elts if isinstance(one, ast.Constant)]
            for node in tree.body
            if isinstance(node, ast.Assign)
            and any(isinstance(one, ast.Name) and one.id == "__all__" for one in node.targets)
            and isinstance(node.value, ast.List)
        ]
        own = {name for node in tree.body for name in defined(node)}
        made = [one for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)]
        open_to_all = [one.name for one in made if not one.name.startswith("_")]
        for name in listed[0] if listed else open_to_all:
            if name in own:
                found[name].append(module_of(path))
    return found


def defined(node):
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.AnnAssign):
        return {node.target.id} if isinstance(node.target, ast.Name) else set()
    if isinstance(node, ast.Assign):
        names = [one for target in node.targets for one in ast.walk(target)]
        return {one.id for one in names if isinstance(one, ast.Name)}
    return set()


def test_a_public_name_has_one_meaning(room_sources):
    """A verb's function at the front door and the room of its name are one meaning."""
    twice = {
        name: places
        for name, places in public_names(room_sources).items()
        if len(places) > 1
        and name not in SAID_TWICE
        and not any(of_the_twin(place) for place in places)
    }
    assert twice == {}


@pytest.mark.parametrize("name", SAID_TWICE)
def test_an_exception_is_still_needed(room_sources, name):
    places = [
        path
        for path, text in room_sources.items()
        if any(name in defined(node) for node in ast.parse(text).body)
    ]
    assert len(places) > 1
