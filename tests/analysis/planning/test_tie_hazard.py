"""The hazard of losing ties over all waves: who is at risk, what is estimated, what is true."""

import tomllib

import numpy as np
import pytest

from analysis.estimators.tie_hazard import cells_of, hazard_of_cells
from analysis.planning.planner import plan_study
from analysis.planning.report.words import result_in_words
from analysis.questions.of_study import plan_of
from analysis.questions.question import Question
from analysis.trials.analyses import Asked, analyse
from analysis.trials.trial import Trial
from analysis.worlds.interviews import Interviews, MappedTies
from analysis.worlds.process import world_process
from sim.study.spec import parse_study

NAN = np.nan
WEEKS = [0, 26, 52, 78]
NOBODY = (-1, -1)
SIGNS = np.array([1.0, -1.0])


def interviews(of_class, lost, episode, arm=None):
    """People with ties (m, S) whose absence from maps is (m, S, T)."""
    lost, people = np.asarray(lost, np.float32), np.arange(len(lost))
    ties = MappedTies(np.asarray(of_class, np.int8), lost, np.asarray(episode, np.float32))
    arm = np.zeros(people.size, int) if arm is None else arm
    there = np.ones((people.size, lost.shape[2]), bool)
    return Interviews({}, ties, arm, arm, there, there, people)


def question(**said):
    return Question(**{"outcome": "ties_lost", "analysis": "hazard", "at_week": WEEKS[-1]} | said)


FRIENDS_AGAINST_KIN = question(about="classes", classes=["friend", "kin"])
ILL_AGAINST_OTHERS = question(about="episode")
ILL_BY_CLASS = question(about="episode", classes=["friend", "kin"])
BETWEEN_ARMS = question(arms=["new", "old"])


@pytest.fixture(scope="module")
def drawn():
    """Sixty people of two arms with up to eight ties each, who fall ill, stay away and return."""
    rng = np.random.default_rng(11)
    n, ties, waves = 60, 8, len(WEEKS)
    arm, of_class = np.arange(n) % 2, rng.integers(-1, 4, size=(n, ties))
    ill = np.cumsum(rng.random((n, waves)) < 0.2, axis=1) > 0
    ill[:, 0] = False
    lost = 1.0 * (rng.random((n, ties, waves)) < 0.15 + 0.1 * (of_class[:, :, None] == 1))
    lost[:, :, 0] = 0
    lost[rng.random((n, waves))[:, None].repeat(ties, axis=1) < 0.1] = NAN
    lost[np.isnan(lost[:, :, 0])] = NAN
    lost[of_class < 0] = NAN
    return interviews(of_class, lost, ill, arm)


def person_periods(study):
    """(interval, ego, class, ill, arm, lost) of every tie at risk, tie by tie."""
    rows = []
    for ego, fates in enumerate(study.ties.lost):
        for tie, fate in enumerate(fates):
            for k in range(1, fate.size):
                if np.isnan(fate[: k + 1]).any() or fate[:k].any():
                    break
                about = study.ties.of_class[ego, tie], study.ties.episode[ego, k] > 0
                rows.append((k, ego, *about, study.arm[ego], fate[k]))
    return np.array(rows)


GROUPS = {
    "classes": (FRIENDS_AGAINST_KIN, lambda c, ill, arm: [c == 1], lambda c: np.isin(c, (0, 1))),
    "episode": (ILL_AGAINST_OTHERS, lambda c, ill, arm: [ill], lambda c: c >= 0),
    "arms": (BETWEEN_ARMS, lambda c, ill, arm: [arm == 1], lambda c: c >= 0),
    "both": (
        ILL_BY_CLASS,
        lambda c, ill, arm: [ill * (c == 1), ill, c == 1],
        lambda c: np.isin(c, (0, 1)),
    ),
}


@pytest.mark.parametrize("name", GROUPS)
def test_it_is_a_binomial_model_of_person_periods(drawn, name):
    """The complementary log-log model with a baseline for each interval, by statsmodels."""
    import statsmodels.api as sm

    asked, columns, about = GROUPS[name]
    rows = person_periods(drawn)
    interval, _, of_class, ill, arm, lost = rows[about(rows[:, 2])].T
    X = np.column_stack([*columns(of_class, ill, arm), *(interval == k for k in (1, 2, 3))])
    link = sm.families.links.CLogLog()
    model = sm.GLM(lost, X.astype(float), family=sm.families.Binomial(link))
    expected = model.fit(tol=1e-13).params[0]
    fit = analyse(Asked.of(asked, ["old", "new"], WEEKS), drawn)
    assert fit.converged.all()
    assert fit.estimate[0] == pytest.approx(expected, abs=1e-7)
    one, signs = (drawn,), np.array([1.0, -1, -1, 1] if name == "both" else [1.0, -1])
    arms = (1, 0) if name == "arms" else NOBODY
    cells = cells_of(asked, 3, arms, one)
    assert hazard_of_cells(cells, signs) == pytest.approx(expected, abs=1e-7)
    assert cells[:, 1].sum() == interval.size


def test_the_first_absence_is_the_loss_and_a_missed_interview_ends_it():
    lost = [[[0, 1, 0, 1], [0, 0, 1, 1]], [[0, 0, NAN, 1], [0, 0, NAN, 0]], [[0, 0, 0, 0]] * 2]
    study = interviews([[1, 0]] * 3, lost, np.zeros((3, 4)))
    cells = cells_of(FRIENDS_AGAINST_KIN, 3, NOBODY, (study,)).reshape(3, 2, 2)
    friends, kin = cells[:, 0], cells[:, 1]
    assert friends.tolist() == [[1, 3], [0, 1], [0, 1]]
    assert kin.tolist() == [[0, 3], [1, 2], [0, 1]]


def test_an_episode_counts_from_the_interval_in_which_it_began():
    lost = [[[0, 0, 1, 1], [0, 0, 0, 0]], [[0, 0, 0, 1], [0, 1, 1, 1]]]
    study = interviews(np.ones((2, 2)), lost, [[0, 0, 1, 1], [0, 0, 0, 0]])
    cells = cells_of(ILL_AGAINST_OTHERS, 3, NOBODY, (study,)).reshape(3, 2, 2)
    assert cells[:, 0].tolist() == [[0, 0], [1, 2], [0, 1]]  # ill
    assert cells[:, 1].tolist() == [[1, 4], [0, 1], [1, 1]]
    of_ill = FRIENDS_AGAINST_KIN.model_copy(update={"among": "episode"})
    assert cells_of(of_ill, 3, NOBODY, (study,)).reshape(3, 2, 2)[:, 0].tolist() == [
        [0, 0], [1, 2], [0, 1],
    ]  # fmt: skip


def test_follow_up_ends_with_the_wave_asked_about(drawn):
    early = FRIENDS_AGAINST_KIN.model_copy(update={"at_week": 26})
    fit = analyse(Asked.of(early, [], WEEKS), drawn)
    rows = person_periods(drawn)
    first = rows[rows[:, 0] == 1]
    friends, kin = (first[first[:, 2] == c][:, -1].mean() for c in (1, 0))
    expected = np.log(-np.log(1 - friends)) - np.log(-np.log(1 - kin))
    assert fit.estimate[0] == pytest.approx(expected, abs=1e-9)


def test_an_interval_in_which_nothing_was_lost_says_nothing(drawn):
    ties = drawn.ties
    still = np.repeat(ties.lost[:, :, :1], 2, axis=2)
    later = MappedTies(
        ties.of_class,
        np.concatenate([still, ties.lost[:, :, 1:]], axis=2),
        np.concatenate([ties.episode[:, :1], ties.episode], axis=1),
    )
    people = (drawn.arm, drawn.cluster, drawn.attended, drawn.alive, drawn.place)
    longer = Interviews({}, later, *people)
    one = analyse(Asked.of(FRIENDS_AGAINST_KIN, [], WEEKS), drawn)
    asked = FRIENDS_AGAINST_KIN.model_copy(update={"at_week": 104})
    other = analyse(Asked.of(asked, [], [*WEEKS, 104]), longer)
    assert (one.estimate, one.se, one.p) == (other.estimate, other.se, other.p)


def test_groups_that_only_time_tells_apart_allow_no_fit():
    """Everybody falls ill in the second interval: nobody ill and well is at risk together."""
    lost = [[[0, 0, 1, 1], [0, 1, 0, 0], [0, 0, 0, 0]]] * 4
    study = interviews(np.ones((4, 3)), lost, [[0, 0, 1, 1]] * 4)
    assert not analyse(Asked.of(ILL_AGAINST_OTHERS, [], WEEKS), study).converged.any()
    assert np.isnan(hazard_of_cells(cells_of(ILL_AGAINST_OTHERS, 3, NOBODY, (study,)), SIGNS))


STUDY = """\
id = "small"
title = "Three teams and three waves"
[frame]
teams_per_site = [2, 1]
egos_per_team = 36
[recruitment]
n = 20
interest = 0.9
consent = 0.9
[waves]
weeks = [0, 26, 52]
[participation]
retention = [1.0, 1.0]
[plan]
process = "world"
chance = 0.8
people_at_most = 60
[[plan.question]]
outcome = "ties_lost"
about = "classes"
classes = ["friend", "kin"]
analysis = "hazard"
[[plan.question]]
outcome = "ties_lost"
about = "episode"
analysis = "hazard"
"""


def test_a_census_finds_what_studies_do():
    asked = parse_study(tomllib.loads(STUDY), "small.toml")
    process = world_process(asked, plan_of(asked), 3)
    process.find_truths(12, 2)
    process.prepare(range(60), 2)
    fit = Trial(process, plan_of(asked)).fits([60], range(60))[0][0]
    truth = process.truths[0]
    error = np.hypot(fit.estimate.std(ddof=1) / np.sqrt(60), truth.mcse)
    assert truth.value > 4 * truth.mcse > 0  # friends are lost oftener than kin
    # False alarm: 4 standard errors, .0001; small samples move a log ratio by less than .06.
    assert abs(fit.estimate.mean() - truth.value) < 4 * error + 0.06


def test_a_plan_says_what_it_followed():
    asked = parse_study(tomllib.loads(STUDY), "small.toml")
    plan = plan_study(asked, seed=3, sizes=[40], replicates=10)
    assert all(np.isfinite(plan.truths))
    said = result_in_words(plan)
    assert "hazard of loss of friend ties against kin ties, baseline to week 52" in said
    assert "log ratio of hazards of loss (first absence) over ties" in said
