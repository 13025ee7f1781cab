"""One list of verbs, and everything that follows from it."""

import ast
from pathlib import Path

import pytest

import egocohort as ec
from egocohort import verbs
from egocohort.api import studies, world

HOME = Path(ec.__file__).parent


def test_every_verb_has_a_command_and_every_command_is_listed():
    files = {file.stem for file in (HOME / "commands").glob("*.py")} - {"__init__"}
    assert files == set(verbs.VERBS)


def test_every_function_of_the_api_is_listed():
    rooms = {"studies": studies, "world": world}
    for name, room in rooms.items():
        listed = {one.function for one in verbs.LISTED if one.room == name}
        assert listed == set(room.__all__)


@pytest.mark.parametrize("name", ec.__all__)
def test_every_public_name_can_be_had(name):
    value = getattr(ec, name)
    assert name == "__version__" or value.__name__ == name
    assert name in dir(ec)


def test_type_checkers_are_told_the_same_names():
    """Functions come with their rooms, by star; classes are named one by one."""
    tree = ast.parse((HOME / "__init__.py").read_text())
    (block,) = [one for one in tree.body if isinstance(one, ast.If)]
    told = {
        alias.name: one.module
        for one in block.body
        if isinstance(one, ast.ImportFrom)
        for alias in one.names
        if alias.name != "*"
    }
    listed = {one.result_name: f"egocohort.{one.result.rpartition('.')[0]}" for one in verbs.LISTED}
    assert told == {**listed, verbs.TWIN: "sim.world.agents"}


def test_a_name_that_is_not_there_is_told_with_the_nearest():
    with pytest.raises(AttributeError, match='did you mean "StudyPlan"'):
        _ = ec.StudyPlans
