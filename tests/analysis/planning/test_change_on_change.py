"""A change regressed on another: power against the formula and Fisher's z, moments, and refusals.

Comparisons with a formula are at 3 Monte Carlo standard errors; the seeds are fixed.
"""

import re

import numpy as np
import pytest
from scipy import special

from analysis.attrition.tipping import can_tip
from analysis.planning.formulas.beside import closed_form
from analysis.planning.planner import plan_study
from analysis.planning.report.protocol.document import protocol_of
from analysis.planning.validity.measure import Checks
from analysis.planning.validity.null import without
from analysis.questions.of_study import plan_of
from analysis.trials.panel import panel_process
from analysis.trials.trial import Trial
from sim.errors import InputError

STUDIES = 4000
COHORT = [
    ('[arms]\nunit = "ego"\nshare = { control = 1, treated = 1 }\n', ""),
    ("[plan.panel.effect]\ntreated = [0.25, 0.5]\n", ""),
    ('analysis = "t_test"', 'analysis = "change_regression"\nabout = "change_on_change"'),
]
ALL_SEEN = ("retention = [0.9, 0.8]", "retention = [1.0, 1.0]")
MAR = ("retention = [0.9, 0.8]", 'retention = [0.9, 0.8]\nmechanism = "MAR"\nodds_ratio = 3')


def moved(effect=0.25, with_outcome=0.2):
    table = f"sd = 5\ncorrelation = 0.7\nwith_outcome = {with_outcome}\neffect = {effect}"
    return "correlation = 0.6\n", f"correlation = 0.6\n[plan.panel.predictor]\n{table}\n"


def run(trial):
    plan = plan_of(trial)
    process = panel_process(trial, plan, 5)
    runs = Trial(process, plan)
    return runs, closed_form(trial, process, runs.asked[0])


@pytest.mark.parametrize(("changes", "n"), [((), 90), ((ALL_SEEN,), 20), ((ALL_SEEN,), 60)])
def test_simulation_and_formula_agree(study, changes, n):
    runs, form = run(study(*COHORT, moved(), *changes))
    expected = form.power(n)
    error = np.sqrt(expected * (1 - expected) / STUDIES)
    assert form.exact
    assert runs.count(n, range(STUDIES)) / STUDIES == pytest.approx(expected, abs=3 * error)


def test_the_formula_is_near_that_of_fisher(study):
    _, form = run(study(*COHORT, moved(), ALL_SEEN))
    r = 0.25 * np.sqrt(2 * 25 * 0.3) / np.sqrt(2 * 16 * 0.4)
    by_z = special.ndtr(np.arctanh(r) * np.sqrt(200 - 3) - 1.959964)
    assert form.power(200) == pytest.approx(by_z, abs=0.01)


def test_it_holds_its_level(study):
    trial = study(*COHORT, moved())
    runs, _ = run(without(trial, plan_of(trial).question))
    assert runs.count(60, range(STUDIES)) / STUDIES == pytest.approx(0.05, abs=0.0104)


def test_the_outcome_keeps_its_moments_and_has_those_with_the_predictor(study):
    trial = study(*COHORT, moved(), ALL_SEEN)
    (batch,) = panel_process(trial, plan_of(trial), 2).draw(600, range(200))
    y, x = batch.y.reshape(-1, 3).T, batch.predictor.reshape(-1, 3).T
    seen = np.corrcoef(np.concatenate([y, x]))
    assert y.std(axis=1) == pytest.approx([4, 4, 4], rel=0.01)
    assert x.std(axis=1) == pytest.approx([5, 5, 5], rel=0.01)
    assert seen[0, [1, 2]] == pytest.approx([0.6, 0.6], abs=0.01)
    assert seen[3, [4, 5]] == pytest.approx([0.7, 0.7], abs=0.01)
    assert np.diag(seen[:3, 3:]) == pytest.approx([0.2, 0.2, 0.2], abs=0.01)
    change = np.cov(y[2] - y[0], x[2] - x[0])
    assert change[0, 1] / change[1, 1] == pytest.approx(0.25, abs=0.01)


def test_the_shares_that_stay_are_those_of_the_file(study):
    trial = study(*COHORT, moved(), MAR)
    process = panel_process(trial, plan_of(trial), 2)
    held = np.concatenate([one.held for one in process.draw(400, range(256))])
    assert held.mean(axis=(0, 1))[1:] == pytest.approx([0.9, 0.8], abs=0.005)


def test_a_plan_and_its_protocol_say_what_changes_with_what(study):
    found = plan_study(study(*COHORT, moved(), ALL_SEEN), seed=1, sizes=[60], replicates=50)
    words = " ".join(protocol_of(found).markdown.split())
    assert "slope of the change of SWEMWBS from baseline to 52 weeks on that of the" in words
    assert "of 0.2 with the outcome at one wave" in words
    assert "lm(change ~ moved, data = d)" in words


@pytest.mark.parametrize("said", [{"effect": 2.0}, {"effect": 0.25, "with_outcome": 0.9}])
def test_what_is_proposed_in_place_of_what_cannot_be_can_be(study, said):
    trial = study(*COHORT, moved(**said))
    with pytest.raises(InputError, match=r"plan\.panel\.predictor") as refused:
        panel_process(trial, plan_of(trial), 1)
    right = re.search(r"give (?:at most )?(?:[-.\d]+ to )?([.\d]+)", str(refused.value)).group(1)
    if "with_outcome" in said:
        said = said | {"with_outcome": float(right)}
    else:
        said = {"effect": float(right), "with_outcome": float(right) * 5 * 0.3 / 4}
    other = study(*COHORT, moved(**said))
    assert panel_process(other, plan_of(other), 1).frame


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (COHORT, r"needs \[plan.panel.predictor\]; give it"),
        ((moved(),), "is of a cohort; leave arms out"),
        ((*COHORT, ("sd = 4", "sd = 4\ncovariate_r2 = 0.1"), moved()), "covariate"),
    ],
)
def test_what_does_not_go_together_is_refused(study, changes, words):
    with pytest.raises(InputError, match=words):
        study(*changes)


def test_levels_are_measured_also_where_nearly_all_of_the_outcome_is_explained(study):
    trial = study(*COHORT, moved(effect=0.6, with_outcome=0.86), ALL_SEEN)
    checks = Checks(1, studies=400)
    measured = checks.validity(trial, 40, [0.6])
    assert measured.levels[0].type_i.value == pytest.approx(0.05, abs=0.033)


def test_a_slope_has_no_tipping_point(study):
    assert not can_tip(plan_of(study(*COHORT, moved())).question[0])


def test_ties_are_followed_by_the_world(study):
    asks = ('outcome = "swemwbs"\nanalysis = "t_test"',
            'outcome = "ties_lost"\nabout = "classes"\nclasses = ["friend", "kin"]\n'
            'analysis = "gee_logit"')  # fmt: skip
    with pytest.raises(InputError, match='process = "world" follows those of a class'):
        study(asks)


def test_multiples_of_it_are_not_searched_for(study):
    with pytest.raises(InputError, match=r"other values of plan\.panel\.predictor\.effect"):
        plan_study(study(*COHORT, moved()), seed=1, detect=60)
