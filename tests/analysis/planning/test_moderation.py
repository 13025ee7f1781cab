"""Whether an effect differs by a characteristic: power against the formula, truth, and refusals.

Comparisons with a formula are at 3 Monte Carlo standard errors; the seeds are fixed.
"""

import numpy as np
import pytest

from analysis.attrition.tipping import can_tip
from analysis.estimators.formulas.closed_forms import two_sided_power
from analysis.planning.formulas.beside import closed_form
from analysis.planning.planner import plan_study
from analysis.planning.report.protocol.document import protocol_of
from analysis.planning.validity.null import without
from analysis.questions.of_study import plan_of
from analysis.trials.panel import panel_process
from analysis.trials.trial import Trial
from sim.errors import InputError

STUDIES = 4000
ALL_SEEN = ("retention = [0.9, 0.8]", "retention = [1.0, 1.0]")
MAR = ("retention = [0.9, 0.8]", 'retention = [0.9, 0.8]\nmechanism = "MAR"\nodds_ratio = 3')


def asks(by="interaction"):
    return 'analysis = "t_test"', f'analysis = "{by}"\nabout = "moderation"'


def moderator(said, effect="[0.3, 0.6]"):
    return (
        "[plan.panel.effect]",
        f"[plan.panel.moderator]\n{said}effect = {{ treated = {effect} }}\n[plan.panel.effect]",
    )


HALF, NORMAL = moderator("share = 0.5\n"), moderator("", "[0.15, 0.3]")


def run(trial):
    plan = plan_of(trial)
    process = panel_process(trial, plan, 6)
    runs = Trial(process, plan)
    return runs, closed_form(trial, process, runs.asked[0])


@pytest.mark.parametrize("by", ["interaction", "interaction_ancova"])
@pytest.mark.parametrize(
    ("said", "changes", "n"),
    [
        (HALF, (), 150),
        (moderator("share = 0.2\n"), (ALL_SEEN,), 40),
        (NORMAL, (), 150),
        (NORMAL, (ALL_SEEN,), 24),
    ],
)
def test_simulation_and_formula_agree(study, by, said, changes, n):
    runs, form = run(study(asks(by), said, *changes))
    expected = form.power(n)
    assert form.exact
    error = np.sqrt(expected * (1 - expected) / STUDIES)
    assert runs.count(n, range(STUDIES)) / STUDIES == pytest.approx(expected, abs=3 * error)


def test_with_halves_the_variance_is_four_times_that_of_the_difference(study):
    n, sd = 600, 4.0
    by_hand = two_sided_power(0.6 * sd * 0.3, sd * np.sqrt(4 * 4 / n), n - 4)
    _, smaller = run(study(asks(), moderator("share = 0.5\n", "[0.1, 0.18]"), ALL_SEEN))
    assert smaller.power(n) == pytest.approx(by_hand, abs=2e-3)


def test_it_holds_its_level_and_the_average_effect_stays(study):
    trial = study(asks(), HALF)
    runs, _ = run(without(trial, plan_of(trial).question))
    assert runs.process.truth(plan_of(trial).question[0]) == 0
    assert runs.count(60, range(STUDIES)) / STUDIES == pytest.approx(0.05, abs=0.0104)
    whole, _ = run(study(HALF, ALL_SEEN))
    (fits,) = whole.fits([200], range(STUDIES))[0]
    error = fits.estimate.std() / np.sqrt(STUDIES)
    assert fits.estimate.mean() == pytest.approx(2.0, abs=3 * error)


def test_the_shares_that_stay_are_those_of_the_file(study):
    trial = study(moderator("share = 0.3\n", "[0.8, 1.0]"), MAR)
    process = panel_process(trial, plan_of(trial), 2)
    held = np.concatenate([one.held for one in process.draw(400, range(256))])
    assert held.mean(axis=(0, 1))[1:] == pytest.approx([0.9, 0.8], abs=0.005)


def test_an_interaction_has_no_tipping_point(study):
    assert not can_tip(plan_of(study(asks(), HALF)).question[0])


def test_a_plan_and_its_protocol_say_what_is_moderated(study):
    found = plan_study(study(asks(), HALF, ALL_SEEN), seed=1, sizes=[60], replicates=50)
    assert not found.beside[0].caveat
    words = " ".join(protocol_of(found).markdown.split())
    assert "Of the people 50 % have the characteristic" in words
    assert "by a characteristic known at baseline" in words
    assert "treated * moderator" in words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ((asks(),), r"needs \[plan.panel.moderator\]; give it"),
        ((asks("t_test"), HALF), "what does: interaction, interaction_ancova"),
        ((asks(), moderator("", "[0.1]")), r"moderator.effect.treated.*has 1 value"),
        (
            (asks(), HALF, ("[plan.panel.effect]", "[plan.panel.clusters]\ntreated = "
                            "{ icc = 0.1, size = 4 }\n[plan.panel.effect]")),
            "no analysis of moderation knows of clusters",
        ),
        ((asks(), HALF, ("correlation", "covariate_r2 = 0.1\ncorrelation")), "covariate"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(study, changes, words):
    with pytest.raises(InputError, match=words):
        study(*changes)
