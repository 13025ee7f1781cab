"""The fixed point of care: it stays in ranges, and moves to where each figure is right."""

import pytest

from analysis.calibration import care_point
from analysis.calibration.care_point import STARTS, care_paths, care_step, settled_care
from sim.world.parameters import catalogue
from sim.world.scenario import parse_scenario

NOW = {path: catalogue()[path].value for path in care_paths()}


@pytest.fixture(scope="module")
def stepped():
    return care_step(NOW, 2, seed=3, threads=2)


def test_a_step_sets_its_own_parameters_within_their_ranges(stepped):
    assert list(stepped) == care_paths()
    for path, value in stepped.items():
        assert catalogue()[path].low <= value <= catalogue()[path].high, path


def test_a_step_does_not_depend_on_the_number_of_threads(stepped):
    assert care_step(NOW, 2, seed=3, threads=1) == stepped


@pytest.mark.parametrize(
    ("path", "factor"),
    [("crisis.hazard", 1.3), ("treatment.ratio", 0.4), ("service.coordinator.interval_weeks", 1.8)],
)
def test_what_is_out_of_place_goes_back(stepped, path, factor):
    moved = NOW | {path: factor * NOW[path]}
    brought = care_step(moved, 2, seed=3)[path] / moved[path]
    assert (brought < stepped[path] / NOW[path]) == (factor > 1)


def test_levels_are_those_of_people_who_have_lived_on(monkeypatch):
    monkeypatch.setattr(care_point, "SETTLED", 4)
    world = parse_scenario({"id": "w", "title": "W", "world": {"scale": 0.1, "runin_weeks": 4}})
    found = settled_care(world, 2, seed=1)
    assert found == settled_care(world, 2, seed=1, threads=1)
    assert {name for name in found if name.startswith("start.")} == {f"start.{n}" for n in STARTS}
    assert 0 < found["treatment.trust_usual"] < 1
    assert 0 < found["treatment.trust_sd"] < 0.5
