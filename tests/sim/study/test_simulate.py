import os
import subprocess
import sys

import numpy as np
import pytest

from sim.data import tables
from sim.study.measure import measure_maps, measure_scaling
from sim.study.simulate import simulate_study
from sim.study.tables import study_tables
from sim.study.truth import truth_tables


@pytest.fixture(scope="module")
def built(simulated):
    """All tables of the small study."""
    columns = {**study_tables(simulated), **truth_tables(simulated)}
    return {name: tables.build(name, one) for name, one in columns.items()}


def test_the_tables_are_as_the_codebook_has_them_and_refer_to_each_other(built):
    tables.check_keys(built)
    assert built["persons"].num_rows == 10
    assert built["attrition"].num_rows == 30
    assert built["alters"].num_rows > 20


def digests(study):
    columns = {**study_tables(study), **truth_tables(study)}
    return {name: tables.digest(tables.build(name, one)) for name, one in columns.items()}


def test_threads_change_no_byte(simulated, make_study, make_world):
    again = simulate_study(make_world(), make_study(), seed=4, threads=2)
    assert digests(again) == digests(simulated)


def test_another_replicate_is_another_study(simulated, make_study, make_world):
    other = simulate_study(make_world(), make_study(), seed=4, replicate=1)
    assert digests(other)["alters"] != digests(simulated)["alters"]


def test_teams_after_run_in_can_be_shared(simulated, make_study, make_world):
    begun = {}
    first = simulate_study(make_world(), make_study(), seed=4, begun=begun)
    assert len(begun) == 3
    second = simulate_study(make_world(), make_study(), seed=4, begun=begun)
    assert digests(first) == digests(second) == digests(simulated)


def test_progress_is_told_of_every_team(make_study, make_world):
    told = []
    simulate_study(make_world(), make_study(), seed=4, progress=lambda *one: told.append(one))
    assert told == [("simulating teams", done, 3) for done in (1, 2, 3)]


def test_the_flow_adds_up(built, simulated):
    flow = built["flow"].to_pandas()
    reached = flow[flow.outcome == "reached"].groupby("stage").n_people.sum()
    lost = flow[flow.outcome == "lost"].groupby("stage").n_people.sum()
    assert reached["approached"] == sum(site.fate.size for site in simulated.flow)
    before = "approached"
    for stage in ("interested", "eligible", "consented"):
        assert reached[before] == reached[stage] + lost.get(stage, 0)
        before = stage
    assert reached["consented"] == reached["allocated"] == simulated.n
    waves = flow[flow.stage == "interviewed"].groupby("wave").n_people.sum()
    assert waves.tolist() == [10, 10, 10]
    assert flow[flow.outcome == "lost"].reason.notna().all()


def test_ties_between_members_were_asked_unless_the_interview_broke_off(make_study, make_world):
    world = make_world(parameters={"interview.break_off": 0.3})
    made = study_tables(simulate_study(world, make_study(), seed=4))
    egos = tables.build("egos", made["egos"]).to_pandas()
    assert set(egos.aaties_asked) == {0, 1}
    assert (egos.aaties_asked == 0).equals(egos.interview_status == "partial")
    assert set(made["aaties"]["egoID"]) <= set(egos.egoID[egos.aaties_asked == 1])


def test_a_missed_wave_has_no_interview(built):
    egos, attrition = built["egos"].to_pandas(), built["attrition"].to_pandas()
    came = attrition[attrition.attended == 1]
    assert set(zip(egos.ego_pid, egos.wave, strict=True)) == set(
        zip(came.ego_pid, came.wave, strict=True)
    )
    assert (attrition.reason == "completed").equals(attrition.attended == 1)


def test_interviews_follow_each_other(built):
    egos = built["egos"].to_pandas()
    dates = egos.sort_values("wave").groupby("ego_pid").interview_date
    assert dates.apply(lambda one: one.is_monotonic_increasing).all()
    persons = built["persons"].to_pandas().set_index("ego_pid")
    first = egos[egos.wave == 1].set_index("ego_pid").interview_date
    assert (persons.recruit_date <= first).all()


def test_members_are_the_same_ones_at_every_wave(built):
    alters = built["alters"].to_pandas()
    fixed = ["alter_name", "tie_class", "is_human", "alter_sex"]
    assert (alters.groupby("alter_id")[fixed].nunique() == 1).all().all()
    again = alters[alters.wave > 1]
    assert set(again.same_person_as_last_wave.dropna()) <= {0, 1}
    assert alters[alters.wave == 1].same_person_as_last_wave.isna().all()


def test_every_active_tie_is_on_the_map_or_listed_as_missing(built, simulated):
    active = (simulated.sample.members["group"] >= 0) & (simulated.sample.members["active"] > 0)
    active &= (simulated.sample.egos["alive"] > 0)[:, :, None]
    seen = built["alters"].num_rows + built["truth/missing"].num_rows
    assert seen == active.sum()


def test_ties_that_ended_have_one_cause(built):
    ties = built["truth/ties"].to_pandas()
    assert (ties.ended_week.notna() == ties.end_cause.notna()).all()
    assert (ties.ended_week.dropna() >= ties.began_week[ties.ended_week.notna()]).all()


def test_only_people_are_asked_what_only_people_can_do(built):
    alters = built["alters"].to_pandas()
    things = alters[alters.is_human == 0]
    assert things[["trust", "knows_diagnosis", "supp_advocacy"]].isna().all().all()
    assert (things.alter_sex.dropna() == "not_applicable").all()
    assert (things.tie_class == "object").all()


def test_staff_numbers_are_of_the_team_alone(built):
    alters = built["alters"].to_pandas()
    of_team = alters.staff_id.notna()
    assert of_team.any()
    kinds = {"psychiatrist", "cpn", "care_coordinator", "support_worker"}
    ties = built["truth/ties"].to_pandas()
    assert set(ties.tie_kind[ties.staff_id.notna()]) <= kinds
    assert set(alters.staff_id[of_team]) <= set(ties.staff_id)
    sexes = alters[of_team].dropna(subset="alter_sex").groupby("staff_id").alter_sex.nunique()
    assert (sexes == 1).all()


def test_pairs_are_people_each_once(built):
    aaties, alters = built["aaties"].to_pandas(), built["alters"].to_pandas()
    assert (aaties.Source < aaties.Target).all()
    human = alters.set_index(["egoID", "alterID"]).is_human
    for end in ("Source", "Target"):
        assert (human.loc[list(zip(aaties.egoID, aaties[end], strict=True))] == 1).all()


def test_repetitions_are_counted_the_same_one_by_one_or_side_by_side(make_study, make_world):
    one = measure_maps(make_world(), make_study(), 6, seed=8)
    two = measure_maps(make_world(), make_study(), 6, seed=8, threads=2)
    for a, b in zip(vars(one).values(), vars(two).values(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert one.elicited.shape == (6, 10, 3, 5)
    mean, error = one.means()
    assert mean[5] == pytest.approx(mean[:5].sum())
    assert (error > 0).all()
    assert (one.lost <= one.held).all()
    assert (one.dropped <= one.kept_from).all()


def test_scaling_is_measured_for_all_that_is_scaled(make_study, make_world):
    found = measure_scaling(make_world(), make_study(), 2)
    assert 0 < found["importance.kin.typical"] < 1
    assert found["scale.latent.wellbeing_sd"] > 0


TINY = """
from sim.data import tables
from sim.study.simulate import simulate_study
from sim.study.tables import study_tables
from sim.study.truth import truth_tables
from sim.study.spec import parse_study
from sim.world.scenario import parse_scenario

study = parse_study({
    "id": "tiny", "title": "T", "frame": {"teams_per_site": [1], "egos_per_team": 10},
    "recruitment": {"n": 3, "interest": 1.0, "consent": 1.0}, "waves": {"weeks": [0, 2]},
    "arms": {"unit": "ego", "share": {"a": 1, "b": 1}},
})
world = parse_scenario({"id": "w", "title": "W", "world": {"runin_weeks": 2}})
found = simulate_study(world, study, seed=1)
for name, columns in {**study_tables(found), **truth_tables(found)}.items():
    print(name, tables.digest(tables.build(name, columns)))
"""


def test_plain_python_interviews_to_the_same_bytes():
    def said(**env):
        run = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", TINY], env={**os.environ, **env},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return run.stdout

    assert said(NUMBA_DISABLE_JIT="1") == said()


def test_interviews_alone_are_those_of_the_whole_study(simulated, make_study, make_world):
    short = simulate_study(make_world(), make_study(), seed=4, interviews_only=True)
    for name, table in simulated.maps._asdict().items():
        assert table.tobytes() == getattr(short.maps, name).tobytes()
    assert short.scores.tobytes() == simulated.scores.tobytes()
    assert short.visits.attended.tobytes() == simulated.visits.attended.tobytes()
    assert all(history.weekly.size == 0 for history in short.sample.histories)
    weeks = [history.team.week for history in short.sample.histories]
    last = [history.watched.weeks.max(initial=0) + 1 for history in short.sample.histories]
    assert all(end <= week for end, week in zip(last, weeks, strict=True))
    assert min(weeks) < max(weeks) <= short.study.horizon


OFFERED = [
    {
        "acts_on": "event.link", "how": "force", "from_study_week": 1,
        "who": {"arm": "intervention"}, "uptake": 0.6, "adherence": 1e-4,
    },
    {"acts_on": "tie.friend.ask_rate", "how": "multiply", "value": 2.0, "from_week": 0},
    {
        "acts_on": "tie.friend.offer_rate", "how": "multiply", "value": 2.0, "from_week": 0,
        "uptake": 0.5,
    },
]  # fmt: skip


def test_the_truth_says_who_took_up_an_offer_and_when_they_stopped(make_study, make_world, built):
    study = simulate_study(make_world(shock=OFFERED), make_study(), seed=4)
    made = {name: tables.build(name, one) for name, one in truth_tables(study).items()}
    made["persons"] = tables.build("persons", study_tables(study)["persons"])
    tables.check_keys(made)
    told = made["truth/uptake"].to_pandas()
    arm = made["persons"].to_pandas().set_index("ego_pid")["arm"]
    link, second = told[told["shock"] == 1], told[told["shock"] == 3]
    assert set(link["ego_pid"]) == set(arm.index[arm == "intervention"])
    assert len(second) == len(arm)
    assert (link["acts_on"] == "event.link").all()
    assert (link["offered_week"] == 1).all()
    assert 0 < link["took_up"].sum() < len(link)
    stopped = link["stopped_week"]
    assert (stopped.dropna() > 1).all()
    assert stopped.notna().any()
    assert stopped[link["took_up"] == 0].isna().all()
    assert second["stopped_week"].isna().all()
    born = made["truth/events"].to_pandas()
    assert not born["event"].isin(["took_up", "declined", "stopped"]).any()
    new = made["truth/ties"].to_pandas().query("began_week == 1 and tie_kind == 'group'")
    assert set(link["ego_pid"][link["took_up"] == 1]) <= set(new["ego_pid"])
    assert "truth/uptake" not in built  # nobody was offered anything that may be declined
