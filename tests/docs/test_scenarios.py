"""The page on scenario files says what the code does, and its example is a scenario."""

import re
import tomllib
from pathlib import Path

import pytest

from egocohort.results.settings import shock_targets
from sim.world.scenario import list_scenarios, parse_scenario
from sim.world.shock import Shock, Who
from sim.world.size import World
from tests.docs.made import program

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scenarios.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made():
    return program("scenario_format")


def test_the_page_is_that_of_the_code(made):
    assert made.page() == TEXT, "python docs/scenario_format.py makes it anew"


def test_every_key_and_target_is_on_it():
    named = set(re.findall(r"^\| `([\w.-]+)` \|", TEXT, re.MULTILINE))
    keys = {name for model in (Shock, Who, World) for name in model.model_fields}
    assert named == keys | {one.acts_on for one in shock_targets()} | set(list_scenarios())


def test_its_example_is_a_scenario():
    (example,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    data = tomllib.loads(example)
    assert data.pop("extends") in list_scenarios()
    scenario = parse_scenario(data)
    assert [one.how for one in scenario.shocks] == ["multiply", "force"]
    assert scenario.parameters == {"service.missed": 0.15}
