"""Plans as a whole: the number, what stands beside it, and what cannot be planned."""

import numpy as np
import pytest

from analysis.planning.design.cost import cost_of
from analysis.planning.planner import plan_study
from analysis.questions.of_study import plan_of
from analysis.trials.panel import panel_process
from analysis.trials.trial import Trial
from sim.errors import InputError
from tests.analysis.estimators.formulas.test_closed_forms import t_test_power

QUESTION = '[[plan.question]]\noutcome = "swemwbs"\nanalysis = "t_test"\n'
TWO = (QUESTION, QUESTION + QUESTION.replace("analysis", 'success = "covers"\nanalysis'))
NARROW = ('analysis = "t_test"', 'analysis = "t_test"\nsuccess = "narrow"\nhalf_width = 1.5')
NO_EFFECT = ("treated = [0.25, 0.5]", "treated = [0.0, 0.0]")
BY_TEAM = ('unit = "ego"', 'unit = "team"')


def clusters(rule):
    text = f"[plan.panel.clusters]\ncontrol = {{ {rule} }}\ntreated = {{ {rule} }}\n"
    return ("[plan.panel.effect]", f"{text}[plan.panel.effect]")


def test_the_number_is_that_of_the_formula(study):
    result = plan_study(study(), seed=5, replicates=400)
    found, beside = result.found, result.beside[0]
    assert found.low == found.answer == found.high == beside.n
    assert found.method == "exact formula, checked by simulation"
    assert abs(found.confirmed.share - found.exact) < 4 * found.confirmed.mcse
    assert found.confirmed.n == 10_000
    assert [one.n for one in result.curve] == sorted({one.n for one in result.curve})
    assert result.at(found.answer) is not None
    for point in result.curve:
        error = np.sqrt(point.closed[0] * (1 - point.closed[0]) / 400)
        assert abs(point.success.share - point.closed[0]) < 4.4 * error


def test_threads_and_chunks_change_nothing(study, monkeypatch):
    import analysis.trials.frames as frames
    import analysis.trials.trial as trial

    one = plan_study(study(), seed=5, replicates=300)
    monkeypatch.setattr(trial, "BLOCK", 64)
    monkeypatch.setattr(frames, "BATCH", 17)
    two = plan_study(study(), seed=5, replicates=300, threads=2)
    assert [p.success for p in one.curve] == [p.success for p in two.curve]
    assert [p.measures for p in one.curve] == [p.measures for p in two.curve]
    assert one.found.answer == two.found.answer


def test_given_sizes_are_looked_at_and_nothing_is_searched(study):
    result = plan_study(study(), seed=5, sizes=[60, 40], replicates=200)
    assert result.found is None
    assert [one.n for one in result.curve] == [40, 60]


def test_a_smaller_study_is_the_first_people_of_a_larger_one(study):
    trial = study()
    asked = Trial(panel_process(trial, plan_of(trial), 5), plan_of(trial))
    both = asked.fits([50, 90], range(20))
    alone = asked.fits([50], range(20))
    assert np.array_equal(both[0][0].estimate, alone[0][0].estimate)


@pytest.mark.verify
def test_all_is_harder_than_each_and_any_is_easier(study):
    def share(changes):
        trial = study(*changes)
        return plan_study(trial, seed=5, sizes=[100], replicates=2000).curve[0].success.share

    alone = share([])
    both = share([TWO])
    either = share([TWO, ("chance = 0.8", 'chance = 0.8\nsucceeds_with = "any"')])
    assert both < alone < either
    assert either > 0.95  # an interval that holds the truth is enough


def test_precision_is_planned_for(study):
    result = plan_study(study(NARROW), seed=5, replicates=200)
    assert result.found.answer == result.beside[0].n


def test_exaggeration_is_planned_for(study):
    result = plan_study(study(("chance = 0.8", "type_m = 1.1")), seed=5, replicates=4000)
    found = result.at(result.found.answer).measures[0]["type_m"]
    assert abs(found.value - 1.1) < 0.02
    assert 0.8 < result.target < 0.9


def test_the_smallest_detectable_effect_is_that_of_the_formula(study):
    result = plan_study(study(), seed=5, detect=160, replicates=200)
    assert result.found is None
    found = result.detectable
    power = t_test_power(found.truths[0], 4, 64, 64)  # .8 of 80 in each arm
    assert abs(power - 0.8) < 0.06


@pytest.mark.verify
def test_a_fixed_number_of_clusters_sets_a_ceiling(study):
    rule = "icc = 0.2, number = 5"
    trial = study(BY_TEAM, clusters(rule), ('"t_test"', '"cluster_t"'))
    result = plan_study(trial, seed=5, replicates=200)
    assert (result.found.answer, result.found.edge) == (None, ">=")
    assert result.found.confirmed.at == 600
    assert result.found.confirmed.share < 0.6
    assert result.beside[0].n is None


def test_an_analysis_blind_to_clusters_is_named(study):
    result = plan_study(study(BY_TEAM, clusters("icc = 0.05, size = 10")), seed=5, sizes=[100])
    assert "does not know that people share clusters" in result.notes[0]


def test_failed_fits_are_bounded_both_ways(study):
    # one person in five stays: small studies have arms of nobody
    rare = ("retention = [0.9, 0.8]", "retention = [0.2, 0.1]")
    result = plan_study(study(rare), seed=5, sizes=[16], replicates=500)
    point = result.curve[0]
    assert point.failed > 0
    assert point.if_failed_succeed == pytest.approx(point.success.share + point.failed / 500)
    assert point.measures[0]["converged"].value == pytest.approx(1 - point.failed / 500)


def test_the_cost_is_that_of_what_is_expected(study):
    prices = "fixed = 1000\napproach = 2\nenrolment = 10\ninterview = 5\ntracing = 1"
    trial = study(("[plan.panel]", f"[plan.costs]\n{prices}\n[plan.panel]"))
    cost = cost_of(trial, plan_of(trial), panel_process(trial, plan_of(trial), 1), 100)
    approached = 100 / (0.44 * 0.685)
    assert cost.interviews == pytest.approx(270)
    assert cost.missed == pytest.approx(30)
    assert cost.total == pytest.approx(1000 + 2 * approached + 1000 + 5 * 270 + 30)


def test_clusters_cost_too(study):
    prices = ("[plan.panel]", "[plan.costs]\ncluster = 7\n[plan.panel]")
    trial = study(BY_TEAM, clusters("icc = 0.05, size = 10"), prices)
    process = panel_process(trial, plan_of(trial), 1)
    assert cost_of(trial, plan_of(trial), process, 100).clusters == 10
    assert cost_of(trial, plan_of(trial), process, 102).total == pytest.approx(7 * 12)


@pytest.mark.parametrize(
    ("changes", "options", "message"),
    [
        ([], {"sizes": [601]}, "n = 601: the plan is for 8 to 600 people"),
        ([NO_EFFECT], {}, "the difference in swemwbs is zero"),
        ([NARROW], {"detect": 100}, "smallest detectable effect"),
        (
            [BY_TEAM, clusters("icc = 0.2, number = 1"), ('"t_test"', '"cluster_t"')],
            {},
            "the design is singular",
        ),
    ],
)
def test_what_cannot_be_planned_is_refused(study, changes, options, message):
    with pytest.raises(InputError, match=message):
        plan_study(study(*changes), seed=1, replicates=100, **options)


def test_a_study_without_a_plan_is_refused(study):
    with pytest.raises(InputError, match=r"has no \[plan\]"):
        plan_study(study().model_copy(update={"asked": {}}), seed=1)


def test_an_analysis_that_is_off_is_named(study):
    """Absence that hangs on the score due, in one arm alone."""
    how = "[participation.retention]\ncontrol = [0.9, 0.8]\ntreated = [0.6, 0.4]\n"
    how += '[participation.mechanism]\nall = "MNAR-outcome"\n[participation.odds_ratio]\nall = 5.0'
    trial = study(("retention = [0.9, 0.8]", how))
    result = plan_study(trial, seed=5, sizes=[100], replicates=1000)
    assert "t_test is off by" in result.notes[0]
    assert plan_study(study(), seed=5, sizes=[100], replicates=1000).notes == ()
