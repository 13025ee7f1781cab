"""A rule and a second writing of it, compared over a grid of arguments.

The rule is called in 32 bits, as the world calls it; the second writing in 64 bits, with exact
exponentials, logarithms and normal quantiles. Both get the same numbers: arguments over the ranges
that the rule's docstring states, parameters over those of the catalogue (half of the points have
the catalogue's values).

They agree where they differ by no more than CLOSE of the value, plus FLOOR where it is near zero:
what 32 bits lose when terms of the size of wellbeing cancel.

A comparison such as u < chance makes a rule jump, and two roundings of one chance may lie on either
side of a u. So two things are done, and nothing is skipped:

- Points are *moved* until no real number is within EDGE of a jump; how many were moved is counted.
  Whole numbers are exact in both and stay where they are, so that < and <= differ.
- Where the rule is a step along its uniform, the place of the step, that is the chance itself, is
  found in both by halving and compared like a value: random uniforms alone would hardly ever tell
  one rare hazard from another. A rule without a uniform is tried for steps along every axis.
"""

import importlib.util
import sys
import zlib
from pathlib import Path
from statistics import NormalDist
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

CLOSE, FLOOR = 1e-4, 5e-6
STEP_FLOOR, WHOLE_FLOOR = 2e-7, 1e-5  # of a chance; of where a sum is rounded to a whole number
EDGE, JUMP, ABRUPT, TRIES = 1e-5, 1e-4, 0.8, 50
ENDS = (1e-6, 1 - 1e-5)  # of a uniform
AT_A_BOUND = 0.15  # share of the points that have an axis at its lower, and at its upper end
LOW = 3  # the power by which half of the points lean towards the lower end of an axis
SWEPT, LONGEST_SWEEP = 10, 200  # points at which every value of a whole axis is tried


def load(name, path):
    """A module from its file, under a name that no package has."""
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


odd = load("qc_odd", Path(__file__).resolve().parents[2] / "docs" / "odd.py")


class Axis(NamedTuple):
    """One number that a rule depends on: an argument, or the parameter at a path."""

    name: str
    kind: str  # uniform | quantile (a uniform, through the normal quantile) | flag | whole | real
    low: float
    high: float
    usual: float | None = None


class Comparison(NamedTuple):
    """How many points were compared and moved; a line for each that differs."""

    points: int
    moved: int
    wrong: tuple[str, ...]


def axes_of(rule):
    """The axes of a rule: its arguments in order, then the parameters it reads."""
    axes = [
        Axis(one.name, "quantile" if one.through else one.kind, one.low, one.high)
        for one in rule.arguments
    ]
    for path in rule.paths:
        if "*" not in path:  # of a group or line: an argument already
            one = odd.catalogue()[path]
            kind = "flag" if one.unit == "0 or 1" else "real"
            axes.append(Axis(path, kind, one.low, one.high, one.value))
    return axes


def exact_uniforms():
    """Uniforms at which the world's normal quantile is right to six figures; others to four."""
    exact = NormalDist().inv_cdf
    several = np.linspace(0.002, 0.998, 997).astype(np.float32)
    found = [u for u in several if abs(float(odd.arithmetic.normal(u)) - exact(float(u))) < 3e-6]
    assert len(found) > 100
    return np.array(found)


def grid(rule, points):
    """Points of a rule, (points, axes) in float32, then sweeps along its whole axes."""
    rng = np.random.default_rng(zlib.crc32(rule.name.encode()))
    columns = []
    for axis in axes_of(rule):
        even = rng.permutation((np.arange(points) + rng.random(points)) / points)
        even = np.where(rng.random(points) < 0.5, even, even**LOW)
        even[rng.random(points) < AT_A_BOUND] = 0
        even[rng.random(points) < AT_A_BOUND] = 1
        x = axis.low + (axis.high - axis.low) * even
        if axis.kind == "uniform":
            x = np.clip(x, *ENDS)
        elif axis.kind == "quantile":
            exact = exact_uniforms()
            x = exact[(even * (exact.size - 1)).astype(int)]
        elif axis.kind == "flag":
            x = even > 0.5
        elif axis.kind == "whole":
            x = np.round(x)
        if axis.usual is not None:
            x = np.where(rng.random(points) < 0.5, axis.usual, x)
        columns.append(np.asarray(x, np.float32))
    return np.concatenate([np.column_stack(columns), *sweeps(rule, np.column_stack(columns))])


def sweeps(rule, points):
    """The first points again, with every value of one whole axis at each."""
    for i, axis in enumerate(axes_of(rule)):
        if axis.kind == "whole" and axis.high - axis.low <= LONGEST_SWEEP:
            values = np.arange(axis.low, axis.high + 1, dtype=np.float32)
            for point in points[:SWEPT]:
                swept = np.repeat(point[None, :], values.size, axis=0)
                swept[:, i] = values
                yield swept


class Caller:
    """Calls a rule, or a second writing of it, at points of its grid."""

    def __init__(self, rule, function, number):
        self.rule, self.function, self.number = rule, function, number
        self.axes = axes_of(rule)
        usual = odd.catalogue().values()
        self.p = SimpleNamespace(**{one.field: number(one.value) for one in usual})
        for one in usual:
            self.share(one.field)
        self.whole = False  # whether the last call gave a whole number

    def share(self, field):
        """Beside a memory stands 1 / memory, under the name the rules know."""
        if field.endswith("_memory"):
            share = self.number(1) / getattr(self.p, field)
            setattr(self.p, f"{field.removesuffix('_memory')}_share", share)

    def __call__(self, point):
        """What comes out at a point, as a float."""
        n = len(self.rule.arguments)
        arguments = [self.number(x) for x in point[:n]]
        for axis, x in zip(self.axes[n:], point[n:], strict=True):
            field = axis.name.replace(".", "_")
            setattr(self.p, field, self.number(x))
            self.share(field)
        found = self.function(*arguments, *([self.p] if self.rule.takes_rates else []))
        self.whole = isinstance(found, int)
        return float(found)


def compare(rule, again, points=200):
    """Compare a rule with a second writing of it.

    `rule` is one of docs/odd.py's; `again` a function of the same arguments, in floats.
    """
    ours, theirs = Caller(rule, rule.function, np.float32), Caller(rule, again, float)
    moved, wrong = 0, []
    tried = grid(rule, points)
    for number, point in enumerate(tried):
        placed, times = away_from_jumps(ours, point)
        moved += times > 0
        try:
            said = differences(ours, theirs, placed, steps=number < points)
        except Exception as error:  # whatever a second writing raises is a difference
            said = [f"{type(error).__name__}: {error}"]
        at = ", ".join(f"{a.name} {x:.7g}" for a, x in zip(ours.axes, placed, strict=True))
        wrong += [f"{rule.name} at {at}: {one}" for one in said]
    return Comparison(len(tried), moved, tuple(wrong))


def differences(ours, theirs, point, steps):
    """A line for each thing that differs at a point; `steps` to look for steps around it too."""
    a, b = ours(point), theirs(point)
    found = [] if near(a, b, FLOOR) else [f"{a:.7g}, again {b:.7g}"]
    along = "uniform" if any(axis.kind == "uniform" for axis in ours.axes) else "real"
    for i, axis in enumerate(ours.axes if steps else ()):
        if axis.kind != along or (ends := step_of(ours, point, i)) is None:
            continue
        again = tuple(theirs(with_value(point, i, x)) for x in bounds_of(axis))
        if not (near(ends[0], again[0], FLOOR) and near(ends[1], again[1], FLOOR)):
            found.append(f"along {axis.name} {ends}, again {again}")
        elif not near(*ends, JUMP):
            place, other = where(ours, point, i, ends[0]), where(theirs, point, i, again[0])
            floor = STEP_FLOOR if ends == (1.0, 0.0) else WHOLE_FLOOR
            if not near(place, other, floor):
                found.append(f"steps at {axis.name} {place:.7g}, again at {other:.7g}")
    return found


def bounds_of(axis):
    """The ends of an axis between which steps are looked for."""
    return ENDS if axis.kind == "uniform" else (axis.low, axis.high)


def near(a, b, floor):
    """Whether two numbers are the same to CLOSE, or to the floor."""
    return abs(a - b) <= CLOSE * abs(a) + floor


def with_value(point, i, x):
    """The point with another value on one axis."""
    other = np.array(point, np.float64)
    other[i] = x
    return other


def step_of(call, point, i):
    """From what to what the rule steps along an axis, equal if it is constant; None if neither.

    A rule that gives whole numbers may take several steps.
    """
    low, high = bounds_of(call.axes[i])
    ends = call(with_value(point, i, low)), call(with_value(point, i, high))
    for x in np.linspace(low, high, 9)[1:-1] if not call.whole else ():
        if call(with_value(point, i, x)) not in ends:
            return None
    return ends if call.whole or near(*ends, JUMP) or has_stepped(call, point, i, ends) else None


def has_stepped(call, point, i, ends):
    """Whether the rule has its last value right behind the place where it leaves its first.

    A slope that is all within one part of the axis has not.
    """
    place = where(call, point, i, ends[0])
    behind = min(place + EDGE * max(1.0, abs(place)), bounds_of(call.axes[i])[1])
    return near(call(with_value(point, i, behind)), ends[1], FLOOR)


def where(call, point, i, first):
    """The place on an axis up to which the rule gives what it gives at the low end, by halving."""
    left, right = bounds_of(call.axes[i])
    for _ in range(40):
        middle = (left + right) / 2
        same = near(first, call(with_value(point, i, middle)), FLOOR)
        left, right = (middle, right) if same else (left, middle)
    return (left + right) / 2


def away_from_jumps(call, point):
    """The point, moved until no axis is within EDGE of a jump of the rule; and how many moves."""
    point = np.array(point, np.float64)
    for times in range(TRIES):
        axis = next((i for i in range(point.size) if jumps(call, point, i)), None)
        if axis is None:
            return point, times
        width = EDGE * max(1.0, abs(point[axis]))
        inward = 1 if point[axis] < (call.axes[axis].low + call.axes[axis].high) / 2 else -1
        point[axis] = np.float32(point[axis] + 3 * width * inward)
    raise AssertionError(f"{call.rule.name} jumps everywhere around {point}")


def jumps(call, point, i):
    """Whether the rule jumps within EDGE of the point along one axis.

    A slope spreads a change over the width, a jump has nearly all of it in one of four parts.
    """
    if call.axes[i].kind not in ("uniform", "real"):
        return False
    width = EDGE * max(1.0, abs(point[i]))
    places = np.clip(point[i] + width * np.linspace(-1, 1, 5), *bounds_of(call.axes[i]))
    parts = np.abs(np.diff([call(with_value(point, i, x)) for x in places]))
    return parts.sum() > JUMP and parts.max() > ABRUPT * parts.sum()
