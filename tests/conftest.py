"""The order of the tests: what compiles for long, what takes long, rooms of many tests, small ones.

On a fresh machine the world takes a minute and a half to compile, and the estimators longer. Two
workers that begin with one each do not compile the same thing beside each other, and none is left
with something long when the other has done all else.
"""

import sys
from collections import Counter

import pytest

COMPILE = """
    sim/world/test_agents
    analysis/estimators/test_mixed_models
    analysis/estimators/test_batches
    sim/study/test_simulate
    analysis/estimators/test_levels
    analysis/estimators/test_counts
""".split()
TAKE_LONG = """
    docs/test_readme
    analysis/stress/test_shipped
    egocohort/test_stress
    egocohort/test_calibrate
    analysis/stress/test_apart
    egocohort/test_plan
    egocohort/test_resume
    analysis/attrition/test_absence_in_world
    egocohort/test_evidence
    fuzz/test_manifests
    egocohort/test_same_pages
    egocohort/test_plan_parts
    analysis/lives/test_studies
    fuzz/test_toml_files
    house/test_circles
    sim/data/test_codebook_true
""".split()


def pytest_collection_modifyitems(items):
    """Files in the order above, tests of a file in theirs."""
    room = [item.nodeid.partition("::")[0] for item in items]
    size = Counter(room)
    first = {f"tests/{name}.py": place for place, name in enumerate(COMPILE + TAKE_LONG)}

    def place(number):
        name = room[number]
        return first.get(name, len(first)), -size[name], name, number

    items[:] = [items[number] for number in sorted(range(len(items)), key=place)]


def pytest_collection_finish():
    """No world may have been lived by now: each worker would compile it, before any test."""
    week = sys.modules.get("sim.world.week")
    if getattr(getattr(week, "live_weeks", None), "signatures", ()):
        raise pytest.UsageError(
            "a world was lived while tests were collected: what a file needs of it belongs in a "
            "function, else each worker compiles it before any test"
        )
