"""Means of arms at baseline in models of all waves: a choice, and said wherever the model is."""

import numpy as np
import pytest

from analysis.estimators.all_waves import longitudinal_design
from analysis.planning.formulas.beside import closed_form
from analysis.planning.planner import plan_study
from analysis.planning.report.page import plan_html
from analysis.planning.report.protocol.document import protocol_of
from analysis.planning.report.words import result_in_words
from analysis.questions.of_study import plan_of
from analysis.trials.analyses import Asked, analyse
from analysis.trials.panel import panel_process
from analysis.trials.trial import Trial
from sim.errors import InputError

STUDIES = 1000
MODELS = ("mmrm", "random_intercept", "gee")


def by(analysis, baseline=None, about="difference"):
    more = f'\nbaseline = "{baseline}"' if baseline else ""
    return ('analysis = "t_test"', f'analysis = "{analysis}"\nabout = "{about}"{more}')


def test_each_arm_has_its_own_mean_unless_the_file_says_one(study):
    (one,) = plan_of(study(by("mmrm"))).question
    assert one.baseline == "free"
    (one,) = plan_of(study(by("mmrm", "constrained"))).question
    assert one.baseline == "constrained"
    (one,) = plan_of(study()).question
    assert one.baseline is None  # a t test has none


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (by("t_test", "free"), '"t_test" of a difference has none, so leave it out'),
        (by("ancova", "constrained"), "about models of all waves that compare arms"),
        (by("mmrm", "free", "change"), '"mmrm" of a change has none'),
        (by("mmrm", "fixed"), "is not one of free, constrained"),
    ],
)
def test_a_choice_that_means_nothing_is_refused(study, change, message):
    with pytest.raises(InputError, match="baseline") as caught:
        study(change)
    assert message in str(caught.value)


@pytest.mark.parametrize("about", ["difference", "slope"])
def test_free_adds_the_arm_s_own_mean_at_baseline_and_nothing_else(study, about):
    effects = ("treated = [0.25, 0.5]", "treated = [0.25, 0.5]")
    columns = {}
    for baseline in ("free", "constrained"):
        trial = study(by("random_intercept", baseline, about), effects)
        asked = Asked.each(plan_of(trial).question, ("control", "treated"), (0, 26, 52))[0]
        first = np.array([False, True])
        X, contrast = longitudinal_design(asked, first)
        columns[baseline] = X.reshape(-1, X.shape[-1])
        at_baseline = X[1, 0] - X[0, 0]
        assert at_baseline.any() == (baseline == "free")
        assert (X[1, 2] - X[0, 2]) @ contrast == 1
    both = np.hstack([columns["free"], columns["constrained"]])
    assert np.linalg.matrix_rank(both) == columns["free"].shape[1]
    assert columns["free"].shape[1] == columns["constrained"].shape[1] + 1


@pytest.mark.parametrize("model", MODELS)
def test_with_everybody_seen_the_free_difference_is_that_of_means(study, model):
    stay = ("retention = [0.9, 0.8]", "retention = [1.0, 1.0]")
    trial = study(by(model, "free"), stay)
    process = panel_process(trial, plan_of(trial), 3)
    (batch,) = process.draw(60, range(5))
    asked = Asked.each(plan_of(trial).question, process.arms, process.weeks)[0]
    last = batch.y[:, :, 2]
    means = [last[:, batch.arm == arm].mean(axis=1) for arm in (1, 0)]
    assert analyse(asked, batch).estimate == pytest.approx(means[0] - means[1], abs=1e-8)


@pytest.mark.parametrize("baseline", ["free", "constrained"])
@pytest.mark.parametrize("model", MODELS)
def test_power_is_that_of_the_closed_form_of_the_model_that_is_fitted(study, model, baseline):
    trial = study(by(model, baseline))
    process = panel_process(trial, plan_of(trial), 11)
    asked = Trial(process, plan_of(trial))
    power = asked.successes(asked.fits([110], range(STUDIES))[0]).mean()
    expected = closed_form(trial, process, asked.asked[0]).power(110)
    assert abs(power - expected) < 3 * np.sqrt(expected * (1 - expected) / STUDIES)


def test_who_plans_with_one_mean_and_fits_two_has_not_the_power_planned_for(study):
    free, one = (study(by("mmrm", baseline)) for baseline in ("free", "constrained"))
    process = panel_process(one, plan_of(one), 1)
    forms = [
        closed_form(trial, process, Trial(process, plan_of(trial)).asked[0])
        for trial in (free, one)
    ]
    n = next(n for n in range(8, 600) if forms[1].power(n) >= 0.8)
    assert forms[1].power(n) == pytest.approx(0.80, abs=0.01)
    assert forms[0].power(n) == pytest.approx(0.63, abs=0.02)


@pytest.mark.parametrize(
    ("baseline", "said"),
    [("free", "own mean at baseline"), ("constrained", "both arms having one mean at baseline")],
)
def test_words_protocol_and_page_say_which(study, baseline, said):
    found = plan_study(study(by("mmrm", baseline)), seed=1, sizes=[120], replicates=50)
    words = result_in_words(found)
    assert f'(baseline = "{baseline}")' in words
    own = {
        "free": "a mean at baseline for each arm",
        "constrained": "one mean at baseline for both",
    }
    assert own[baseline] in words
    needed = [one.n for one in found.beside]
    assert f"by closed form takes {needed[0]} people" in words
    protocol = protocol_of(found)
    assert said in protocol.markdown
    assert said in plan_html(found, protocol)
