"""The dial of absence in the simulated world: one life, many ways of being interviewed."""

import tomllib

import numpy as np
import pytest

from analysis.attrition.cases import cases_of, study_in
from analysis.attrition.dial import attrition
from analysis.attrition.missing import apart_and_stray
from analysis.attrition.words import attrition_in_words
from analysis.planning.planner import plan_study
from sim.study import reference, solutions
from sim.study.frame import lived_scenario
from sim.study.simulate import simulate_study
from sim.study.spec import parse_study
from sim.world.scenario import read_scenario

SMALL = """\
id = "small"
title = "Two teams of two sites"
[frame]
teams_per_site = [2, 1]
egos_per_team = 48
[recruitment]
n = 40
interest = 0.9
consent = 0.9
[arms]
unit = "team"
share = { usual_care = 1, cutback = 1 }
[arms.scenario]
cutback = "service-cutback"
[waves]
weeks = [0, 26, 52]
[participation]
retention = [0.8, 0.6]
mechanism = "MNAR-state"
odds_ratio = 4.0
[plan]
process = "world"
chance = 0.8
people_at_most = 80
[[plan.question]]
outcome = "ties_lost"
about = "classes"
classes = ["friend", "kin"]
analysis = "gee_logit"
[[plan.question]]
outcome = "symptoms"
analysis = "mmrm"
[[plan.question]]
outcome = "service_contacts"
analysis = "negative_binomial"
"""
N, STUDIES = 50, 60


@pytest.fixture(scope="module")
def study():
    return parse_study(tomllib.loads(SMALL), "small.toml")


@pytest.fixture(scope="module")
def planned(study):
    return plan_study(study, seed=3, sizes=[N], replicates=STUDIES, threads=2)


@pytest.fixture(scope="module")
def dial(study, planned):
    return attrition(study, N, seed=3, replicates=STUDIES, threads=2, truths=planned.world_truths)


def by_name(result):
    return {one.case.name: one for one in result.cases}


def test_as_in_the_file_is_what_the_curve_of_the_plan_says(planned, dial):
    """The same people with the same draws: equal to the last bit."""
    (point,) = planned.curve
    mine = by_name(dial)["as in the file"]
    for theirs, ours, error in zip(
        point.measures, mine.measures, planned.truth_errors, strict=True
    ):
        assert ours["bias"].value == theirs["bias"].value
        assert ours["bias"].mcse == pytest.approx(np.hypot(theirs["bias"].mcse, error))
        assert ours["coverage"] == theirs["coverage"]
        assert ours["power"] == theirs["power_failures_count"]


def test_truths_are_found_where_none_are_given(study, planned):
    found = attrition(study, N, seed=2, replicates=10)
    assert len(found.truths) == 3
    assert all(one.replicates == 2 for one in found.truths)
    given = attrition(study, N, seed=2, replicates=10, truths=planned.world_truths)
    for one, other in zip(found.cases, given.cases, strict=True):
        for k, costs in enumerate(one.cost):
            assert costs["bias"].value == pytest.approx(other.cost[k]["bias"].value)


@pytest.mark.parametrize("name", ["nobody missing", "MNAR-state", "MAR in cutback, else MCAR"])
def test_a_case_is_the_study_that_egocohort_simulate_holds(study, dial, name):
    """Retention and who is better off, from whole studies of that participation."""
    case = next(one for one in cases_of(study) if one.name == name)
    kept, missing = [], 0
    people = study.model_dump(mode="json", exclude_none=True, exclude={"overlays", "asked"})
    people["recruitment"]["n"] = N
    asked = study_in(parse_study(people), case)
    for replicate in range(10):
        one = simulate_study(
            read_scenario("usual-care"), asked, seed=2, replicate=replicate, interviews_only=True
        )
        kept.append(one.visits.attended[:, 2].mean())
        missing += int((~one.visits.attended[:, 2]).sum())
    few = attrition(study, N, seed=2, replicates=10, truths=dial.truths)
    assert by_name(few)[name].kept.value == pytest.approx(np.mean(kept))
    assert missing > 0  # the dead, where nobody else is


def test_retention_is_the_same_whatever_absence_hangs_on(dial):
    """Within 4.4 Monte Carlo errors, and .02 for the fixed reference cohort: 1 in 10,000 runs."""
    for one in dial.cases:
        if not one.case.complete:
            assert abs(one.kept.value - 0.6) < 4.4 * one.kept.mcse + 0.02
    assert 0.9 < by_name(dial)["nobody missing"].kept.value < 1


def test_the_illest_are_missing_where_absence_hangs_on_illness(dial):
    """`seen better` is about wellbeing, the primary scale: the first question is of no scale."""
    found = by_name(dial)
    assert dial.scale == "swemwbs"
    assert 2 < dial.sd < 8
    none, ill, due = (found[name].better for name in ("MCAR", "MNAR-state", "MNAR-outcome"))
    assert abs(none.value) < 4.4 * none.mcse
    assert 0 < none.value + 4 * ill.mcse < ill.value < due.value
    delta = {name: one.worse_than_predicted for name, one in found.items()}
    assert abs(delta["MAR"].value) < 4.4 * delta["MAR"].mcse
    assert delta["MNAR-outcome"].value > delta["MNAR-state"].value > 4 * delta["MNAR-state"].mcse


def test_pairing_saves_studies(dial):
    one = by_name(dial)["MNAR-state"]
    assert one.unpaired[0]["bias"] > 2 * one.cost[0]["bias"].mcse  # as good as four times as many


def test_the_same_for_any_number_of_threads(study, dial):
    few = [
        attrition(study, 30, seed=4, replicates=6, threads=threads, truths=dial.truths)
        for threads in (1, 3)
    ]
    assert repr(few[0]) == repr(few[1])


def test_scales_tip_and_ties_and_counts_do_not(dial):
    assert {one.question for one in dial.tipping} == {2}
    shares = [point.share for point in dial.tipping[0].significant]
    power = by_name(dial)["as in the file"].measures[1]["power"].value
    assert shares[0] == pytest.approx(power)
    said = attrition_in_words(dial)
    for words in (
        "in the same lives", "Nobody missing but the dead", "Question 1 is about no scale",
        "log odds ratio over ties (MCSE", "n = 12 worlds", "cancels in differences",
        "No tipping point for question 1: a tie is lost or kept",
        "No tipping point for question 3: of visits kept since baseline neither more nor less",
    ):  # fmt: skip
        assert words in said


def test_those_missing_are_held_to_what_is_known_of_them_from_those_seen():
    """Two arms, two waves: the missing of each arm are 3 below a line through those seen."""
    rng = np.random.default_rng(1)
    arm = np.repeat([0, 1], 40)
    first = rng.normal(20, 4, 80)
    second = 5 + 0.7 * first + 2 * arm
    gone = rng.permutation(80)[:25]
    second[gone] -= 3
    whole = np.stack([first, second], axis=1)
    whole[gone[0]] = np.nan  # dead: nobody's to miss
    y = whole.copy()
    y[gone, 1] = np.nan
    apart, stray = apart_and_stray(y, whole, arm, 1)
    assert stray == pytest.approx(-3)
    assert apart == pytest.approx(np.nanmean(y[:, 1]) - np.nanmean(whole[:, 1]))
    assert np.isnan(apart_and_stray(whole, whole, arm, 1)[1])
    assert np.isnan(apart_and_stray(np.full((80, 2), np.nan), whole, arm, 1)[0])


def test_a_cohort_serves_all_cases(study, monkeypatch, tmp_path):
    monkeypatch.setattr(solutions, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(reference, "_solved", {})
    monkeypatch.setattr(reference, "TEAMS", 3)
    lived = lived_scenario(read_scenario(study.scenario), study)
    lives = []
    once = reference._cohort
    monkeypatch.setattr(reference, "_cohort", lambda *how: lives.append(1) or once(*how))
    cohort = reference.LivedOnce()
    shared = [
        reference.solved_absence(study_in(study, case), lived, 1, cohort)
        for case in cases_of(study)[1:4]
    ]
    assert len(lives) == 1
    reference._solved.clear()
    for file in tmp_path.iterdir():
        file.unlink()
    for case, (dial, measure) in zip(cases_of(study)[1:4], shared, strict=True):
        alone, same = reference.solved_absence(study_in(study, case), lived)
        assert alone.intercept.tobytes() == dial.intercept.tobytes()
        assert same.tobytes() == measure.tobytes()
