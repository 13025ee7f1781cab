"""A pilot's tables: figures derived as they stand, small cells held back, mistakes named."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.calibration.cohort import Interviewed, interview_rows
from analysis.calibration.like import fitted_to, retention_of, study_like
from analysis.calibration.pilot import pilot_of, read_pilot
from analysis.calibration.statistics import CohortColumns, Key, evaluate
from analysis.calibration.targets import read_recipe
from sim.data import tables
from sim.errors import InputError
from sim.study.simulate import simulate_study
from sim.study.spec import parse_study, read_study
from sim.study.tables import study_tables
from sim.world.scenario import read_scenario

STUDY = {
    "id": "small", "title": "Sixty people", "frame": {"teams_per_site": [3], "scale": 0.5},
    "recruitment": {"n": 60}, "waves": {"weeks": [0, 13, 26]},
    "participation": {"retention": [0.85, 0.75], "return_rate": 0.3},
}  # fmt: skip


@pytest.fixture(scope="module")
def simulated():
    scenario = read_scenario("usual-care")
    return simulate_study(scenario, parse_study(STUDY), seed=4)


@pytest.fixture(scope="module")
def frames(simulated):
    found = study_tables(simulated)
    built = {name: tables.build(name, found[name]) for name in ("egos", "alters")}
    return {name: table.to_pandas() for name, table in built.items()}


@pytest.fixture
def folder(frames, tmp_path):
    for name, table in frames.items():
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    return tmp_path


@pytest.fixture
def spoil(folder):
    """Change one of the tables by a function of it."""

    def spoiling(name, change):
        file = folder / f"{name}.csv"
        change(pd.read_csv(file)).to_csv(file, index=False)
        return folder

    return spoiling


def test_figures_are_those_of_the_arrays_the_tables_were_made_of(simulated, folder):
    pilot = read_pilot(folder)
    columns = CohortColumns(3)
    seen = Interviewed(simulated.sample.members, simulated.maps.recorded, simulated.visits.attended)
    keys = [one.key for one in pilot.targets]
    expected = evaluate(interview_rows(seen, columns).sum(axis=0), columns, keys)
    assert [one.value for one in pilot.targets] == pytest.approx(expected.tolist())
    assert len(keys) > 12
    assert (pilot.people, pilot.waves, pilot.weeks) == (60, 3, (0, 13, 26))


def test_figures_are_what_a_reader_of_the_tables_would_work_out(frames):
    pilot = pilot_of(frames["egos"], frames["alters"])
    said = {one.key: one for one in pilot.targets}
    first = frames["alters"].query("wave == 1")
    friends = first[first.tie_class == "friend"].groupby("ego_pid").size()
    counts = friends.reindex(frames["egos"].query("wave == 1").ego_pid, fill_value=0)
    assert said[Key("map.friend")].value == pytest.approx(counts.mean())
    assert said[Key("map.friend")].se == pytest.approx(counts.std(ddof=0) / 60**0.5, rel=0.1)
    assert said[Key("map.size")].use == said[Key("interviewed", 2)].use == "validation"
    again = set(frames["egos"].query("wave == 2").ego_pid)
    held = first[first.ego_pid.isin(again) & (first.tie_class == "object")]
    second = set(frames["alters"].query("wave == 2").alter_id)
    assert said[Key("kept.object", 2)].value == pytest.approx(held.alter_id.isin(second).mean())


def test_other_columns_are_not_read_and_do_not_matter(frames, folder, spoil):
    before = read_pilot(folder)
    bad = "\x00name with, odd \u2603 text"
    spoil("alters", lambda t: t.assign(alter_name=bad, notes=bad)[["notes", *t.columns[::-1]]])
    assert read_pilot(folder).targets == before.targets


def test_a_figure_of_fewer_than_five_people_is_neither_shown_nor_used(frames):
    alters = frames["alters"]
    few = sorted(alters[(alters.tie_class == "friend")].ego_pid.unique())[:4]
    left = alters[(alters.tie_class != "friend") | alters.ego_pid.isin(few)]
    pilot = pilot_of(frames["egos"].drop(columns="n_alters"), left)
    names = {one.key.name for one in pilot.targets}
    assert not names & {"map.friend", "kept.friend"}
    assert {"map.kin", "kept.kin"} <= names
    assert "map.friend" in pilot.held_back


def test_retention_is_held_back_where_fewer_than_five_are_missing(frames):
    egos = frames["egos"]
    everybody = sorted(egos.query("wave == 1").ego_pid)
    no_map = {"wave": 2, "interview_status": "partial"}
    three = pd.DataFrame({"ego_pid": everybody[3:], **no_map})
    twelve = pd.DataFrame({"ego_pid": everybody[:48], **no_map})
    first = pd.DataFrame({"ego_pid": everybody, "wave": 1, "interview_status": "complete"})
    alters = frames["alters"].query("wave == 1")
    few = pilot_of(pd.concat([first, three]), alters)
    assert few.retention is None
    assert "interviewed, wave 2" in few.held_back
    many = pilot_of(pd.concat([first, twelve]), alters)
    assert many.retention == (0.8,)
    assert many.weeks is None


def test_a_study_like_the_pilot_has_its_waves_and_retention(folder):
    pilot = read_pilot(folder)
    study = study_like(read_study("founding-study"), pilot, read_scenario("usual-care"))
    assert study.waves.weeks == (0, 13, 26)
    assert study.recruitment.n == 60
    assert study.arm_names == ()
    assert study.participation.retention["all"] == tuple(np.minimum.accumulate(pilot.retention))
    assert study.map == read_study("founding-study").map


def test_retention_that_is_held_back_at_one_wave_lies_between_its_neighbours(folder):
    pilot = read_pilot(folder)
    assert retention_of(replace(pilot, retention=(None, 0.6)), (0, 13, 52)) == [0.9, 0.6]
    assert retention_of(replace(pilot, retention=(0.7, None)), (0, 13, 52)) == [0.7, 0.7]
    assert retention_of(replace(pilot, retention=(0.7, 0.8)), (0, 13, 52)) == [0.7, 0.7]
    held = replace(pilot, retention=(None, 0.6))
    study = study_like(read_study("founding-study"), held, read_scenario("usual-care"))
    assert study.participation.retention["all"] == pytest.approx((0.8, 0.6))
    assert "read off between its neighbours" in study.note


def test_waves_that_nobody_dates_need_a_study_with_as_many(frames):
    egos = frames["egos"].drop(columns="month_target").query("wave < 3")
    pilot, usual = pilot_of(egos, frames["alters"].query("wave < 3")), read_scenario("usual-care")
    with pytest.raises(InputError, match="give a --study with as many"):
        study_like(read_study("founding-study"), pilot, usual)
    assert study_like(read_study("equip-like"), pilot, usual).waves.weeks == (0, 26)


def test_a_large_pilot_gets_a_world_to_recruit_from(folder):
    pilot, study = replace(read_pilot(folder), people=400), read_study("founding-study")
    like = study_like(study, pilot, read_scenario("usual-care"))
    assert like.frame.teams_per_site == (6, 6, 6, 6, 6)
    assert study_like(study, read_pilot(folder), read_scenario("usual-care")).frame == study.frame


def test_a_target_of_the_recipe_and_of_the_pilot_is_one_too_many(folder):
    with pytest.raises(InputError, match="and so has the pilot"):
        fitted_to(read_recipe("founding-paper"), read_pilot(folder))


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("egos", lambda t: t.drop(columns="ego_pid"), "egos.csv: there is no column ego_pid"),
        ("alters", lambda t: t.drop(columns=["tie_class", "tie_kind"]), "no column tie_class"),
        ("alters", lambda t: t.drop(columns=["alter_id", "alterID"]), "no column alter_id"),
        ("egos", lambda t: t.query("wave != 2"), "without a gap"),
        ("egos", lambda t: t.head(0), "holds no interviews"),
        ("egos", lambda t: t.assign(wave="first"), "wave must be a whole number or a name"),
        ("egos", lambda t: pd.concat([t, t.head(1)]), "two interviews of one wave"),
        ("egos", lambda t: t.assign(ego_pid=t.ego_pid.where(t.index != 3)), "line 5: no ego_pid"),
        ("egos", lambda t: t.assign(month_target=0), "rise from wave to wave"),
        ("alters", lambda t: t.assign(tie_class="freind"), 'did you mean "friend"'),
        ("alters", lambda t: t.assign(ego_pid="X1"), "egos.csv has no interview"),
        ("alters", lambda t: pd.concat([t, t.tail(1)]), "on this map twice"),
        ("alters", lambda t: t.assign(alter_id=pd.NA), "every member needs its id"),
    ],
)
def test_a_mistake_in_the_tables_is_named(spoil, name, change, said):
    with pytest.raises(InputError) as caught:
        read_pilot(spoil(name, change))
    assert said in str(caught.value)


def test_too_few_people_and_no_folder_are_named(frames, folder, tmp_path):
    nine = sorted(frames["egos"].ego_pid.unique())[:9]
    some = {name: t[t.ego_pid.isin(nine)] for name, t in frames.items()}
    with pytest.raises(InputError, match="at least 10"):
        pilot_of(some["egos"], some["alters"])
    with pytest.raises(InputError, match="no such folder"):
        read_pilot(tmp_path / "nowhere")
    with pytest.raises(InputError, match="is not a folder"):
        read_pilot(folder / "egos.csv")
    (folder / "alters.csv").unlink()
    with pytest.raises(InputError, match=r"alters\.csv: no such file"):
        read_pilot(folder)
