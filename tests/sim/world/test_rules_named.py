"""No rule slips by: each is tested by name, and its docstring says what it answers to."""

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

from analysis.patterns.catalogue import OF_ALL
from sim.world import rules
from sim.world.parameters import sources

MECHANICAL = {
    "changes", "churn_after", "dies", "diversifying_factor", "ends", "fading_hazard",
    "episode_peak", "episode_starts", "falls_sick", "first_trust", "forms", "closeness_after",
    "is_discharged", "is_on_leave", "is_referred", "is_struck", "post_capacity",
    "running_mean", "severity_after", "sickness_weeks", "trait",
    "unmet_need", "vacancy_weeks", "weeks_to_next", "wellbeing_after", "work_share",
    "worker_quality", "is_reassigned", "is_urgent",
    "stops_treatment", "restarts_treatment", "restarts_in_hospital", "is_acted_upon",
    "breaks_down", "within_reach", "proneness_to_crisis", "frailty_spread", "age_at_onset",
    "onset_by",
    "admissions_expected",
    "is_taken_on", "share_with_parents", "contact_at_home", "withdrawal_at_home",
    "standing_factor", "moving_hazard", "work_hazard", "home_hazard", "benefits_hazard", "befalls",
    "upheaval_factor",
    "alter_is_male", "age_of_alter",
    "parent_is_male", "generation_of_child", "alter_age_at", "parent_at_start", "is_parent_for",
    "kin_kind", "longest_known", "weeks_known_at_start", "death_rate", "share_surviving",
    "share_died", "share_averted", "uniform_among_survivors", "chance_of_function",
}  # fmt: skip
"""Rules that no pattern or figure asks for by itself; a new one is added here knowingly."""


def modules():
    names = [info.name for info in pkgutil.iter_modules(rules.__path__)]
    return [importlib.import_module(f"sim.world.rules.{name}") for name in names]


RULES = {
    name: rule
    for module in modules()
    for name, rule in inspect.getmembers(module, inspect.isfunction)
    if rule.__module__ == module.__name__
}


def names_in_tests():
    """Names called or passed on inside test functions of the files that test rules."""
    used = set()
    for path in Path(__file__).parent.glob("test_rules_*.py"):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                used |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return used


def test_there_are_rules():
    assert len(RULES) > 60


def test_no_two_rules_share_a_name():
    found = [
        node.name
        for module in modules()
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.FunctionDef)
    ]
    assert sorted(found) == sorted(RULES)


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_is_tested_by_name(name):
    assert name in names_in_tests()


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_says_what_it_answers_to(name):
    said = inspect.getdoc(RULES[name]) or ""
    ids = re.findall(r"\b([PNB])(\d+)\b", said)
    patterns = [int(number) for letter, number in ids if letter == "P"]
    evidence = {letter + number for letter, number in ids if letter != "P"}
    assert all(1 <= number <= OF_ALL for number in patterns)
    assert {one for one in evidence if one not in sources()} == set()
    assert bool(ids) != (name in MECHANICAL)


def test_rules_neither_draw_nor_loop_nor_touch_an_array():
    for module in modules():
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            loops = (ast.For, ast.While, ast.comprehension, ast.Subscript, ast.Global, ast.Nonlocal)
            assert not isinstance(node, loops), f"{module.__name__}:{node.lineno}"
            if isinstance(node, ast.ImportFrom):
                assert node.module in {
                    "numba.extending", "sim.world.arithmetic", "sim.world.kinds",
                }  # fmt: skip
