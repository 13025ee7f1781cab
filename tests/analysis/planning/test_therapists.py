"""Therapists who treat people of both arms: power and level against the formula, and refusals.

Comparisons with a formula are at 3 Monte Carlo standard errors; the seeds are fixed.
"""

import numpy as np
import pytest

from analysis.estimators.catalogue import holding
from analysis.planning.design.cost import expected_cost
from analysis.planning.formulas.beside import closed_form
from analysis.planning.planner import plan_study
from analysis.planning.report.protocol.document import protocol_of
from analysis.planning.report.words import result_in_words
from analysis.questions.of_study import plan_of
from analysis.trials.panel import panel_process
from analysis.trials.trial import Trial
from sim.errors import InputError
from sim.study.spec import parse_study

BY_THERAPIST = ('analysis = "t_test"', 'analysis = "therapist_t"')
ALL_SEEN = ("retention = [0.9, 0.8]", "retention = [1.0, 1.0]")
STUDIES = 4000


def shared(said):
    """Therapists, in place of nothing."""
    return "[plan.panel.effect]", f"[plan.panel.therapists]\n{said}\n[plan.panel.effect]"


EIGHT = shared("number = 8\nicc = 0.1\narm_icc = 0.05")


def power_and_formula(trial, n):
    plan = plan_of(trial)
    process = panel_process(trial, plan, 3)
    runs = Trial(process, plan)
    form = closed_form(trial, process, runs.asked[0])
    return runs.count(n, range(STUDIES)) / STUDIES, form, runs


@pytest.mark.parametrize(
    ("therapists", "changes", "n", "exact"),
    [
        (EIGHT, (ALL_SEEN,), 96, True),
        (EIGHT, (ALL_SEEN, ("0.5]", "0.0]")), 96, True),
        (EIGHT, (), 120, False),
        (shared("size = 5\nicc = 0.2\narm_icc = 0.0"), (ALL_SEEN,), 120, True),
    ],
)
def test_simulation_and_formula_agree(study, therapists, changes, n, exact):
    share, form, _ = power_and_formula(study(BY_THERAPIST, therapists, *changes), n)
    expected = form.power(n)
    assert form.exact == exact
    assert share == pytest.approx(expected, abs=3 * np.sqrt(expected * (1 - expected) / STUDIES))


def test_what_a_therapist_adds_in_both_arms_cancels_and_the_rest_does_not(study):
    trial = study(BY_THERAPIST, EIGHT, ALL_SEEN)
    _, _, runs = power_and_formula(trial, 16)
    (fits,) = runs.fits([96], range(STUDIES))[0]
    whole = 16 / (1 - 0.15)
    variance = (2 * 0.05 * whole + 2 * 16 / 6) / 8
    assert fits.estimate.var() == pytest.approx(variance, rel=3 * np.sqrt(2 / STUDIES))


def test_a_test_of_people_is_wrong_there_and_a_note_says_so(study):
    apart, nothing = shared("number = 6\nicc = 0.0\narm_icc = 0.1"), ("0.5]", "0.0]")
    trial = study(apart, ALL_SEEN, nothing)
    runs = Trial(panel_process(trial, plan_of(trial), 3), plan_of(trial))
    assert runs.count(120, range(STUDIES)) / STUDIES > 0.15
    found = plan_study(study(apart, ALL_SEEN), seed=1, sizes=[120], replicates=50)
    assert any("t_test does not know of therapists" in one for one in found.notes)
    assert found.beside == (None,)
    assert holding("value", "difference", ["therapists"], 40, ["therapists"]) == ("therapist_t",)
    assert "therapist_t" not in holding("value", "difference", [], 40)
    assert "96 people: 8 therapists, each of 6 people in every arm" in " ".join(
        result_in_words(
            plan_study(study(BY_THERAPIST, EIGHT), seed=1, sizes=[96], replicates=50)
        ).split()
    )


def test_the_study_with_nothing_left_open_says_the_same(study):
    trial = study(BY_THERAPIST, EIGHT)
    again = parse_study(trial.resolved(), "trial.toml")
    assert plan_of(again) == plan_of(trial)


def test_a_protocol_says_how_many_therapists_there_are(study):
    found = plan_study(study(BY_THERAPIST, EIGHT), seed=1, sizes=[96], replicates=50)
    words = " ".join(protocol_of(found).markdown.split())
    assert "8 therapists each treat people of every arm, 6 in each" in words
    assert "| 8 (6) | 8 (6) | the same in each arm |" in words


def test_a_therapist_of_both_arms_is_paid_for_once(study):
    prices = "[plan.costs]\ncluster = 10\n[plan.panel.effect]"
    trial = study(EIGHT, ("[plan.panel.effect]", prices))
    plan = plan_of(trial)
    assert expected_cost(trial, plan, panel_process(trial, plan, 1), 96).total == 80


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ((BY_THERAPIST,), r'needs \[plan.panel.therapists\]; give it, or use "t_test"'),
        ((BY_THERAPIST, shared("icc = 0.1")), "the number of therapists, or the size"),
        ((shared("number = 4\nicc = 0.6\narm_icc = 0.4"),), "sum to below 1"),
        (
            (EIGHT, ("[plan.panel.effect]", "[plan.panel.clusters]\ntreated = "
                     "{ icc = 0.1, size = 4 }\n[plan.panel.effect]")),
            "leave clusters out, or therapists",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(study, changes, words):
    with pytest.raises(InputError, match=words):
        study(*changes)


def test_arms_by_team_share_no_therapists(study):
    trial = study(EIGHT, ('unit = "ego"', 'unit = "team"'))
    with pytest.raises(InputError, match="arms are allocated by team"):
        panel_process(trial, plan_of(trial), 1)
