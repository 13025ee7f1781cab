"""Retention is held in each arm: that is said, and what one rule common to both would show."""

import numpy as np
import pytest
from scipy import optimize, special

from analysis.pages.blocks import as_markdown
from analysis.planning.planner import plan_study
from analysis.planning.processes import process_of
from analysis.planning.report.protocol.document import protocol_of
from analysis.planning.report.words import result_in_words
from analysis.questions.of_study import plan_of
from analysis.trials.absence import scores_by_one_rule
from tests.analysis.planning.changes import analysed

KEPT = "retention = [0.9, 0.8]"
HELD = "is held in each arm, so that the arm with better scores"


def hangs(mechanism, odds=4.0, more=""):
    return (KEPT, f'{KEPT}\nmechanism = "{mechanism}"\nodds_ratio = {odds}{more}')


def by_hand(wanted=0.8, odds=4.0, people=400_000):
    """Difference seen at one follow-up of 2 points in an SD of 4, absence hanging on the score."""
    rng = np.random.Generator(np.random.Philox(7))
    arm = np.repeat([0, 1], people // 2)
    score = 2.0 * arm + 4 * rng.standard_normal(people)
    z = -(score - 1) / np.sqrt(16 + 1)
    intercept = optimize.brentq(
        lambda a: (1 - special.expit(a + np.log(odds) * z)).mean() - wanted, -20, 20
    )
    seen = rng.random(people) > special.expit(intercept + np.log(odds) * z)
    return score[seen & (arm == 1)].mean() - score[seen & (arm == 0)].mean()


@pytest.fixture
def one_wave(study):
    """The trial with one follow-up, and absence that hangs on the score due."""
    return study(
        ("weeks = [0, 26, 52]", "weeks = [0, 26]"),
        (KEPT, 'retention = [0.8]\nmechanism = "MNAR-outcome"\nodds_ratio = 4.0'),
        ("treated = [0.25, 0.5]", "treated = [0.5]"),
    )


def test_one_rule_shows_the_difference_of_a_simulation_by_hand(one_wave):
    """To 4 Monte Carlo errors of 320,000 people seen, .012 points each."""
    process = process_of(one_wave, plan_of(one_wave), 1)
    seen = scores_by_one_rule(process.model, one_wave.arms.parts, (0.8,))
    assert seen[1, 1] - seen[0, 1] == pytest.approx(by_hand(), abs=0.05)
    assert seen[1, 1] - seen[0, 1] < 1.9


def test_the_state_is_what_absence_hangs_on_where_it_is_said_to(study):
    one = study(hangs("MNAR-state"))
    process = process_of(one, plan_of(one), 1)
    state = scores_by_one_rule(process.model, one.arms.parts, (0.9, 0.8))
    by_chance = scores_by_one_rule(
        process.model._replace(odds=0 * process.model.odds), one.arms.parts, (0.9, 0.8)
    )
    assert by_chance == pytest.approx(process.truths, abs=0.02)
    assert 1.5 < (state[1] - state[0])[2] < 1.95


def test_fewer_people_than_by_chance_are_explained(study):
    result = plan_study(study(hangs("MNAR-outcome")), seed=1, replicates=100, precision=0.03)
    (note,) = [one for one in result.notes if HELD in one]
    n, by_chance = result.found.answer, result.beside[0].n
    assert n < by_chance
    assert f"Part of why N = {n:.0f} is below the {by_chance} that the closed form takes" in note
    assert "instead of 2" in note
    assert note[:1].upper() + note[1:] in protocol_of(result).markdown


@pytest.mark.parametrize(
    "changes",
    [
        [hangs("MCAR")],
        [hangs("MAR"), analysed("mmrm")],
        [(KEPT, f'{KEPT}\nodds_ratio = 4.0\nmechanism = {{ control = "MCAR", treated = "MAR" }}')],
    ],
)
def test_nothing_is_said_where_it_is_put_right_or_nobody_holds_it(study, changes):
    result = plan_study(study(*changes), seed=1, sizes=[100], replicates=100)
    assert not [one for one in result.notes if HELD in one]


def test_protocol_and_terminal_say_that_it_is_held_in_each_arm(study):
    result = plan_study(study(), seed=1, sizes=[100], replicates=100)
    sections = {one.title: as_markdown([one]) for one in protocol_of(result).sections}
    assert "80 % at 52 weeks are expected to be interviewed" in sections["Sample size"]
    assert "a share that is held in each arm" in sections["Sample size"]
    assert "Retention is that of the study file, held in each arm" in result_in_words(result)


def test_where_everybody_stays_nothing_is_held(study):
    result = plan_study(study((KEPT, "retention = [1, 1]")), seed=1, sizes=[100], replicates=100)
    assert "held in each arm" not in result_in_words(result)
