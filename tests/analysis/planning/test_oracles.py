"""The same simulated studies at several sizes and effects."""

import numpy as np

from analysis.planning.search.oracles import by_effect, by_size
from analysis.questions.of_study import plan_of
from analysis.trials.panel import panel_process
from analysis.trials.trial import Trial


def test_a_replicate_is_the_same_study_whatever_else_is_asked(study):
    trial = Trial(panel_process(study(), plan_of(study()), 5), plan_of(study()))
    succeed = by_size(trial)
    three = succeed([60.0, 100.0, 80.0], range(7, 47)).won
    assert three.shape == (3, 40)
    assert np.array_equal(succeed([100.0], range(20, 47)).won[0], three[1, 13:])
    assert three.sum(axis=1).tolist() == [trial.count(n, range(7, 47)) for n in (60, 100, 80)]


def test_a_study_that_shows_an_effect_shows_most_larger_ones(study):
    plan, made = plan_of(study()), []

    def at(effect):
        made.append(effect)
        return Trial(panel_process(study(), plan, 5, effect), plan)

    succeed = by_effect(at, 60)
    won = succeed([0.7, 1.0, 1.4], range(200)).won
    assert np.all(np.diff(won.mean(axis=1)) > 0)
    assert np.mean(won[0] <= won[1]) > 0.98
    assert np.array_equal(succeed([1.0], range(50, 60)).won[0], won[1, 50:60])
    assert made == [0.7, 1.0, 1.4]
