"""Rows of evidence are judged as their kind asks; pairs, drift and the ledger are counted right."""

import numpy as np
import pytest

from analysis.evidence import drift, pairing
from analysis.evidence.figure import drift_figure, evidence_figure, forest
from analysis.evidence.instruments import BOUNDS, cronbach_alpha, instrument_rows
from analysis.evidence.ledger import LINES, promised_by, service_ledger
from analysis.evidence.rows import count_row, drift_row, limit_row, mean_row, rate_row
from analysis.evidence.targets import of_studies
from sim.world.scenario import parse_scenario


def test_a_mean_must_lie_within_so_much_of_its_target():
    values = np.array([9.0, 11.0, 10.0, 10.4])
    row = mean_row("x", "", 10.0, values, 0.5)
    assert (row.simulated, row.low, row.high, row.holds) == (pytest.approx(10.1), 9.5, 10.5, True)
    assert row.mcse == pytest.approx(values.std(ddof=1) / 2)
    assert not mean_row("x", "", 10.7, values, 0.5).holds


def test_a_count_must_lie_in_the_predictive_interval():
    values = np.arange(1000.0)
    row = count_row("x", "", 30, values)
    assert (row.low, row.high) == (25, 974)
    assert row.holds
    assert not count_row("x", "", 24, values).holds


@pytest.mark.parametrize(("value", "holds"), [(0.2, True), (0.25, True), (0.26, False)])
def test_a_rate_must_lie_inside_its_bounds(value, holds):
    assert rate_row("x", "", (0.2, 0.25), value, 0.01, 5).holds is holds


def test_a_limit_binds_on_one_side():
    assert limit_row("x", "pairing", 61, 0, 1, at_most=60).holds is False
    assert limit_row("x", "pairing", 1e9, 0, 1, at_least=3).holds is True


def test_a_drift_counts_in_both_directions():
    assert drift_row("x", -0.02, 0, 1, 0.02).holds
    assert not drift_row("x", -0.021, 0, 1, 0.02).holds


def test_what_the_paper_printed_is_counted_whatever_the_number_of_threads():
    told = []
    one = of_studies(4, seed=3, threads=1, progress=lambda *steps: told.append(steps))
    assert one == of_studies(4, seed=3, threads=2)
    assert told == [("studies", done, 4) for done in (1, 2, 3, 4)]
    rows = {row.quantity: row for row in one if row.kind == "count"}
    assert rows["participants"].simulated == 29
    parts = sum(rows[name].simulated for name in (
        "spouse or partner", "other kin", "friends", "professionals",
        "pets, places, activities, things",
    ))  # fmt: skip
    assert rows["all members"].simulated == pytest.approx(parts)
    sizes = [row for row in one if row.quantity == "members on a first map"]
    assert sizes[0].simulated == pytest.approx(rows["all members"].simulated / 29)


def test_pairs_of_one_world_with_itself_never_differ():
    pairs = pairing.cut(2, 2, 1.0, scale=0.2, threads=1)
    assert pairs.pairs == 4
    assert pairs.moved.tolist() == pairs.shifted.tolist() == [0, 0]
    assert all((gap == 0).all() for gap in pairs.gaps.values())
    assert all((noise > 0).all() for noise in pairs.noise.values())


def test_a_ratio_is_of_sums_and_its_error_that_of_leaving_one_baseline_out():
    pairs = pairing.Pairs(
        {"x": np.array([1.0, 1.0, 1.0])}, {"x": np.array([4.0, 5.0, 6.0])}, *np.zeros((2, 3)), 2
    )
    ratio, error = pairs.ratio("x")
    assert ratio == 5
    assert error == pytest.approx(1 / np.sqrt(3))  # as of the mean of 4, 5 and 6


def test_pairing_is_told_as_rows_with_limits():
    rows = pairing.pairing_rows(2, 2, threads=2)
    assert len(rows) == 2 + 3 * len(pairing.OUTCOMES)
    assert {row.kind for row in rows} == {"pairing"}
    assert {row.n for row in rows} == {4}
    assert all(np.isinf(row.low) != np.isinf(row.high) for row in rows)


@pytest.fixture(scope="module")
def three_years():
    return drift.three_years(2, threads=2)


def test_three_years_are_seen_by_quarter(three_years):
    assert three_years.values.shape == (2, 13, len(drift.MEASURES))
    latent, on_map = three_years.means[:, :7], three_years.means[:, 7:14]
    assert (on_map <= latent).all()
    assert 10 < latent[0].sum() < 40
    rows = drift.drift_rows(three_years)
    assert [row.quantity for row in rows][:2] == ["latent ties: partner", "latent ties: kin"]
    assert {row.n for row in rows} == {2}


def test_alpha_is_that_of_parallel_items():
    """Items that correlate r have alpha k r / (1 + (k - 1) r); whoever left one out is left out."""
    rng = np.random.default_rng(2)
    answers = np.rint(
        50 + 10 * (rng.standard_normal((40_000, 1)) + rng.standard_normal((40_000, 5)))
    )
    r = np.corrcoef(answers.T)[np.triu_indices(5, 1)].mean()
    assert cronbach_alpha(answers) == pytest.approx(5 * r / (1 + 4 * r), abs=1e-3)
    gaps = np.vstack([answers, np.where(np.arange(5) == 2, -9, answers[:9])])
    assert cronbach_alpha(gaps) == cronbach_alpha(answers)


def test_scales_are_told_once_each_whatever_the_number_of_threads():
    one = instrument_rows(2, seed=3, threads=1)
    assert [row.quantity for row in one] == list(BOUNDS)
    assert one == instrument_rows(2, seed=3, threads=2)
    assert all(row.mcse > 0 and row.n > 200 for row in one)


@pytest.mark.verify
def test_scales_show_what_is_published_of_them():
    assert [row.quantity for row in instrument_rows(50, seed=5) if not row.holds] == []


def test_the_slope_a_year_is_that_of_a_straight_line():
    values = np.ones((3, 13, len(drift.MEASURES)))
    values *= 1 + 0.05 * np.arange(13)[None, :, None] / 4  # five per cent of the start a year
    made = drift.Drift(values, np.ones(len(drift.MEASURES)), 10)
    slope, error = made.a_year
    assert slope == pytest.approx(0.05)
    assert error == pytest.approx(0, abs=1e-12)
    assert made.change[0][-1] == pytest.approx(0.15)
    assert not any(row.holds for row in drift.drift_rows(made))


def test_the_ledger_is_told_by_line_and_in_all():
    world = parse_scenario({"id": "w", "title": "W", "world": {"scale": 0.2, "runin_weeks": 8}})
    told = []
    rows = service_ledger(world, 3, threads=2, progress=lambda *steps: told.append(steps))
    assert [row.line for row in rows] == [*LINES, "all"]
    assert told[-1] == ("simulating the services", 6, 6)
    assert rows[-1].kept == pytest.approx(sum(row.kept for row in rows[:-1]))
    for row in rows:
        assert row.net <= row.gross
        assert row.load == pytest.approx(row.demand / row.net)
        assert row.utilisation == pytest.approx((row.kept + row.missed) / row.net)
        assert row.closes == (row.load <= 0.95)
        assert set(row.mcse) == set(vars(row)) - {"line", "mcse", "teams"}


def test_demand_is_of_the_promises_of_a_baseline_and_of_what_befalls_people_here():
    visits = {"acts_on": "service.coordinator.interval_weeks", "how": "multiply", "value": 3.0}
    ill = {"acts_on": "illness.onset_multiplier", "how": "multiply", "value": 2.0}
    usual = {"id": "w", "title": "W", "world": {"scale": 0.2, "runin_weeks": 8}}
    owned = {"service.coordinator.capacity": 20.0, "work.capacity_severity": 0.7}
    baseline = parse_scenario(usual | {"parameters": {"service.missed": 0.15}})
    cut = parse_scenario(
        usual | {"parameters": owned, "shock": [one | {"from_week": 0} for one in (visits, ill)]}
    )
    need = promised_by(baseline, cut)
    assert need.parameters == {"service.missed": 0.15, "work.capacity_severity": 0.7}
    assert [one.acts_on for one in need.shocks] == ["illness.onset_multiplier"]
    own, beside = (service_ledger(cut, 3, need=one, threads=1)[1] for one in (None, need))
    assert own.demand == own.promised == beside.promised
    assert beside.demand > 1.5 * beside.promised
    assert beside.promised_load == pytest.approx(beside.promised / beside.net)
    assert beside.kept == own.kept


def test_a_row_that_does_not_hold_differs_in_shape(ax):
    values = np.array([9.9, 10.1])
    forest([mean_row("a", "", 10, values, 1), mean_row("b", "", 20, values, 1)], ax)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    markers = [line.get_marker() for line in ax.lines if line.get_marker() in "oX"]
    assert markers == ["o", "X"]


def test_every_kind_and_three_years_can_be_drawn(three_years):
    values = np.array([9.9, 10.1, 10.3])
    rows = [
        mean_row("a", "", 10, values, 1),
        count_row("b", "", 10, values),
        rate_row("c", "", (9, 11), 10, 0.1, 3),
        limit_row("d", "pairing", 0.0, 0.0, 3, at_most=0.1),
        limit_row("e", "pairing", 1e9, 10, 3, at_least=3),
    ]
    assert len(evidence_figure(rows).findobj(lambda one: one.__class__.__name__ == "Axes")) == 4
    assert len(drift_figure(three_years).axes) == 5
