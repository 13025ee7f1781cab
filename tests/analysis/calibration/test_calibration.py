"""The parts of a calibration: statistics of sums, surfaces, posteriors, what was learned."""

import numpy as np
import pytest

from analysis.calibration.aims import aim_at
from analysis.calibration.bank import logged, unlogged
from analysis.calibration.cohort import simulate_cohort
from analysis.calibration.identified import judge
from analysis.calibration.posterior import Aim, best_fit, sample, shortest_interval
from analysis.calibration.statistics import CohortColumns, Key, covariance_of_samples, evaluate
from analysis.calibration.surface import Box, fit_surface
from analysis.calibration.targets import Target, read_recipe

BOX = Box(np.array([0.0, -1.0]), np.array([4.0, 1.0]))


@pytest.fixture(scope="module")
def cohort():
    recipe = read_recipe("founding-paper")
    return simulate_cohort(recipe.world, recipe.study, {}, 3, seed=2)


@pytest.fixture
def points(rng):
    return BOX.at(rng.random((40, 2)))


@pytest.fixture
def rng():
    return np.random.default_rng(1)


def people(columns, **values):
    """Rows of people by the names of columns, dots as double underscores."""
    rows = np.zeros((len(next(iter(values.values()))), len(columns)))
    for name, column in values.items():
        rows[:, columns.at[name.replace("__", ".")]] = column
    return rows


def test_statistics_of_a_map_are_what_numpy_says():
    columns, size = CohortColumns(2), np.array([3.0, 8, 9, 4])
    rows = people(columns, n=np.ones(4), size=size, size_squared=size**2, map__kin=[1, 0, 2, 2])
    keys = [Key("map.size"), Key("map.size_sd"), Key("map.kin")]
    found = evaluate(rows.sum(axis=0), columns, keys)
    assert found == pytest.approx([size.mean(), size.std(ddof=1), 1.25])


def test_a_share_kept_is_a_ratio_of_sums_and_nobody_is_nan():
    columns = CohortColumns(2)
    rows = people(columns, held__kin__2=[4, 6], kept__kin__2=[3, 6], n=[1, 1])
    keys = [Key("kept.kin", 2), Key("kept.all", 2), Key("kept.friend", 2)]
    assert evaluate(rows.sum(axis=0), columns, keys) == pytest.approx(
        [0.9, 0.9, np.nan], nan_ok=True
    )


def test_the_median_length_uses_episodes_that_are_cut_short():
    """Ten episodes end evenly in weeks 1 to 10, then ten more are cut in week 5."""
    columns = CohortColumns(1)
    sums = np.zeros(len(columns))
    running, ended = columns.at["running.1"], columns.at["ended.1"]
    for week in range(1, 11):
        sums[running : running + week] += 1
        sums[ended + week - 1] += 1
    assert evaluate(sums, columns, [Key("episode.median_weeks")])[0] == pytest.approx(5)
    sums[running : running + 5] += 10
    left = np.cumprod([1 - 1 / (20 - k) for k in range(5)] + [1 - 1 / (5 - k) for k in range(5)])
    week = int(np.argmax(left <= 0.5))
    share = (left[week - 1] - 0.5) / (left[week - 1] - left[week])
    found = evaluate(sums, columns, [Key("episode.median_weeks")])[0]
    assert found == pytest.approx(week + share)


def test_a_cohort_adds_up(cohort):
    columns = CohortColumns(3)
    at, rows = columns.at, cohort.rows
    assert rows[:, at["n"]].astype(bool).tolist() == cohort.eligible.tolist()
    classes = sum(rows[:, at[f"map.{c}"]] for c in "partner kin friend professional object".split())
    assert (classes == rows[:, at["size"]]).all()
    for c in ("kin", "friend"):
        assert (rows[:, at[f"kept.{c}.2"]] <= rows[:, at[f"held.{c}.2"]]).all()
        assert (rows[:, at[f"lost.{c}"]] <= rows[:, at[f"risk.{c}"]]).all()
    assert cohort.by_team.sum(axis=0) == pytest.approx(cohort.sums)
    assert len(cohort.by_team) == 3
    assert (rows[:, at["there.3"]] <= rows[:, at["n"]]).all()


def test_a_cohort_does_not_depend_on_threads(cohort):
    recipe = read_recipe("founding-paper")
    again = simulate_cohort(recipe.world, recipe.study, {}, 3, seed=2, threads=3)
    assert (again.rows == cohort.rows).all()


def test_a_cohort_with_more_friends_has_more_friends_on_its_maps(cohort):
    recipe = read_recipe("founding-paper")
    more = simulate_cohort(recipe.world, recipe.study, {"tie.friend.latent_mean": 4.5}, 3, seed=2)
    at = CohortColumns(3).at["map.friend"]
    assert more.sums[at] > 1.4 * cohort.sums[at]


def test_covariance_of_samples_is_that_of_means(rng):
    columns = CohortColumns(1)
    rows = people(columns, n=np.ones(4000), map__kin=rng.poisson(2, 4000))
    found = covariance_of_samples(rows, columns, [Key("map.kin")], 50, rng)
    assert found[0, 0] == pytest.approx(2 / 50, rel=0.25)


def test_the_scale_of_hazards_goes_back():
    keys = [Key("kept.kin", 2), Key("lost.kin"), Key("map.kin")]
    values = np.array([[0.9, 0.1, 2.2], [0.5, 0.4, 0.1]])
    assert unlogged(logged(values, keys), keys) == pytest.approx(values)


def test_a_surface_finds_a_polynomial_and_its_error(points, rng):
    def truth(x):
        return np.stack([2 + x[:, 0] * x[:, 1], x[:, 0] ** 2], axis=1)

    exact = fit_surface(BOX, points, truth(points))
    elsewhere = BOX.at(rng.random((9, 2)))
    assert exact(elsewhere) == pytest.approx(truth(elsewhere), abs=1e-3)
    noisy = fit_surface(BOX, points, truth(points) + 0.1 * rng.standard_normal((40, 2)))
    assert (noisy.error > 0.07).all()
    assert (noisy.error < 0.2).all()
    assert (exact.error < 0.01).all()


def test_a_posterior_of_a_line_is_the_known_normal(points, rng):
    """z = theta, both measured with known error: mean, SD and correlation of the draws."""
    keys = (Key("map.kin"), Key("map.friend"))
    moved = points + np.array([1.0, 3.0])
    surface = fit_surface(BOX, points, moved)
    covariance = np.array([[0.04, 0.012], [0.012, 0.01]])
    aim = Aim(keys, np.array([3.0, 3.0]), covariance, np.full(2, np.nan))
    draws = sample(aim, surface, BOX, rng)
    assert draws.mean(axis=0) == pytest.approx([2, 0], abs=0.02)
    assert draws.std(axis=0) == pytest.approx([0.2, 0.1], rel=0.07)
    assert np.corrcoef(draws.T)[0, 1] == pytest.approx(0.6, abs=0.06)
    best, jacobian = best_fit(aim, surface, BOX, np.array([0.1, 0.5]), draws)
    assert best == pytest.approx([2, 0], abs=0.01)
    assert np.linalg.inv(jacobian.T @ jacobian) == pytest.approx(covariance, rel=0.05)


def test_a_share_is_a_binomial_count(rng):
    """Nothing lost of 40 under an even prior of the hazard: it has an exponential posterior."""
    box = Box(np.array([0.0]), np.array([1.0]))
    theta = box.at(rng.random((40, 1)))
    surface = fit_surface(box, theta, theta)
    aim = Aim((Key("lost.kin"),), np.zeros(1), np.zeros((1, 1)), np.array([40.0]))
    hazard = sample(aim, surface, box, rng)
    assert np.quantile(hazard, 0.9) == pytest.approx(np.log(10) / 40, rel=0.1)


def test_what_no_target_speaks_of_keeps_its_value_and_is_named(points, rng):
    surface = fit_surface(BOX, points, points[:, :1] + 1)
    aim = Aim((Key("map.kin"),), np.array([3.0]), np.array([[0.01]]), np.full(1, np.nan))
    draws = sample(aim, surface, BOX, rng)
    best, _ = best_fit(aim, surface, BOX, np.array([0.0, 0.4]), draws)
    assert best == pytest.approx([2, 0.4], abs=0.02)
    low, high = shortest_interval(draws)
    known = judge(["a", "b"], BOX, Box(low, high), draws)
    assert [one.identified for one in known] == [True, False]
    assert "as wide as without targets" in known[1].reason
    assert known[0].edge == ""


def test_two_parameters_that_act_as_one_are_named_as_confounded(rng):
    together = rng.standard_normal((4000, 1)) * [0.1, 0.1] + 0.01 * rng.standard_normal((4000, 2))
    interval = Box(np.full(2, -0.165), np.full(2, 0.165))
    known = judge(["a", "b"], Box(np.full(2, -0.5), np.full(2, 0.17)), interval, together)
    assert [one.identified for one in known] == [False, False]
    assert "confounded with b" in known[0].reason
    assert known[0].edge == "highest"


def test_the_shortest_interval_of_a_normal_and_of_an_exponential(rng):
    draws = np.stack([rng.standard_normal(40000), rng.exponential(size=40000)], axis=1)
    low, high = shortest_interval(draws)
    assert (low[0], high[0]) == pytest.approx((-1.645, 1.645), abs=0.12)
    assert (low[1], high[1]) == pytest.approx((0, np.log(10)), abs=0.06)


def test_errors_of_targets_follow_from_n_or_are_as_stated(cohort, rng):
    columns, rows = CohortColumns(3), cohort.rows[cohort.eligible]

    def target(name, value, se=None, n=None, wave=0):
        return Target(Key(name, wave), value, se, n, "calibration", "", "")

    targets = [
        target("map.partner", 0.4, n=50),
        target("map.kin", 2.0, se=0.3),
        target("map.friend", 1.5, n=50),
        target("kept.kin", 1.0, se=0.0, n=50, wave=2),
    ]
    aim = aim_at(targets, rows, columns, rng)
    friends = rows[:, columns.at["map.friend"]]
    assert aim.se[0] == pytest.approx(np.sqrt(0.24 / 50))
    assert aim.se[1] == pytest.approx(0.3)
    assert aim.se[2] == pytest.approx(friends.std() / np.sqrt(50), rel=0.25)
    assert 40 < aim.counts[3] < 400  # about two kin each: a pilot that lost none still knows little
