"""The tables of the truth: they agree with each other, with the study's tables, and with lives."""

import numpy as np
import pandas as pd
import pytest

from sim.data import tables
from sim.errors import InputError
from sim.study.allocate import Allocation
from sim.study.ids import participant_ids
from sim.study.other_lives import live_otherwise
from sim.study.scales import true_scores
from sim.study.seen import gather
from sim.study.settings import SCORES
from sim.study.simulate import simulate_study
from sim.study.spec import read_study
from sim.study.tables import study_tables
from sim.study.tally import COUNTED
from sim.study.truth import truth_tables
from sim.world.kinds import Kind
from sim.world.run import Place, Watched, live, run_in
from sim.world.scenario import read_scenario


def ids_of(study):
    """Ids of the participants, in their order."""
    return participant_ids(study.sample.address, study.key).astype(str).tolist()


CUT = {"unit": "team", "share": {"usual": 1, "cut": 1}, "scenario": {"cut": "service-cutback"}}
ASKS_MORE = {"id": "x", "title": "X", "parameters": {"tie.friend.ask_rate": 3.5}}
CELL = ["estimand", "item", "arm", "wave"]


def built(study, other=None):
    """Tables of a study as DataFrames, keys checked."""
    made = {
        name: tables.build(name, columns)
        for name, columns in {**study_tables(study), **truth_tables(study, other)}.items()
    }
    tables.check_keys(made)
    return {name: table.to_pandas(date_as_object=False) for name, table in made.items()}


@pytest.fixture(scope="module")
def small(make_study, make_world):
    """A study with telephone and a cap, in which somebody dies and interviews break off."""
    map_rules = {"telephone_share": 0.5, "most_members": 7}
    study = make_study(
        map=map_rules, waves={"weeks": [0, 20, 60], "window": 3},
        frame={"teams_per_site": [3, 3], "scale": 0.2}, recruitment={"n": 150, "consent": 1.0},
    )  # fmt: skip
    world = make_world(parameters={"illness.death_rate": 0.03, "interview.break_off": 0.3})
    return simulate_study(world, study, seed=6)


@pytest.fixture(scope="module")
def found(small):
    return built(small)


def test_ties_that_ended_are_those_of_the_table_of_ties(found):
    ties, values = found["truth/ties"], found["truth/estimands"]
    asked = values.query("estimand == 'ties_ended' and arm == 'all'").set_index(["item", "week"])
    assert set(asked.index.get_level_values("week")) == {20, 52, 60}
    there = ties[(ties.began_week <= 0) & ~(ties.ended_week <= 0)]
    for (item, week), row in asked.iterrows():
        of = there if item == "all" else there[there.tie_class == item]
        assert row.n == len(of)
        assert row.value == pytest.approx((of.ended_week <= week).mean(), abs=1e-6)
    assert asked.wave.isna().sum() == 5  # a year, at which no wave is due


def test_the_rung_of_participants_has_the_values_of_the_estimands(found):
    rung = found["truth/ladder"].query("rung == 'participants_true'").set_index(CELL)
    values = found["truth/estimands"].set_index(CELL).loc[rung.index]
    for name in ("value", "n"):
        np.testing.assert_array_equal(rung[name], values[name])
    assert values.definition.str.len().min() > 40


def test_the_lower_rungs_are_what_the_tables_of_the_study_give(found):
    ladder = found["truth/ladder"].query("arm == 'all'").set_index(["rung", *CELL]).value
    egos, alters = found["egos"], found["alters"]
    seen = ladder.loc["attending_elicited"]
    first = egos[egos.wave == 1].set_index("ego_pid").swemwbs
    for wave, of_wave in egos.groupby("wave"):
        assert seen["score_mean", "swemwbs", "all", wave] == pytest.approx(
            of_wave.swemwbs.mean(), abs=1e-6
        )
        friends = alters.query(f"wave == {wave} and tie_class == 'friend'")
        size = len(friends) / len(of_wave)
        assert seen["map_size", "friend", "all", wave] == pytest.approx(size, abs=1e-6)
        if wave > 1:
            change = of_wave.set_index("ego_pid").swemwbs - first
            assert seen["score_change", "swemwbs", "all", wave] == pytest.approx(
                change.mean(), abs=1e-6
            )
            held = alters[(alters.wave == 1) & alters.ego_pid.isin(of_wave.ego_pid)]
            again = held.alter_id.isin(alters[alters.wave == wave].alter_id)
            loss = seen["map_loss", "all", "all", wave]
            assert loss == pytest.approx(1 - again.mean(), abs=1e-6)
    pd.testing.assert_series_equal(seen, ladder.loc["as_collected"])


def test_where_everybody_takes_part_the_frame_is_the_participants(make_study, make_world):
    world = make_world()
    study = make_study(
        frame={"teams_per_site": [1, 2], "scale": 0.1, "egos_per_team": 200},
        recruitment={"n": 60, "interest": 1.0, "consent": 1.0},
        participation={},
    )
    ladder = built(simulate_study(world, study, seed=1))["truth/ladder"]
    rungs = ladder.pivot(index=CELL, columns="rung", values=["value", "n"])
    assert rungs["n"].max().max() > 40
    for what, loose in (("n", 0), ("value", 2e-6)):
        whole, part = rungs[what]["frame_true"], rungs[what]["participants_true"]
        np.testing.assert_allclose(part.to_numpy(float), whole.to_numpy(float), atol=loose)
    pd.testing.assert_series_equal(
        rungs["value"]["attending_true"], rungs["value"]["participants_true"], check_names=False
    )


def test_a_study_in_which_the_frame_is_not_looked_at_is_the_same(make_study, make_world, simulated):
    blind = simulate_study(make_world(), make_study(), seed=4, frame=False)
    assert blind.frame is None
    for one in (blind, simulated):
        one.__dict__.pop("ties", None)
    weekly = [truth_tables(one)["truth/weekly"] for one in (blind, simulated)]
    for name in ("wellbeing", "contacts", "week"):
        np.testing.assert_array_equal(weekly[0][name], weekly[1][name])
    np.testing.assert_array_equal(blind.scores, simulated.scores)


def test_weeks_begin_with_the_baseline_and_end_with_the_last_interview(found, small):
    weekly, waves = found["truth/weekly"], found["truth/waves"]
    span = weekly.groupby("ego_pid").week.agg(["min", "max", "size"])
    last = waves[waves.wave == 3].set_index("ego_pid").interview_week
    assert (span["min"] == 0).all()
    assert (span["max"] == last.reindex(span.index)).all()
    assert (span["size"] == span["max"] + 1).all()
    unknown = weekly[weekly.visits_kept.isna()]
    assert (unknown.week == 0).all()
    first = np.flatnonzero(small.sample.weeks[:, 0] == 0)
    assert set(unknown.ego_pid) == set(np.array(ids_of(small))[first])
    state = np.array([small.sample.egos["wellbeing"][i, 0] for i in range(small.n)])
    np.testing.assert_array_equal(weekly[weekly.week == 0].wellbeing, state)


def test_waves_hold_dates_and_scores_of_the_interviews_that_took_place(found):
    waves = found["truth/waves"].set_index(["ego_pid", "wave"])
    egos = found["egos"].set_index(["ego_pid", "wave"])
    held = waves.loc[egos.index]
    assert (held.interview_date == egos.interview_date).all()
    assert (held.attended == 1).all()
    assert waves.attended.sum() == len(egos)
    pd.testing.assert_series_equal(held.reqol10_full, egos.reqol10, check_names=False)
    dead = waves[waves.alive == 0]
    assert len(dead) > 0
    assert dead.swemwbs_true.isna().all()
    assert (dead.chance_attended == 0).all()


def test_answers_are_those_given_and_those_of_the_interviews_that_were_missed(found):
    full = found["truth/items"].set_index(["ego_pid", "wave"])
    given = found["items"].set_index(["ego_pid", "wave"]).drop(columns="egoID")
    pd.testing.assert_frame_equal(full.loc[given.index], given, check_dtype=False)
    assert len(full) == found["truth/waves"].alive.sum() > len(given)


def test_members_are_the_maps_and_what_is_missing_from_them(found):
    members = found["truth/members"].set_index(["alter_id", "wave"])
    alters = found["alters"].set_index(["alter_id", "wave"])
    missing = found["truth/missing"].set_index(["alter_id", "wave"])
    assert set(members.index[members.recorded == 1]) == set(alters.index)
    assert set(members.index[(members.active == 1) & (members.recorded == 0)]) == set(missing.index)
    on_map = members.on_map.reindex(missing.index) == 1
    assert set(missing.reason) == {
        "missed_wave", "forgotten", "over_cap", "overlooked", "not_salient"
    }  # fmt: skip
    assert on_map[missing.reason == "overlooked"].all()
    assert not on_map[missing.reason == "not_salient"].any()
    full = found["egos"].set_index(["ego_pid", "wave"]).n_alters == 7
    over = missing[missing.reason == "over_cap"].reset_index().set_index(["ego_pid", "wave"])
    assert full.reindex(over.index).all()
    assert (members.on_map <= members.active).all()


def test_nothing_is_overlooked_where_maps_have_no_error(make_study, make_world):
    study = make_study(map={"error_free": True})
    found = built(simulate_study(make_world(), study, seed=4))
    assert set(found["truth/missing"].reason) == {"not_salient", "missed_wave"}
    members, waves = found["truth/members"], found["truth/waves"]
    held = members.merge(waves.query("attended == 1"), on=["ego_pid", "wave"])
    assert (held.on_map == held.recorded).all()


def test_true_pairs_are_those_told_where_both_were_recorded(found):
    pairs, alters, egos = found["truth/pairs"], found["alters"], found["egos"]
    ids = alters.set_index(["egoID", "alterID"]).alter_id
    told = {
        (frozenset((ids[e, a], ids[e, b])), wave, weight)
        for e, a, b, weight, wave in found["aaties"][
            ["egoID", "Source", "Target", "weight", "wave"]
        ].itertuples(index=False)
    }
    asked = alters[alters.egoID.isin(egos.egoID[egos.aaties_asked == 1])]
    seen = set(zip(asked.alter_id, asked.wave, strict=True))
    true = {
        (frozenset((a, b)), wave, strength)
        for a, b, wave, strength in pairs[
            ["first_alter_id", "second_alter_id", "wave", "strength"]
        ].itertuples(index=False)
        if (a, wave) in seen and (b, wave) in seen
    }
    assert true
    assert true <= told


@pytest.mark.parametrize("unit", ["ego", "worker", "team"])
@pytest.mark.parametrize("asked", ["counterfactual", "direct"])
def test_the_life_in_the_arm_that_was_lived_is_that_life(make_study, make_world, unit, asked):
    arms = {**CUT, "unit": unit}
    if unit == "ego":
        arms["scenario"] = {"cut": ASKS_MORE}
    study = make_study(arms=arms, participation={}, waves={"weeks": [0, 20, 40]})
    study = simulate_study(make_world(), study, seed=3)
    other = live_otherwise(study, asked, threads=2)
    found = built(study, other)["truth/counterfactual"]
    assert set(found.contrast) == {"direct" if asked == "direct" else "all"}
    true = found.query("outcome == 'score' and item == 'swemwbs'")
    lived = np.where(true.lived_arm == true.arm, true.in_arm, true.in_versus)
    scores = {
        (pid, k + 1): study.true_scores[i, k, 0]
        for i, pid in enumerate(ids_of(study))
        for k in range(3)
    }
    expected = [scores[key] for key in zip(true.ego_pid, true.wave, strict=True)]
    if asked == "direct" or unit == "team":  # else the others' arms differ, too
        np.testing.assert_allclose(lived, expected, atol=1e-6)
    assert true.effect.abs().max() > 0
    assert (true.effect - (true.in_arm - true.in_versus)).abs().max() < 2e-6
    with_effects = built(study, other)["truth/estimands"].query("contrast.notna()")
    assert set(with_effects.versus) == {"usual"}
    mean = with_effects.query("estimand == 'score_mean' and item == 'swemwbs' and wave == 3").value
    assert mean.item() == pytest.approx(true[true.wave == 3].effect.mean(), abs=2e-6)


@pytest.mark.parametrize("unit", ["ego", "team"])
def test_the_truth_of_a_planted_effect_is_of_its_scale_in_its_arm_alone(
    make_study, make_world, unit
):
    planted = {"arm": "cut", "scale": "reqol10", "shift": [0.5, 1.0]}
    arms = {"unit": unit, "share": {"usual": 1, "cut": 1}, "planted": planted}
    study = make_study(arms=arms, participation={})
    done = simulate_study(make_world(), study, seed=3)
    other = live_otherwise(done, "counterfactual")
    found = built(done, other)["truth/counterfactual"]
    of_scale = found.query("item == 'reqol10'")
    assert (of_scale[of_scale.wave == 1].effect == 0).all()
    assert (found.query("item != 'reqol10'").effect.dropna() == 0).all()
    halfway, whole = (of_scale[of_scale.wave == wave].effect.mean() for wave in (2, 3))
    assert 1 < halfway < whole
    ladder = built(done, other)["truth/estimands"]
    by_arm = ladder.query("item == 'reqol10' and estimand == 'score_mean' and wave == 3")
    assert by_arm.query("versus == 'usual'").value.item() == pytest.approx(whole, abs=2e-6)


def test_where_teams_are_allocated_both_contrasts_are_one(make_study, make_world):
    study = simulate_study(make_world(), make_study(arms=CUT, participation={}), seed=3)
    one, two = (live_otherwise(study, asked) for asked in ("counterfactual", "direct"))
    np.testing.assert_array_equal(one.top, two.top)
    np.testing.assert_array_equal(one.alive, two.alive)
    assert one.top.shape == (2, study.n, 3, len(COUNTED))


def test_direct_changes_the_own_arm_alone(make_study, make_world):
    arms = {"unit": "ego", "share": {"usual": 1, "cut": 1}, "scenario": {"cut": ASKS_MORE}}
    study = make_study(arms=arms, participation={}, waves={"weeks": [0, 20, 40]})
    done = simulate_study(make_world(), study, seed=3)
    other, sample = live_otherwise(done, "direct"), done.sample
    for i in range(3):
        place = Place(int(sample.site[i]), int(sample.team[i]))
        team = run_in(done.lived, place, done.key)
        arm, _ = Allocation(study, done.lived, done.key).of_team(place, team)
        arm[sample.ego[i]] = 1 - arm[sample.ego[i]]
        watched = Watched(sample.ego[i : i + 1], sample.weeks[i : i + 1])
        lived = live(
            done.lived, place, team, done.key, study.horizon, watched=watched,
            arms=study.arm_names, arm=arm,
        )  # fmt: skip
        egos, members = gather([lived], [np.zeros(1, int)])
        true = true_scores(egos, members, done.params, done.key)[0]
        flipped = 1 - sample.arm[i]
        scores = [COUNTED.index(("score_mean", scale, 1)) for scale in SCORES]
        np.testing.assert_array_equal(other.top[flipped, i][:, scores], np.nan_to_num(true))


def test_without_arms_there_is_no_other_life(make_study, make_world):
    study = simulate_study(make_world(), make_study(arms=None, participation={}), seed=3)
    assert live_otherwise(study, "lived") is None
    with pytest.raises(InputError, match="the study has none"):
        live_otherwise(study, "direct")


BLOOD = (Kind.PARENT, Kind.SIBLING, Kind.CHILD, Kind.YOUNG_KIN)
YEAR = 52
SLACK = 3
"""Weeks that rounding of ages in years may leave."""


def test_no_tie_is_older_than_either_end_and_kin_are_as_old_as_the_younger():
    study, world = read_study("founding-study"), read_scenario("usual-care")
    for seed in range(10):
        done = simulate_study(world, study, seed=seed, frame=False)
        ties, first = done.ties.rows, done.sample.weeks[done.ties.rows["person"], 0]
        ego = done.sample.egos["age"][ties["person"], 0] * YEAR + first
        alter = done.alters["age"] * YEAR + first
        living = ties["kind"] <= Kind.OTHER_PROF
        younger = np.where(living, np.minimum(ego, alter), ego)
        assert (-ties["began"] <= younger + SLACK).all()
        blood = np.isin(ties["kind"], BLOOD) & (ties["began"] + first < 0)
        assert blood.sum() > 50
        np.testing.assert_allclose(-ties["began"][blood], younger[blood], atol=SLACK)
