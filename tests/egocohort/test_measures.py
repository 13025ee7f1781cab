"""``egocohort measures``: one sentence first, tables by interview and by step, nothing invented."""

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import egocohort as ec

MANY_BREAK_OFF = '[parameters]\n"interview.break_off" = 0.3\n'
OF_TIES = [
    "density", "components", "constraint", "effective_size", "betweenness", "max_betweenness",
    "ei_class", "ei_sex",
]  # fmt: skip


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The founding study in which many interviews broke off, as a bundle."""
    place = tmp_path_factory.mktemp("measures")
    world = place / "world.toml"
    said = 'id = "world"\ntitle = "A world"\nextends = "usual-care"\n'
    world.write_text(said + MANY_BREAK_OFF, encoding="utf-8")
    return ec.simulate("founding-study", scenario=world, seed=3, out=place)


@pytest.fixture(scope="module")
def found(study):
    return ec.measures(study)


def test_one_sentence_comes_first(invoke, study, found):
    run = invoke("measures", study.folder)
    assert (run.returncode, run.stderr) == (0, "")
    broken = int((study.egos.aaties_asked == 0).sum())
    mean = found.interviews
    few = int((mean.density.isna() & (mean.aaties_asked == 1)).sum())
    assert run.stdout.splitlines()[0] == (
        f"In {len(study.egos)} interviews, {len(study.persons)} people named "
        f"{mean['size'].mean():.1f} people on average, with a mean density of "
        f"{mean['density'].mean():.2f}; density is missing for {mean['density'].isna().sum()} "
        f"interviews: {broken} broke off, {few} named fewer than two people."
    )


def test_means_of_ties_stand_beside_the_number_they_are_of(found):
    lines = found.summary().partition("means by wave\n")[2].splitlines()
    head, *rows = (line.split() for line in lines[:4])
    for wave, row in enumerate(rows, start=1):
        mine = found.interviews[found.interviews.wave == wave]
        shown = dict(zip(head, row, strict=True))
        assert shown["n"] == str(len(mine))
        assert shown["n_density"] == str(mine.density.notna().sum())
        assert int(shown["n_density"]) < len(mine)
        assert shown["density"] == f"{mine.density.mean():.2f}"


def test_on_disk_and_in_memory_they_are_the_same(study, found):
    there = ec.measures(study.folder)
    for name, table in found.tables.items():
        pd.testing.assert_frame_equal(there.tables[name], table)


def test_one_row_an_interview_in_the_order_of_egos(study, found):
    for table in (found.interviews, found.with_objects):
        assert table["egoID"].tolist() == study.egos["egoID"].tolist()
    assert found.with_objects["size"].tolist() == study.egos["n_alters"].tolist()
    keys = found.classes[["egoID", "tie_class"]]
    assert len(keys.drop_duplicates()) == len(keys) == 4 * len(study.egos)


def test_ties_that_were_not_asked_about_are_missing_and_names_are_not(study, found):
    broken = (study.egos.aaties_asked == 0).to_numpy()
    assert 10 < broken.sum() < len(broken) - 10
    assert found.interviews.loc[broken, OF_TIES].isna().all(axis=None)
    assert found.interviews.loc[broken, "size"].gt(0).any()
    assert found.interviews.loc[~broken, "components"].notna().all()


def test_each_person_steps_from_one_interview_to_the_next_they_came_to(study, found):
    steps = found.change[found.change["members"] == "all"]
    waves = study.egos.sort_values(["ego_pid", "wave"]).groupby("ego_pid")["wave"]
    right = [(pid, a, b) for pid, one in waves for a, b in pairwise(one)]
    assert sorted(steps[["ego_pid", "from_wave", "to_wave"]].itertuples(index=False)) == right


def test_change_of_all_members_is_that_of_ids(study, found):
    ids = study.alters.groupby(["ego_pid", "wave"])["alter_id"].agg(set)
    for step in found.change[found.change["members"] == "all"].itertuples():
        a, b = (ids.get((step.ego_pid, w), set()) for w in (step.from_wave, step.to_wave))
        assert step.kept == len(a & b)
        assert step.stability == pytest.approx(len(a & b) / len(a) if a else np.nan, nan_ok=True)


def test_people_and_objects_are_all_and_so_are_classes(found):
    by = found.change.pivot_table(
        index=["ego_pid", "from_wave"], columns="members", values=["kept", "lost", "new"]
    )
    for what in ("kept", "lost", "new"):
        one = by[what]
        assert (one["all"] == one[["kin", "friend", "professional", "object"]].sum(axis=1)).all()
        assert (one["people"] == one["all"] - one["object"]).all()


def test_files_and_data_hold_every_table(invoke, study, found, tmp_path):
    run = invoke("measures", study.folder, "--out", tmp_path / "new", "--json")
    said = json.loads(run.stdout)
    assert said["sentence"] == found.headline
    for name, table in found.tables.items():
        assert len(said[name]) == len(table)
        read = pd.read_csv(tmp_path / "new" / f"{name}.csv")
        assert read.pop("synthetic").all()
        pd.testing.assert_frame_equal(read, table, check_dtype=False, rtol=1e-5)


def test_a_folder_that_is_no_bundle_is_told_in_one_message(invoke, tmp_path):
    run = invoke("measures", tmp_path / "nowhere")
    assert (run.returncode, run.stdout) == (2, "")
    assert "nowhere" in run.stderr
    assert len(run.stderr.splitlines()) <= 2
