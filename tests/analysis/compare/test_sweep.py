"""Doses of a cut: nothing moves at its own, it grows from there, and levels are passed once."""

import numpy as np
import pytest

from analysis.compare.asked import comparison_of
from analysis.compare.caseloads import Caseloads
from analysis.compare.doses import dosed, own_shocks, sweeping_of
from analysis.compare.outcomes import outcome_at
from analysis.compare.run import compared_caseloads
from analysis.compare.sweep import live_sweep, sweep_of, sweep_place
from analysis.compare.thresholds import effect_level_of, threshold
from sim.errors import InputError
from sim.world.parameters import catalogue
from sim.world.scenario import parse_scenario, read_scenario

WORLD = {"teams_per_site": [1, 1], "scale": 0.15, "runin_weeks": 4, "horizon_weeks": 26}
RARER = [
    {"acts_on": f"service.coordinator.{what}", "how": "multiply", "value": value, "from_week": 6,
     "weeks": 12}
    for what, value in {"interval_weeks": 1.5, "shortest_weeks": 1.5, "longest_weeks": 1.5,
                        "capacity": 0.8}.items()
]  # fmt: skip
USUAL = parse_scenario({"id": "usual", "title": "Small", "world": WORLD})
CUT = parse_scenario({"id": "cut", "title": "Small", "world": WORLD, "shock": RARER})


def swept(*over, replicates=3, **how):
    spec = sweep_of(USUAL, CUT, sweeping_of(over), seed=1)
    return live_sweep(spec, replicates, **how)


@pytest.mark.parametrize(
    ("name", "own", "others"),
    [("depth", 1, "0,1,1.2"), ("weeks", 12, "4,12"), ("from_week", 6, "2,6,9"),
     ("staff", 1, "0.9,1")],
)  # fmt: skip
def test_at_its_own_value_a_sweep_is_a_comparison_to_the_bit(name, own, others):
    assert dosed(USUAL, CUT, {name: own}) == CUT
    found = swept(f"{name}={others}")
    spec = comparison_of([USUAL, CUT], every=26, seed=1)
    compared = compared_caseloads(spec, 3)
    point = found.spec.points.index((own,))
    for mine, other in zip(
        (found.difference(point).value, found.difference(point).reach, found.usual(point)),
        (compared.difference(1).at(-1).value, compared.difference(1).at(-1).reach,
         compared.mean(0).at(-1).value),
        strict=True,
    ):  # fmt: skip
        np.testing.assert_array_equal(mine, other)


def test_no_dose_is_no_difference_and_more_is_worse():
    found = swept("depth=0:1.2:0.4", "weeks=6,12", replicates=8)
    rows = found.rows(["kept"])
    assert all(row["difference"] == 0 for row in rows if row["depth"] == 0)
    for weeks in (6, 12):
        kept = [row["difference"] for row in rows if row["weeks"] == weeks]
        assert np.all(np.diff(kept) < 0)
    deepest = {row["weeks"]: row["difference"] for row in rows if row["depth"] == 1.2}
    assert deepest[12] < deepest[6] < 0


def test_depth_nothing_is_nothing_where_what_is_cut_from_moves_the_same_parameter():
    """Set to a value from a world in which a shock has moved it already."""
    moved = {"acts_on": "service.coordinator.capacity", "how": "multiply", "value": 0.8}
    less = {**moved, "how": "set", "value": 8, "from_week": 6}

    def worlds(**first):
        shock = {**moved, "from_week": 4, **first}
        usual = parse_scenario({**USUAL.resolved(), "id": "less", "shock": [shock]})
        return usual, parse_scenario({**usual.resolved(), "id": "least", "shock": [shock, less]})

    usual, cut = worlds()
    before = catalogue()["service.coordinator.capacity"].value * 0.8
    for depth, expected in ((0, before), (0.5, (before + 8) / 2), (1, 8)):
        assert dosed(usual, cut, {"depth": depth}).shocks[1].value == pytest.approx(expected)
    for other in ({"weeks": 3}, {"from_week": 7}, {"who": {"site": 1}}):
        with pytest.raises(InputError, match=r"less moves service\.coordinator\.capacity too"):
            dosed(*worlds(**other), {"depth": 0})
    with pytest.raises(InputError, match="at other times"):
        dosed(usual, cut, {"depth": 0, "from_week": 2})
    assert dosed(*worlds(from_week=7), {"depth": 0, "from_week": 8}).shocks[1].value == before


def test_depth_leaves_twice_half_at_once_and_goes_to_the_usual_value():
    half = dosed(USUAL, CUT, {"depth": 0.5})
    assert [one.value**2 for one in half.shocks] == pytest.approx([one.value for one in CUT.shocks])
    closes = read_scenario("drop-in-closure")
    usual = read_scenario("usual-care")
    assert dosed(usual, closes, {"depth": 0.5}).shocks[0].value == closes.shocks[0].value / 2
    assert dosed(usual, closes, {"depth": 0}).shocks[0].who.share == 0


def test_less_staff_comes_on_top_and_from_the_start_of_the_cut():
    found = dosed(USUAL, CUT, {"from_week": 9, "staff": 0.9})
    added = found.shocks[len(CUT.shocks) :]
    assert {one.from_week for one in found.shocks} == {9}
    assert {one.value for one in added} == {0.9}
    assert len(added) == 3


@pytest.mark.parametrize(
    ("doses", "level", "expected"),
    [
        ([0, 1, 2, 3], 1.5, (1.5, 1.25, 1.75, False, False)),  # slope 1, reach .25 throughout
        ([0, 1, 2, 3], 5, (np.nan, np.nan, np.nan, False, True)),
        ([0, 1, 2, 3], 2.9, (2.9, 2.65, np.nan, False, False)),
        ([0, 1, 2, 3], 0.1, (0.1, np.nan, 0.35, False, False)),
        ([3, 2, 1, 0], 1.5, (1.5, 1.75, 1.25, False, False)),  # less is more: from 3 down
    ],
)
def test_a_level_is_passed_where_a_straight_curve_passes_it(doses, level, expected):
    effect, reach = np.arange(4.0), np.full(4, 0.25)
    for side in (1, -1):
        np.testing.assert_allclose(threshold(doses, side * effect, reach, side * level), expected)
    assert threshold(doses, effect + level + 1, reach, level).from_start


def test_thresholds_are_of_the_order_from_least_to_most():
    found = swept("from_week=0:24:6")
    (row,) = found.thresholds([effect_level_of("kept=-0.3")])
    rows = {one["from_week"]: one["difference"] for one in found.rows(["kept"])}
    at = row["dose"]
    below = max(week for week in rows if week <= at)
    assert rows[below] <= -0.3 <= rows[below + 6]


def test_a_sweep_that_was_stopped_goes_on_to_the_same_bytes(tmp_path):
    def place(name):
        return sweep_place(tmp_path / name, USUAL, CUT, 1)

    def stop(stage, done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        swept("from_week=2,6", kept=place("a"), progress=stop, replicates=22)
    swept("from_week=2,6", kept=place("a"), replicates=22)
    swept("from_week=2,6", kept=place("b"), replicates=22, threads=2)
    files = [
        {file.relative_to(tmp_path / name): file.read_bytes()
         for file in (tmp_path / name).rglob("*") if file.is_file()}
        for name in ("a", "b")
    ]  # fmt: skip
    assert files[0] == files[1]
    assert len([name for name in files[0] if name.suffix == ".parquet"]) == 4


def test_other_doses_read_nothing_of_these(tmp_path):
    kept = sweep_place(tmp_path, USUAL, CUT, 1)
    swept("depth=0,1", kept=kept)
    again = swept("depth=0,0.5", kept=kept)
    np.testing.assert_array_equal(
        again.difference(1).value, swept("depth=0,0.5").difference(1).value
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["dept=0,1"], 'did you mean "depth"'),
        (["depth=1"], "two values or more"),
        (["depth=0:1"], "first:last:step"),
        (["depth=1:0:0.1"], "must take 1 to 100 steps"),
        (["depth=-1,1"], "none below 0"),
        (["weeks=1.5,2"], "whole number of weeks"),
        (["depth=0,1", "depth=0,2"], "one or two different dimensions"),
        (["depth=0:1:0.05", "weeks=1:20:1"], "420 points; at most 100"),
        (["depth=nan,1"], "none below 0"),
    ],
)
def test_dimensions_that_make_no_sense_are_refused(words, message):
    with pytest.raises(InputError, match=message.replace("(", r"\(")):
        sweeping_of(words)


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ("depth=1,9", r"cut at depth 9, shock 1 value: .*out of range"),
        ("from_week=6,30", "starts in week 30, but the run has 26 weeks"),
        ("staff=0.1,1", "cut at staff 0.1, shock [45] value"),
        ("weeks=0,5", "a week or more"),
        ("weeks=5,90", r"weeks 90: the cut would last to week \d+, and 26 weeks are lived; give "),
    ],
)
def test_doses_out_of_reach_are_refused_before_anything_is_lived(over, message):
    with pytest.raises(InputError, match=message):
        sweep_of(USUAL, CUT, sweeping_of([over]), seed=1)


def test_what_is_no_cut_of_the_first_is_refused():
    own = CUT.with_parameters({"guilt.memory": 8.0})
    with pytest.raises(InputError, match="by shocks alone"):
        own_shocks(USUAL, own)
    with pytest.raises(InputError, match="nothing to sweep"):
        own_shocks(USUAL, USUAL)
    with pytest.raises(InputError, match="happens or does not"):
        dosed(USUAL, read_scenario("network-intervention"), {"depth": 0.5})
    with pytest.raises(InputError, match="a difference other than 0"):
        effect_level_of("kept=0")


def test_who_is_not_visited_is_counted_in_people():
    found = swept("depth=0,1")
    column = outcome_at("unvisited")
    lived: Caseloads = found.lived[0]
    counts = lived.sums[..., column]
    assert np.array_equal(counts, np.rint(counts))
    assert 0 < found.usual(1)[column] < 1
