"""The dial at fixed retention, what pairing is worth, and tipping points."""

import numpy as np
import pytest

from analysis.attrition.cases import cases_of
from analysis.attrition.dial import attrition
from analysis.attrition.in_panel import missing_shares
from analysis.attrition.tipping import tipping_points
from analysis.attrition.words import attrition_answer
from analysis.estimators.ols import ols
from analysis.questions.of_study import plan_of
from analysis.trials.panel import panel_process
from analysis.trials.trial import Trial
from sim.errors import InputError
from sim.study.spec import parse_study, read_study


@pytest.fixture(scope="module")
def trial():
    """The shipped trial, analysed by the change of those who came."""
    said = read_study("network-intervention-trial").resolved()
    said["plan"]["question"][0] |= {"analysis": "ancova", "baseline": None}
    said["participation"]["retention"] = [0.8, 0.65]
    return parse_study(said)


@pytest.fixture(scope="module")
def dial(trial):
    return attrition(trial, 120, seed=3, replicates=1000)


def test_retention_is_the_same_whatever_absence_hangs_on(dial):
    """Within 4.4 Monte Carlo errors of what the file says: a false alarm in 10,000 runs."""
    for one in dial.cases:
        if not one.case.complete:
            assert abs(one.kept.value - 0.65) < 4.4 * one.kept.mcse + 0.002


def test_who_stays_is_better_off_the_more_absence_hangs_on_the_outcome(dial):
    better = {one.case.name: one.better for one in dial.cases}
    none, some = better["MCAR"], better["MNAR-outcome"]
    more = better["MNAR-outcome, odds ratio 4 in intervention"]
    assert abs(none.value) < 4.4 * none.mcse
    assert none.value + 0.1 < some.value < more.value


def test_equal_mechanisms_leave_the_contrast_alone_and_unequal_ones_do_not(dial):
    cost = {one.case.name: one.cost[0]["bias"] for one in dial.cases if one.cost}
    for name in ("MAR", "MNAR-outcome", "MNAR-state"):
        assert abs(cost[name].value) < 4.4 * cost[name].mcse + 0.03
    worse = cost["MNAR-outcome in intervention, else MCAR"]
    state = cost["MNAR-state in intervention, else MCAR"]
    assert worse.value > state.value > 20 * state.mcse


def test_the_sentence_says_where_estimates_move_most_and_that_this_is_no_power(dial):
    said = attrition_answer(dial)
    cost = {one.case.name: one.cost[0]["bias"].value for one in dial.cases if one.cost}
    furthest = max(cost, key=lambda name: abs(cost[name]))
    assert f"They move most, by {cost[furthest]:+.2g} points (MCSE" in said
    assert f'where absence hangs on "{furthest}": the interval then holds' in said
    assert f"and estimates move by {cost['MNAR-outcome']:+.2g} points (MCSE" in said
    assert said.endswith("is significant is bias and no gain.")


def test_pairing_saves_most_of_the_studies(dial, trial):
    """Differences of paired studies against those of studies with draws of their own."""
    one = next(c for c in dial.cases if c.case.name == "MAR in intervention, else MCAR")
    paired, unpaired = one.cost[0]["bias"].mcse, one.unpaired[0]["bias"]
    assert unpaired > 3 * paired  # as good as nine times the studies
    assert one.unpaired[0]["power"] > 1.2 * one.cost[0]["power"].mcse
    fresh = attrition(trial, 120, seed=4, replicates=1000)
    other = next(c for c in fresh.cases if c.case.name == "MCAR")
    apart = np.hypot(one.measures[0]["bias"].mcse, other.measures[0]["bias"].mcse)
    assert unpaired == pytest.approx(apart, rel=0.1)


def test_the_delta_that_is_true_is_found(dial):
    delta = {one.case.name: one.worse_than_predicted for one in dial.cases}
    assert abs(delta["MCAR"].value) < 4.4 * delta["MCAR"].mcse
    assert abs(delta["MAR"].value) < 4.4 * delta["MAR"].mcse
    assert delta["MNAR-outcome"].value > delta["MNAR-state"].value > 0.05


def test_the_estimate_moves_as_if_the_missing_were_imputed(trial):
    """Mean of an arm filled in with the mean seen plus delta, against the formula."""
    process = panel_process(trial, plan_of(trial), 3)
    batch = next(iter(process.draw(60, range(20))))
    y = batch.y[:, :, 2]
    X = np.stack([np.ones(60), (batch.arm == 1).astype(float)], axis=1)
    contrast = np.array([0.0, 1.0])
    seen = ols(y, X, contrast, errors="classical")
    filled = y.copy()
    for arm in (0, 1):
        mine = batch.arm == arm
        mean = np.nanmean(y[:, mine], axis=1, keepdims=True) + (-2.0 if arm else 0.0)
        filled[:, mine] = np.where(np.isnan(y[:, mine]), mean, y[:, mine])
    share, _ = missing_shares(process, 60, 2, 20)
    moved = ols(filled, X, contrast, errors="classical").estimate
    assert moved == pytest.approx(seen.estimate - 2.0 * share[:, 1])


def test_the_error_of_a_moved_estimate_is_that_of_studies(trial):
    """SD over 2,000 studies against the formula, within 4.4 of its Monte Carlo errors."""
    said = trial.resolved()
    said["participation"]["mechanism"] = {"all": "MCAR"}
    said["plan"]["question"][0] |= {"analysis": "t_test", "baseline": None}
    plain = parse_study(said)
    process = panel_process(plain, plan_of(plain), 3)
    fits = Trial(process, plan_of(plain)).fits([80], range(2000))[0][0]
    share, people = missing_shares(process, 80, 2, 2000)
    delta = -4.0
    adds = share[:, 1] * (1 - share[:, 1]) / people[:, 1]
    expected = np.sqrt(np.mean(fits.se**2 + delta**2 * adds))
    found = (fits.estimate + delta * share[:, 1]).std()
    assert abs(found / expected - 1) < 4.4 / np.sqrt(2 * 2000)


def test_at_the_tipping_point_significance_is_lost(trial):
    process = panel_process(trial, plan_of(trial), 3)
    fits = Trial(process, plan_of(trial)).fits([120], range(300))[0][0]
    share, people = missing_shares(process, 120, 2, 300)
    moves, adds = -share[:, 1], share[:, 1] * (1 - share[:, 1]) / people[:, 1]
    tips = tipping_points(fits, 0.05, moves, adds)
    assert np.array_equal(np.isnan(tips), ~(fits.p <= 0.05))
    ends = np.isfinite(tips)
    assert ends.sum() > 100
    critical = (fits.hi - fits.estimate) / fits.se
    z = np.abs(fits.estimate + tips * moves) / np.sqrt(fits.se**2 + tips**2 * adds)
    assert z[ends] == pytest.approx(critical[ends], rel=1e-6)


def test_the_worse_the_missing_the_fewer_are_significant(dial):
    in_one = next(one for one in dial.tipping if one.where == "in intervention only")
    shares = [point.share for point in in_one.significant]
    assert shares == sorted(shares, reverse=True)
    own = dial.cases[-1].measures[0]["power"].value
    assert shares[0] == pytest.approx(own)
    assert in_one.tips_at[0.25] <= in_one.tips_at[0.5] <= in_one.tips_at[0.75]


def test_one_arm_has_no_cases_of_two():
    said = read_study("network-intervention-trial").resolved()
    said.pop("arms")
    said["plan"]["panel"]["effect"] = {}
    said["plan"]["question"] = [
        {"outcome": "swemwbs", "about": "mean", "analysis": "t_test", "success": "narrow",
         "half_width": 1.0}
    ]  # fmt: skip
    alone = parse_study(said)
    assert [one.name for one in cases_of(alone)][:2] == ["nobody missing", "MCAR"]
    assert len(cases_of(alone)) == 6
    found = attrition(alone, 60, seed=1, replicates=200)
    gone = next(one for one in found.cases if one.case.name == "MNAR-outcome")
    assert gone.cost[0]["bias"].value > 0.2  # the mean of those who came flatters
    assert found.tipping == ()


def test_where_everybody_stays_there_is_no_dial(trial):
    said = trial.resolved()
    said["participation"]["retention"] = {}
    with pytest.raises(InputError, match="everybody stays"):
        attrition(parse_study(said), 100, seed=1)
    with pytest.raises(InputError, match="the plan is for 8 to 1000 people"):
        attrition(trial, 2000, seed=1)
