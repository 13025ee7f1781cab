import numpy as np
import pytest

from sim.study.participate import REASONS, attend, solve_dial, yardstick
from sim.study.settings import MECHANISMS, Participation
from sim.world.streams import key_of

MECHANISM = pytest.mark.parametrize("mechanism", MECHANISMS)


@pytest.fixture(scope="module")
def cohort(people):
    """4,000 people with correlated scores and severity; one in fifty dies between the waves."""
    rng = np.random.default_rng(3)
    egos = people(4000, 3)
    lasting = rng.standard_normal((4000, 1))
    state = np.sqrt(0.7) * lasting + np.sqrt(0.3) * rng.standard_normal((4000, 3))
    egos["severity"] = 0.2 + 0.1 * (-0.5 * state + rng.standard_normal((4000, 3)))
    egos["alive"][rng.uniform(size=4000) < 0.02, 2] = 0
    scores = np.zeros((4000, 3, 5), np.float32)
    scores[:, :, 0] = 19 + 4 * state
    return egos, scores


def rules(mechanism="MAR", retention=(0.85, 0.7), odds_ratio=2.0, back=0.0):
    return Participation(
        retention=list(retention), mechanism=mechanism, odds_ratio=odds_ratio, return_rate=back
    )


def run(cohort, record, said, seed=0):
    egos, scores = cohort
    arm = np.zeros(len(egos), int)
    measure = yardstick(scores, egos, "swemwbs")
    dial = solve_dial(said, ("",), arm, scores, egos, "swemwbs", measure)
    visits = attend(dial, arm, scores, egos, "swemwbs", measure, record(), key_of(seed))
    return dial, visits


@MECHANISM
@pytest.mark.parametrize("back", [0.0, 0.3])
def test_retention_is_solved_in_expectation_and_met_by_draws(cohort, record, mechanism, back):
    dial, visits = run(cohort, record, rules(mechanism, back=back))
    np.testing.assert_allclose(dial.expected[0], [1, 0.85, 0.7], atol=1e-4)
    # false alarm 1e-4: 3.9 standard errors of a share of 4,000
    np.testing.assert_allclose(visits.attended.mean(axis=0), [1, 0.85, 0.7], atol=3.9 * 0.0073)


@MECHANISM
def test_the_chance_of_an_interview_is_how_often_it_takes_place(cohort, record, mechanism):
    _, visits = run(cohort, record, rules(mechanism, back=0.3))
    chance, attended = visits.chance[:, 1:].ravel(), visits.attended[:, 1:].ravel()
    assert (visits.chance[:, 0] == 1).all()
    assert (visits.chance[cohort[0]["alive"][:, 2] == 0, 2] == 0).all()
    # false alarm 1e-4 in each tenth: 4.3 standard errors
    for tenth in np.array_split(np.argsort(chance, kind="stable"), 10):
        expected = chance[tenth].mean()
        error = np.sqrt((chance[tenth] * (1 - chance[tenth])).sum()) / tenth.size
        assert abs(attended[tenth].mean() - expected) <= 4.3 * error + 1e-6


def test_nobody_alive_is_missed_without_a_retention(cohort, record):
    dial, visits = run(cohort, record, Participation())
    np.testing.assert_array_equal(visits.attended, cohort[0]["alive"] > 0)
    assert dial.expected[0, 2] == pytest.approx((cohort[0]["alive"][:, 2] > 0).mean())


def logistic_slope(missed, z):
    """Maximum likelihood slope and its standard error."""
    x = np.column_stack([np.ones(z.size), z])
    beta = np.zeros(2)
    for _ in range(25):
        p = 1 / (1 + np.exp(-x @ beta))
        information = (x * (p * (1 - p))[:, None]).T @ x
        beta += np.linalg.solve(information, x.T @ (missed - p))
    return beta[1], np.sqrt(np.linalg.inv(information)[1, 1])


@MECHANISM
@pytest.mark.parametrize("odds_ratio", [0.5, 2.0, 3.0])
def test_the_odds_ratio_is_recovered(cohort, record, mechanism, odds_ratio):
    egos, scores = cohort
    _, visits = run(cohort, record, rules(mechanism, odds_ratio=odds_ratio))
    wave = 1
    worse = {
        "MCAR": -scores[:, 0, 0],
        "MAR": -scores[:, 0, 0],
        "MNAR-outcome": -scores[:, wave, 0],
        "MNAR-state": egos["severity"][:, wave],
    }[mechanism].astype(float)
    z = (worse - worse.mean()) / worse.std(ddof=1)
    slope, error = logistic_slope(~visits.attended[:, wave], z)
    expected = 0 if mechanism == "MCAR" else np.log(odds_ratio)
    assert abs(slope - expected) < 3.9 * error  # false alarm 1e-4


def test_arms_may_differ(cohort, record):
    egos, scores = cohort
    arm = np.arange(4000) % 2
    said = Participation(
        retention={"a": [0.9, 0.8], "b": [0.6, 0.5]}, mechanism={"a": "MCAR", "b": "MNAR-outcome"}
    )
    measure = yardstick(scores, egos, "swemwbs")
    dial = solve_dial(said, ("a", "b"), arm, scores, egos, "swemwbs", measure)
    np.testing.assert_allclose(dial.expected, [[1, 0.9, 0.8], [1, 0.6, 0.5]], atol=1e-4)
    visits = attend(dial, arm, scores, egos, "swemwbs", measure, record(), key_of(0))
    assert visits.attended[arm == 0, 2].mean() > visits.attended[arm == 1, 2].mean() + 0.2


def test_without_return_absence_lasts(cohort, record):
    _, visits = run(cohort, record, rules())
    assert not (~visits.attended[:, 1] & visits.attended[:, 2]).any()
    np.testing.assert_array_equal(visits.monotone, ~visits.attended)


def test_those_who_return_neither_moved_nor_withdrew(cohort, record):
    _, visits = run(cohort, record, rules(back=0.5))
    returned = ~visits.attended[:, 1] & visits.attended[:, 2]
    assert returned.any()
    assert not visits.monotone[returned].any()
    said = {REASONS[code] for code in visits.reason[returned, 1]}
    assert said <= {"refused", "ill", "not_contactable"}


def test_reasons_fit_what_happened(cohort, record):
    egos, _ = cohort
    _, visits = run(cohort, record, rules(retention=(0.6, 0.4)))
    reason = np.array(REASONS)[visits.reason]
    np.testing.assert_array_equal(reason == "completed", visits.attended)
    np.testing.assert_array_equal((reason == "died")[:, 2], egos["alive"][:, 2] == 0)
    for word in ("moved", "withdrew"):
        gone = (reason[:, 1] == word) & (egos["alive"][:, 2] > 0)
        assert (reason[gone, 2] == word).all()
    assert set(np.unique(reason)) == set(REASONS)
