"""Panels: what they are made of, what an address keeps fixed, who stays away."""

import numpy as np
import pytest

from analysis.questions.of_study import plan_of
from analysis.questions.panel import Clusters
from analysis.trials.enrolment import arm_order, cluster_order
from analysis.trials.panel import panel_process
from sim.errors import InputError
from sim.world.arithmetic import f4, normal

FAR = 4.4
"""Standard errors: a right figure lies beyond once in a hundred thousand times."""

SLOPES = ("correlation = 0.6", "correlation = 0.6\nslope_sd = 2\nslope_correlation = -0.3")
TEAMS = (
    'unit = "ego"',
    'unit = "team"',
)
CLUSTERS = (
    "[plan.panel.effect]",
    "[plan.panel.clusters]\ncontrol = { icc = 0.1, size = 10 }\n"
    "treated = { icc = 0.1, size = 10 }\n[plan.panel.effect]",
)
NESTED = (
    "[plan.panel.effect]",
    "[plan.panel.clusters]\ntreated = { icc = 0.2, size = 10 }\n[plan.panel.effect]",
)
ALL_STAY = ("retention = [0.9, 0.8]", "retention = [1.0, 1.0]")


def drawn(study, n, replicates, seed=1):
    process = panel_process(study, plan_of(study), seed)
    batches = list(process.draw(n, replicates))
    return process, np.concatenate([one.y for one in batches])


def near(estimate, truth, error):
    return abs(estimate - truth) < FAR * error


def test_the_normal_of_the_world_is_normal_enough():
    """Its quantiles err by 5e-4; what that does to moments is far below any Monte Carlo error."""
    u = (np.arange(20_000) + 0.5) / 20_000
    z = np.array([normal(f4(one)) for one in u], np.float64)
    assert abs(z.mean()) < 1e-4
    assert abs((z**2).mean() - 1) < 2e-3
    assert abs((z**4).mean() - 3) < 2e-2


def test_moments_are_those_of_the_study_file(study):
    process, y = drawn(study(SLOPES, ALL_STAY), 400, range(250))
    people = 400 * 250 / 2
    years = np.array([0, 0.5, 1])
    level = 0.6 * 16
    sd_slope = 2 * years
    variance = 16 + 2 * -0.3 * np.sqrt(level) * sd_slope + sd_slope**2
    covariance = level - 0.3 * np.sqrt(level) * 2
    for arm, mean in enumerate(([19, 19, 19], [19, 20, 21])):
        mine = y[:, process.arm[:400] == arm].reshape(-1, 3)
        error = np.sqrt(variance / people)
        assert near(mine.mean(0), mean, error).all()
        assert near(mine.var(0), variance, variance * np.sqrt(2 / people)).all()
        found = np.cov(mine[:, 0], mine[:, 2])[0, 1]
        assert near(found, covariance, np.sqrt((variance[2] * 16 + covariance**2) / people))


def test_a_study_is_the_same_however_much_else_is_drawn(study):
    trial = study()
    _, whole = drawn(trial, 120, range(600))
    _, alone = drawn(trial, 40, range(307, 309))
    assert np.array_equal(whole[307:309, :40], alone, equal_nan=True)
    _, other = drawn(trial, 40, range(307, 309), seed=2)
    assert not np.array_equal(other, alone, equal_nan=True)


def test_replicates_beyond_32_bits_are_others(study):
    _, first = drawn(study(), 10, range(1))
    _, far = drawn(study(), 10, range(2**32, 2**32 + 1))
    assert not np.array_equal(first, far, equal_nan=True)


@pytest.mark.parametrize("mechanism", ["MCAR", "MAR", "MNAR-outcome", "MNAR-state"])
@pytest.mark.parametrize("back", [0.0, 0.5])
def test_retention_is_the_study_s_under_every_mechanism(study, mechanism, back):
    how = f'retention = [0.9, 0.8]\nmechanism = "{mechanism}"\nodds_ratio = 4\nreturn_rate = {back}'
    _, y = drawn(study(("retention = [0.9, 0.8]", how)), 400, range(100))
    there = np.isfinite(y)
    assert there[:, :, 0].all()
    for wave, kept in ((1, 0.9), (2, 0.8)):
        # half of a percent more than chance: the intercepts are solved on 8,192 people
        assert abs(there[:, :, wave].mean() - kept) < FAR * np.sqrt(kept / 40_000) + 0.003
    returned = (~there[:, :, 1] & there[:, :, 2]).any()
    assert returned == (back > 0)


def test_those_worse_off_stay_away_and_only_where_it_hangs_on_that(study):
    def gap(mechanism):
        """Difference at baseline between those who miss the next wave and those who come."""
        how = f'retention = [0.8, 0.7]\nmechanism = "{mechanism}"\nodds_ratio = 3'
        _, y = drawn(study(("retention = [0.9, 0.8]", how)), 400, range(100))
        away = ~np.isfinite(y[:, :, 1])
        return y[:, :, 0][away].mean() - y[:, :, 0][~away].mean()

    assert near(gap("MCAR"), 0, 4 / np.sqrt(8000))
    assert gap("MAR") < gap("MNAR-outcome") < -1  # swemwbs: lower is worse
    assert gap("MNAR-state") < -1


def test_retention_may_differ_by_arm(study):
    trial = study(
        (
            "retention = [0.9, 0.8]",
            "[participation.retention]\ncontrol=[1.0,0.9]\ntreated=[0.7,0.6]",
        )
    )
    process, y = drawn(trial, 400, range(100))
    kept = [np.isfinite(y[:, process.arm[:400] == a]).mean((0, 1)) for a in (0, 1)]
    assert np.allclose(kept, [[1, 1, 0.9], [1, 0.7, 0.6]], atol=0.02)


def within_clusters(process, y, arm):
    """Covariance of two people of one cluster at each wave, from clusters of ten."""
    mine = np.flatnonzero(process.arm[:200] == arm)
    first = mine[np.searchsorted(process.cluster[mine], np.arange(10))]
    second = mine[np.searchsorted(process.cluster[mine], np.arange(10)) + 1]
    a, b = y[:, first], y[:, second]
    return ((a - a.mean((0, 1))) * (b - b.mean((0, 1)))).mean((0, 1))


def test_people_of_a_team_share_their_part_of_the_variance_from_the_start(study):
    process, y = drawn(study(ALL_STAY, TEAMS, CLUSTERS), 200, range(1000))
    error = 16 / np.sqrt(10_000)
    for arm in (0, 1):
        assert near(within_clusters(process, y, arm), 1.6, error).all()
        assert near(y[:, process.arm[:200] == arm].var((0, 1)), 16, 16 * np.sqrt(2 / 5_000)).all()


def test_groups_made_by_treatment_share_theirs_after_baseline(study):
    process, y = drawn(study(ALL_STAY, NESTED), 200, range(1000))
    assert (process.cluster[process.arm == 0] == -1).all()
    shared = within_clusters(process, y, 1)
    assert near(shared, [0, 4, 4], 20 / np.sqrt(10_000)).all()  # .2 of 16 / .8
    assert near(y[:, process.arm[:200] == 1][:, :, 2].var(), 20, 20 * np.sqrt(2 / 5_000))


def test_the_first_people_keep_to_the_parts_of_the_arms():
    order = arm_order([2 / 3, 1 / 3], 300)
    for n in (3, 30, 299):
        assert abs((order[:n] == 0).sum() - 2 * n / 3) <= 1


def test_clusters_of_a_size_fill_up_and_a_number_of_clusters_grows():
    assert cluster_order(Clusters(icc=0.1, size=3), 7).tolist() == [0, 0, 0, 1, 1, 1, 2]
    assert np.bincount(cluster_order(Clusters(icc=0.1, number=4), 22)).tolist() == [6, 6, 5, 5]


@pytest.mark.parametrize("rule", [{"size": 40}, {"number": 40}])
def test_sizes_of_clusters_vary_as_asked(rule):
    home = cluster_order(Clusters(icc=0.1, size_cv=0.5, **rule), 40 * 40)
    sizes = np.bincount(home)[:-1] if "size" in rule else np.bincount(home)
    assert sizes.mean() == pytest.approx(40, rel=0.05)
    assert sizes.std() / sizes.mean() == pytest.approx(0.5, rel=0.1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ((TEAMS, CLUSTERS, ("icc = 0.1", "icc = 0.7")), "icc is more than correlation = 0.6"),
        ((TEAMS,), 'says nothing of arm "control"'),
        ((TEAMS, CLUSTERS, ("control = { icc = 0.1", "control = { icc = 0.2")), "must be the same"),
    ],
)
def test_clusters_that_cannot_be_are_refused(study, changes, message):
    trial = study(*changes)
    with pytest.raises(InputError, match=message):
        panel_process(trial, plan_of(trial), 1)
