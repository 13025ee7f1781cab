"""What answers depend on: indices of closed forms, free parameters, balanced births, noise."""

from dataclasses import replace

import numpy as np
import pytest
from SALib.test_functions import Ishigami

from analysis.patterns.catalogue import choose
from analysis.patterns.lives import PLACE, WORLDS, _scenario
from analysis.patterns.run import verdicts
from analysis.runs.parameter_draws import corrected_share
from analysis.runs.parameter_space import MIDDLE, Space, choose_space, screened_with
from analysis.sensitivity.answers import Answers, MeasuredWorld
from analysis.sensitivity.band import STATEMENTS, fate, ignorance, slopes
from analysis.sensitivity.morris import screen
from analysis.sensitivity.names import CONTRASTS, OUTPUTS
from analysis.sensitivity.outputs import measure_of
from analysis.sensitivity.plan import FULL, Size, find_influences, full_size
from analysis.sensitivity.sobol import shares
from analysis.worlds.balance import Turnover, rebalanced, turnover
from sim.errors import InputError
from sim.world.latents import check_correlations
from sim.world.parameters import catalogue
from sim.world.streams import key_of

TEAMS = 4
SMALL = 60


def certain(values):
    """Answers without Monte Carlo error."""
    return Answers(values, np.repeat(values[:, None], TEAMS, axis=1))


def noisy(values, size, rng):
    """Answers that are means over teams, each with an error of its own."""
    teams = values[:, None] + size * np.sqrt(TEAMS) * rng.standard_normal((values.size, TEAMS))
    rest = (teams.sum(axis=1, keepdims=True) - teams) / (TEAMS - 1)
    return Answers(teams.mean(axis=1), rest)


def some_space(k):
    return Space(choose_space().entries[:k], "assumed", 0)


# ---------------------------------------------------------------- indices


def test_screening_a_plane_gives_its_slopes_and_signs():
    slope = np.array([3.0, -2.0, 0.0, 0.5])
    space = some_space(4)
    found = screen(space, space.paths, lambda _, points: certain(points @ slope), 5, seed=1)
    assert found.mu_star == pytest.approx(np.abs(slope))
    assert found.mu == pytest.approx(slope)
    assert found.sigma == pytest.approx(np.zeros(4), abs=1e-12)
    assert found.above_noise.tolist() == [True, True, False, True]
    assert [found.names[i] for i in found.order[:2]] == list(space.paths[:2])


def test_a_family_moves_together_and_its_effect_is_told_from_the_others():
    space = some_space(4)
    found = screen(space, ["a", "b", "a", "b"], lambda _, p: certain(p @ [1, 0, 1, 0]), 20, seed=3)
    by_name = dict(zip(found.names, found.mu_star, strict=True))
    assert by_name["b"] == 0
    assert 0 < by_name["a"] <= 2 + 1e-9
    assert found.members == ((space.paths[0], space.paths[2]), (space.paths[1], space.paths[3]))
    assert np.isnan(found.mu).all()


def test_the_shares_of_the_ishigami_function_are_the_known_ones():
    space = some_space(3)

    def ask(_, points):
        return certain(Ishigami.evaluate(np.pi * (2 * points - 1)))

    found = shares(space, ask, 4096, seed=1)
    assert found.total == pytest.approx([0.558, 0.442, 0.244], abs=0.03)
    assert found.first == pytest.approx([0.314, 0.442, 0.0], abs=0.03)
    assert found.sd == pytest.approx(np.sqrt(13.84), rel=0.02)
    screened = screen(space, space.paths, ask, 100, seed=1)
    assert screened.above_noise.all()
    assert (screened.sigma > screened.mu_star / 4).all()  # it bends, everywhere


def test_an_answer_that_never_moves_has_no_shares_and_nothing_above_noise():
    space = some_space(3)

    def constant(_, points):
        return certain(np.ones(len(points)))

    assert shares(space, constant, 8, seed=1).total.tolist() == [0, 0, 0]
    assert not screen(space, space.paths, constant, 4, seed=1).above_noise.any()


def test_what_is_only_noise_is_said_to_be_noise():
    """In 5 % of runs something counts as above noise: over 14 of 100 has a chance of 1e-4."""
    space, rng = some_space(20), np.random.default_rng(5)
    alarms, ratio = 0, []
    for seed in range(100):
        found = screen(
            space, space.paths, lambda _, p: noisy(np.zeros(len(p)), 0.1, rng), 10, seed=seed
        )
        alarms += found.above_noise.any()
        ratio.append(found.mu_star.mean() / found.noise.mean())
    assert alarms <= 14
    assert np.mean(ratio) == pytest.approx(1, abs=0.05)


def test_noise_raises_a_total_share_by_what_is_said():
    rng, space = np.random.default_rng(2), some_space(2)
    found = shares(space, lambda _, p: noisy(p[:, 0], 0.2, rng), 1024, seed=1)
    assert not found.above_noise[1]
    assert found.total[1] == pytest.approx(found.noise[1], rel=0.15)
    assert found.above_noise[0]


def test_trajectories_on_which_an_answer_is_undefined_are_left_out_and_counted():
    space = some_space(2)

    def ask(_, points):
        return certain(np.where(points[:, 0] == 0, np.nan, points @ [2.0, 1.0]))

    found = screen(space, space.paths, ask, 30, seed=1)
    assert 0 < found.lost < 30
    assert found.mu_star == pytest.approx([2, 1])


# ---------------------------------------------------------------- what may vary


def test_the_middle_of_the_cube_is_the_shipped_world_and_the_corners_are_the_ranges():
    space = choose_space()
    k = len(space.paths)
    shipped = space.at(np.full(k, MIDDLE))
    assert shipped == {path: catalogue()[path].value for path in space.paths}
    free = space.subset(["work.strain", "ending.lapse"])
    assert free.at(np.zeros(2)) == pytest.approx({p: catalogue()[p].low for p in free.paths})
    assert free.at(np.ones(2)) == pytest.approx({p: catalogue()[p].high for p in free.paths})


def test_nothing_solved_switched_or_unseen_is_free():
    assumed, everything = choose_space(["assumed", "assumed"]), choose_space(["all"])
    assert assumed == choose_space()
    assert all(entry.grade == "assumed" for entry in assumed.entries)
    assert len(assumed.paths) > 350
    not_free = ("formation", "usual_trust", "dormant_share", "switch", "usual_giving", "units")
    assert not [p for p in everything.paths if p.rsplit(".", 1)[1] in not_free]
    assert not [p for p in everything.paths if p.split(".")[0] in ("start", "scale", "question")]
    assert not [entry for entry in everything.entries if entry.value == 0]
    assert "naming.affection_effect" not in everything.paths
    assert "naming.affection_effect" in choose_space(on_maps=True).paths


def test_every_draw_is_a_world_that_can_be_lived_under_every_shock():
    space = choose_space(["all"])
    rng = np.random.default_rng(1)
    points = [*np.eye(2)[:, :1] * np.ones(len(space.paths)), *rng.random((20, len(space.paths)))]
    for point in points:
        values = space.at(point)
        assert values["illness.peak_low"] <= values["illness.peak_high"]
        kinds = [v for p, v in values.items() if p.startswith("tie.object_")]
        assert sum(kinds) <= 1 + 1e-9
        for world in WORLDS:
            _scenario(tuple(sorted(values.items())), world, 288)


def test_families_are_one_quantity_over_groups_or_one_section():
    known = catalogue()
    assert (
        screened_with(known["tie.friend.upkeep"])
        == screened_with(known["tie.kin.upkeep"])
        == "tie.*.upkeep"
    )
    assert screened_with(known["tie.kin_parent_share"]) == "tie (kinds)"
    assert screened_with(known["service.coordinator.capacity"]) == "service.coordinator"
    assert screened_with(known["feelings.load_memory"]) == "feelings"


@pytest.mark.parametrize(
    ("among", "said"),
    [
        ("ending.lapsse", 'no parameter "ending.lapsse"; did you mean "ending.lapse"'),
        ("asumed", 'did you mean "assumed"'),
        ("constriction.switch", "is a switch"),
        ("tie.friend.formation", "is solved"),
        ("pairs.kin_kin", "what a study asks"),
        ("naming.affection_effect", "acts on maps"),
        ("scale.hccq.mean", "is solved"),
        ("nothing.*", 'is called "nothing.*"'),
        (" ", "no parameter of that kind"),
    ],
)
def test_what_cannot_vary_is_refused_with_the_reason(among, said):
    with pytest.raises(InputError) as refused:
        choose_space([among])
    assert said in str(refused.value)


def test_several_parameters_may_be_named_with_commas_and_stars():
    found = choose_space(["ending.lapse, tie.*.withdrawal"])
    assert "ending.lapse" in found.paths
    assert {p.rsplit(".", 1)[1] for p in found.paths} == {"lapse", "withdrawal"}


# ---------------------------------------------------------------- births


def test_no_draw_is_without_a_group_of_ties():
    space = choose_space(["tie.*.latent_mean"])
    shipped = np.array([entry.value for entry in space.entries])
    lowest, highest = (np.array(list(space.at(np.full(len(shipped), end)).values()))
                       for end in (0.0, 1.0))  # fmt: skip
    np.testing.assert_allclose(lowest, shipped / 2)
    np.testing.assert_allclose(highest[:-1], 2 * shipped[:-1])


def test_births_follow_losses_and_the_shipped_ones_stay():
    ties = np.full(7, 1000.0)
    shipped = [Turnover(ties, np.full(7, 99.0), np.full(7, 99.0))]
    assert rebalanced({}, shipped, shipped) == {
        path: entry.value
        for path, entry in catalogue().items()
        if path.endswith(".formation") and entry.value
    }
    doubled = [Turnover(ties, np.full(7, 99.0), np.full(7, 199.0))]
    found = rebalanced({}, doubled, shipped)["tie.friend.formation"]
    assert found == pytest.approx(2 * catalogue()["tie.friend.formation"].value)


def test_one_correction_brings_a_changed_world_to_rest():
    changed = {"ending.lapse": 3.0, "tie.friend.episode_effect": 1.6,
               "tie.friend.dormancy_rate": 0.3}  # fmt: skip

    def seen(parameters):
        scenario = _scenario(tuple(sorted(parameters.items())), "usual", 288)
        return [turnover(scenario, PLACE, key_of(1, r)) for r in range(8)]

    def growth(years):
        friends = [(y.births[3] - y.losses[3], y.ties[3]) for y in years]
        return sum(x for x, _ in friends) / sum(y for _, y in friends)

    before = seen(changed)
    after = seen(rebalanced(changed, before, seen({})))
    assert growth(before) < -0.05
    assert abs(growth(after)) < abs(growth(before)) / 2


def test_correlations_of_a_draw_can_be_had_together():
    entries = tuple(e for e in catalogue().values() if e.path.startswith("correlation.severity_"))
    space = Space(entries, "", 0)
    others = {e.path: e.value for e in catalogue().values() if e.path.startswith("correlation.")}
    for end in (0.0, 1.0):
        drawn = space.at(np.full(len(entries), end))
        check_correlations(others | drawn, "here")
        assert all(entry.low <= drawn[entry.path] <= entry.high for entry in entries)
    shipped = space.at(np.full(len(entries), MIDDLE))
    assert shipped == {entry.path: pytest.approx(entry.value) for entry in entries}
    lowest = {entry.path: entry.low for entry in entries}
    with pytest.raises(InputError, match="no people can"):
        check_correlations(others | lowest, "here")


# ---------------------------------------------------------------- the world as a function


def test_answers_do_not_depend_on_threads():
    space = choose_space(["work.strain", "ending.lapse"])
    points = np.random.default_rng(1).random((4, 2))
    one, three = (
        MeasuredWorld(["people_12m", "cutback_wellbeing"], 2, seed=3, threads=n, egos=SMALL)
        for n in (1, 3)
    )
    for first, other in zip(one.answers(space, points), three.answers(space, points), strict=True):
        assert first.value.tobytes() == other.value.tobytes()
        assert first.rest.tobytes() == other.rest.tobytes()


def test_a_parameter_of_a_rule_that_is_off_moves_nothing():
    entries = {entry.path: entry for entry in choose_space().entries}
    thinning, inclined = entries["constriction.thinning"], entries["ego.constrictor_share"]
    off = Space((thinning, replace(inclined, low=0.0, value=0.0, high=0.0)), "", 0)
    on = Space((thinning, inclined), "", 0)
    world = MeasuredWorld(["support"], 2, seed=1, egos=120)
    found = [
        screen(space, space.paths, lambda s, p: world.answers(s, p)[0], 3, seed=1)
        for space in (off, on)
    ]
    assert found[0].mu_star.tolist() == [0, 0]
    assert not found[0].above_noise.any()
    assert (found[1].mu_star > 0).all()


def test_an_output_that_is_a_pattern_is_that_patterns_contrast():
    (pattern,) = choose(["P42"])
    (verdict,) = verdicts([replace(pattern, same=False)], 3, 0, seed=2, threads=1)
    world = MeasuredWorld(["cutback_contact_ratio"], 3, seed=2)
    (found,) = world.answers(choose_space(["work.strain"]), np.full((1, 1), MIDDLE))
    assert found.value[0] == pytest.approx(verdict.effect, rel=1e-12)
    assert found.mcse[0] == pytest.approx(verdict.mcse, rel=1e-9)


def test_every_output_has_a_value_in_the_shipped_world():
    world = MeasuredWorld(list(OUTPUTS), 2, seed=1)
    found = world.answers(choose_space(["work.strain"]), np.full((1, 1), MIDDLE))
    value = {name: one.value[0] for name, one in zip(OUTPUTS, found, strict=True)}
    assert np.isfinite(list(value.values())).all()
    for name in ("friend_retention_12m", "kin_retention_12m", "professional_retention_12m"):
        assert 0.3 < value[name] < 1
    assert value["kin_retention_12m"] > value["friend_retention_12m"]
    assert 4 < value["map_size"] < 14
    assert value["cutback_contact_ratio"] < 0
    assert value["friends_lost_first"] == pytest.approx(
        value["episode_friend_excess_loss"] - value["episode_kin_excess_loss"]
    )


def test_an_unknown_output_is_refused_with_the_nearest():
    with pytest.raises(InputError, match='did you mean "wellbeing"'):
        measure_of("welbeing")


def test_many_parameters_need_screening_first():
    with pytest.raises(InputError, match="too many without screening"):
        find_influences("wellbeing", method="sobol")


def test_what_compares_worlds_has_more_teams():
    assert set(OUTPUTS) > CONTRASTS
    for name in OUTPUTS:
        size, more = full_size(name), name in CONTRASTS
        assert (size.teams > FULL.teams) == more
        assert replace(size, teams=FULL.teams) == FULL


def test_the_plan_goes_from_families_to_parameters_to_shares():
    size = Size(teams=2, trajectories=2, one_by_one=2, shared=2, base=2)
    among = ["tie.*.withdrawal", "wellbeing.severity", "wellbeing.speed", "guilt.memory"]
    found = find_influences("wellbeing", among=among, size=size, seed=1)
    assert found.families.names == ("tie.*.withdrawal", "guilt.memory", "wellbeing")
    assert set(found.parameters.names) == {"wellbeing.severity", "wellbeing.speed"}
    assert set(found.shares.names) <= set(found.parameters.names)
    assert found.shipped[0] != found.elsewhere[0]


# ---------------------------------------------------------------- the ignorance band


def test_a_share_is_corrected_for_noise():
    rng = np.random.default_rng(3)
    true = 0.5 + rng.standard_normal(4000)
    seen = true + 2 * rng.standard_normal(4000)
    assert (seen > 0).mean() == pytest.approx(0.59, abs=0.03)
    assert corrected_share(seen, np.full(4000, 2.0)) == pytest.approx(0.69, abs=0.03)
    assert corrected_share(true, np.full(4000, 1e-9)) == pytest.approx((true > 0).mean(), abs=1e-3)


def test_a_statement_is_decided_only_where_the_interval_leaves_out_zero():
    rng = np.random.default_rng(1)
    values = np.array([-9.0, -8.0, 0.0, 7.0, np.nan])
    found = noisy(values, 0.5, rng)
    (claim,) = [one for one in STATEMENTS.values() if one.output == "cutback_contact_ratio"]
    near = np.array([True, False, False, True, True])
    held = fate(claim, found, certain(np.array([-1.0])), near, rng)
    assert (held.decided_for, held.undecided, held.decided_against) == (2, 1, 1)
    assert (held.n, held.undefined) == (4, 1)
    assert held.shipped == -1
    assert held.agree_with_shipped == held.share
    assert (held.near, held.near_share) == (2, 0.5)


def test_what_flips_a_statement_is_named_and_nothing_else_is_certain():
    """Intervals hold for all 30 parameters together: another one is certain in 5 % of seeds."""
    space, rng = some_space(30), np.random.default_rng(4)
    points = rng.random((300, 30))
    value = 4 * points[:, 7] - 2 + 0.3 * rng.standard_normal(300)
    found = slopes(space, points, STATEMENTS["recovery"], certain(value))
    assert [one.path for one in found if one.certain] == [space.paths[7]]
    assert found[0].slope == pytest.approx(4, abs=0.3)
    assert found[0].apart_low > 0
    reversed_ = slopes(space, points, STATEMENTS["contact"], certain(value))
    assert reversed_[0].slope == pytest.approx(-found[0].slope)


def test_a_small_band_is_the_same_for_any_number_of_threads():
    one, two = (
        ignorance(3, 2, among=["constriction.*", "wellbeing.*"], seed=2, threads=n, egos=96)
        for n in (1, 2)
    )
    assert list(one.held) == list(STATEMENTS)
    for name in STATEMENTS:
        assert one.contrasts[name].rest.tobytes() == two.contrasts[name].rest.tobytes()
        assert repr(one.flips[name]) == repr(two.flips[name])  # nan is equal to nothing


@pytest.mark.verify
def test_the_error_of_an_answer_is_what_other_seeds_show():
    """Mean squared error over mean square of 60 seeds: F-like, within a factor 2 (chance 1e-4)."""
    space = choose_space(["work.strain"])
    point = np.full((1, 1), MIDDLE)
    found = [MeasuredWorld(["people_12m"], 6, seed=s).answers(space, point)[0] for s in range(60)]
    seen = np.var([one.value[0] for one in found], ddof=1)
    said = np.mean([one.mcse[0] ** 2 for one in found])
    assert 0.5 < said / seen < 2
