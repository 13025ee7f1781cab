"""The grid itself: it lets a faithful copy of every rule pass, and catches each wrong one."""

import importlib.util
import math
import sys
import types
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

PLACE = Path(__file__).with_name("grid.py")


@pytest.fixture(scope="module")
def grid():
    spec = importlib.util.spec_from_file_location("qc_grid", PLACE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def chance(hazard):
    h = min(hazard, 1.0)
    return h - h * h / 2


IN_64_BITS = {
    "f4": float, "ZERO": 0.0, "HALF": 0.5, "ONE": 1.0, "WEEK": 1 / 52, "TINY": 1e-6,
    "HALF_WEEK": 0.5, "chance": chance, "logarithm": math.log, "normal": NormalDist().inv_cdf,
    "probability": NormalDist().cdf, "survival": lambda x: math.exp(-x),
    "exponential": lambda x: math.exp(min(max(x, -8.0), 8.0)),
    "clip": lambda x, low, high: min(max(x, low), high),
    "unit": lambda x: min(max(x, 0.0), 1.0),
    "flushed": lambda x: x if abs(x) > 1e-6 else 0.0,
    "whole": lambda x, u: math.floor(x + u),
}  # fmt: skip
"""What a rule's code is made of, in 64 bits and exact."""


def copy_of(function, **other):
    """A faithful copy of a rule in 64 bits; `other` makes it a wrong one."""
    names = dict(function.__globals__)
    for name, value in (IN_64_BITS | other).items():
        if name in names:
            names[name] = value
    for name, value in names.items():
        if isinstance(value, types.FunctionType) and value.__module__ == function.__module__:
            names[name] = types.FunctionType(value.__code__, names)
    return types.FunctionType(function.__code__, names)


def scaled(rule, axis, by=1.01):
    """A copy that gets one argument or parameter a hundredth too large.

    A flag it gets the other way, a whole number one too large. What it does to a parameter it does
    to a fresh record, for the grid uses one over and over.
    """
    copy = copy_of(rule.function)
    names = [one.name for one in rule.arguments]
    field = axis.name.replace(".", "_")
    share = f"{field.removesuffix('_memory')}_share"

    def changed(x):
        return {"flag": 1 - x, "whole": x + 1}.get(axis.kind, x * by)

    def wrong(*given):
        given = list(given)
        if axis.name in names:
            i = names.index(axis.name)
            given[i] = changed(given[i])
        else:
            p = types.SimpleNamespace(**vars(given[-1]))
            old = getattr(p, field)
            setattr(p, field, changed(old))
            if share != f"{field}_share":
                setattr(p, share, getattr(p, share) / by)
            given[-1] = p
        return copy(*given)

    return wrong


def test_a_faithful_copy_of_every_rule_passes(grid):
    for rule in grid.odd.all_rules().values():
        found = grid.compare(rule, copy_of(rule.function), points=40)
        assert found.wrong == ()
        assert found.points >= 40
        assert found.moved <= found.points / 5


def not_caught(grid, modules, *points):
    """Arguments and parameters of rules that may be a hundredth off unnoticed, by so many points.

    Near a threshold that moves by a hundredth lie few points, and so more are tried in the end.
    """
    return [
        (rule.name, axis.name)
        for rule in grid.odd.all_rules().values()
        for axis in grid.axes_of(rule)
        if rule.module in modules
        and axis.kind not in ("uniform", "quantile")
        and (rule.name, axis.name) != ("is_urgent", "every")  # cut to whole numbers; see below
        and not any(grid.compare(rule, scaled(rule, axis), some).wrong for some in points)
    ]


def test_a_hundredth_too_much_is_caught_in_services_and_endings(grid):
    assert not_caught(grid, ("services", "endings"), 25) == []


@pytest.mark.verify
def test_a_hundredth_too_much_is_caught_in_every_rule(grid):
    assert not_caught(grid, grid.odd.MODULES, 200, 2_000) == []


WRONG = {
    "a year of 53 weeks": ("dormancy_hazard", {"WEEK": 1 / 53}),
    "a hazard taken for a chance": ("ends", {"chance": lambda h: h}),
    "a rate for a hazard": ("leaves_post", {"chance": lambda h: 1 - math.exp(-2 * h)}),
    "no bounds": ("visit_interval", {"clip": lambda x, low, high: x}),
    "no limits of the unit interval": ("severity_after", {"unit": lambda x: x}),
    "rounded up": ("weeks_to_next", {"whole": lambda x, u: math.ceil(x + u)}),
    "rounded to the nearest": ("weeks_to_next", {"whole": lambda x, u: round(x)}),
    "another base": ("vacancy_weeks", {"logarithm": math.log2}),
    "the other tail": ("episode_weeks", {"normal": lambda u: NormalDist().inv_cdf(1 - u)}),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_copy_is_caught(what, grid):
    name, other = WRONG[what]
    rule = grid.odd.all_rules()[name]
    assert grid.compare(rule, copy_of(rule.function, **other)).wrong


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("acuity_level", lambda severity: min(math.floor(15 * severity), 15)),
        ("acuity_level", lambda severity: math.floor(16 * severity)),
        ("falls_sick", lambda u, p: float(u > p.service_sickness_onset)),
        ("dies", lambda u, p: float(u < 1.001 * p.illness_death_rate / 52)),
        ("in_aftermath", lambda weeks, p: float(weeks <= p.illness_aftermath_weeks)),
        ("gives", lambda u, requested, obligation, share: requested * (u < obligation)),
        ("is_urgent", lambda since, every: since % int(every) == 0),
        ("is_urgent", lambda since, every: since > 0 and since % round(every) == 0),
        ("work_share", lambda capacity, needed: capacity / (needed + 1e-6)),
        ("work_share", lambda capacity, needed: None),
        ("episode_peak", lambda u, p: p.no_such_parameter),
    ],
)
def test_a_wrong_second_writing_is_caught(name, wrong, grid):
    assert grid.compare(grid.odd.all_rules()[name], wrong).wrong


def test_points_at_a_jump_are_moved_and_counted(grid):
    rule = grid.odd.all_rules()["acuity_level"]
    call = grid.Caller(rule, rule.function, np.float32)
    at = np.array([0.5], np.float32)
    assert grid.jumps(call, at, 0)
    placed, times = grid.away_from_jumps(call, at)
    assert times == 1
    assert 1e-5 < abs(placed[0] - 0.5) < 1e-4
    assert grid.away_from_jumps(call, np.array([0.53], np.float32)) == (np.float32(0.53), 0)


def test_the_place_of_a_step_is_found(grid):
    rule = grid.odd.all_rules()["falls_sick"]
    call = grid.Caller(rule, rule.function, np.float32)
    point = np.array([0.5, 0.03])
    assert grid.step_of(call, point, 0) == (1, 0)
    assert grid.where(call, point, 0, 1.0) == pytest.approx(0.03, abs=1e-6)


def test_a_grid_covers_the_ranges_and_their_ends(grid):
    rule = grid.odd.all_rules()["visit_interval"]
    points, axes = grid.grid(rule, 200), grid.axes_of(rule)
    assert points.dtype == np.float32
    for column, axis in zip(points.T, axes, strict=True):
        assert column.min() == np.float32(axis.low)
        assert column.max() == np.float32(axis.high)
        assert np.histogram(column, 5, (axis.low, axis.high))[0].min() > 15
