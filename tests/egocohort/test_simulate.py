"""`egocohort simulate`, `rerun` and `report`, from end to end on a small study."""

import json
import os
import re
import sys
from pathlib import Path

import pytest

import egocohort as ec
from sim.data.provenance import check
from sim.errors import InputError

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def everything_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.fixture(scope="module")
def bundle(small_study, tmp_path_factory):
    """A bundle of the small study, as written by the function."""
    return ec.simulate(small_study, seed=5, out=tmp_path_factory.mktemp("out")).folder


# ---------------------------------------------------------------- simulate


def test_a_bundle_lies_under_results_by_default_with_a_picture_beside(
    invoke, small_study, tmp_path
):
    run = invoke("simulate", small_study, "--seed", 5)
    folder = tmp_path / "results/small/usual-care/small__usual-care__SYNTHETIC__s5"
    assert run.returncode == 0
    assert (folder / "pictures/maps.png").read_bytes().startswith(b"\x89PNG")
    assert check(folder) == []
    for said in ("SYNTHETIC", "Who took part", "founding paper", str(folder.name), "maps.png"):
        assert said in run.stdout


def test_a_study_that_finds_fewer_people_than_it_wants_says_so(invoke, write_study, tmp_path):
    short = "people wanted take part: of those who could be asked, no more were eligible"
    for n, said in ((4, False), (20, True)):
        study = write_study("n = 4", f"n = {n}")
        run = invoke("simulate", study, "--seed", 3, "--out", f"out{n}")
        assert run.returncode == 0, run.stderr
        assert (f"of the {n} {short}" in run.stdout) == said
        (bundle,) = (tmp_path / f"out{n}").iterdir()
        assert invoke("report", bundle, "--out", f"page{n}.html").returncode == 0
        assert (f"of the {n} {short}" in (tmp_path / f"page{n}.html").read_text()) == said


def test_a_seed_that_is_drawn_is_printed_and_makes_the_same_again(invoke, small_study, tmp_path):
    run = invoke("simulate", small_study, "--out", "a")
    seed = re.search(r"^seed (\d+)$", run.stderr, re.MULTILINE)[1]
    invoke("simulate", small_study, "--out", "b", "--seed", seed)
    name = f"small__usual-care__SYNTHETIC__s{seed}"
    first, second = (tmp_path / one / name / "manifest.json" for one in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_threads_change_no_byte(invoke, write_study, tmp_path):
    study = write_study("teams_per_site = [1]", "teams_per_site = [3]")
    for threads in (1, 2):
        invoke("simulate", study, "--seed", 1, "--threads", threads, "--out", threads)
    one, two = (tmp_path / f"{n}/small__usual-care__SYNTHETIC__s1/manifest.json" for n in (1, 2))
    assert one.read_bytes() == two.read_bytes()


def test_a_replicate_is_part_of_the_key_and_of_the_name(invoke, small_study, tmp_path):
    invoke("simulate", small_study, "--seed", 1, "--replicate", 0, "--out", "x")
    invoke("simulate", small_study, "--seed", 1, "--replicate", 1, "--out", "x")
    first, second = (
        tmp_path / f"x/small__usual-care__SYNTHETIC__s1-r{n}/alters.csv" for n in (0, 1)
    )
    assert first.read_bytes() != second.read_bytes()


@pytest.mark.parametrize("truth", ["counterfactual", "direct"])
def test_other_lives_are_asked_for_kept_in_the_manifest_and_made_again(
    invoke, write_study, tmp_path, truth
):
    arms = '[arms]\nunit = "ego"\nshare = { usual = 1, other = 1 }\n[waves]'
    study = write_study("[waves]", arms)
    study.write_text(study.read_text().replace("retention = [0.75]", ""))
    assert invoke("simulate", study, "--seed", 5, "--truth", truth, "--out", "a").returncode == 0
    (folder,) = (tmp_path / "a").iterdir()
    said = json.loads((folder / "manifest.json").read_text())
    assert said["truth"] == truth
    assert said["command"][-2:] == ["--truth", truth]
    assert "truth/counterfactual.csv" in said["files"]
    assert "truth/counterfactual.csv" in (folder / "README_SYNTHETIC.md").read_text()
    again = invoke("rerun", folder)
    assert (again.returncode, "byte for byte" in again.stdout) == (0, True)
    made = ec.simulate(study, seed=5, truth=truth)
    assert len(made.truth_counterfactual) == len(made.table("truth/counterfactual")) > 0


def test_other_lives_of_a_study_without_arms_exit_2_and_leave_nothing(
    invoke, small_study, tmp_path
):
    before = everything_in(tmp_path)
    run = invoke("simulate", small_study, "--seed", 5, "--truth", "direct", "--out", "out")
    assert run.returncode == 2
    assert 'small: truth = "direct" compares arms, but the study has none' in run.stderr
    assert everything_in(tmp_path) == before
    with pytest.raises(InputError, match="must be one of lived, counterfactual, direct"):
        ec.simulate(small_study, seed=5, truth="all")


def test_the_summary_has_the_loss_that_the_file_of_estimands_has(small_study):
    made = ec.simulate(small_study, seed=5)
    asked = made.estimands.query("estimand == 'ties_ended' and arm == 'all' and item != 'all'")
    lost = made.ties_lost
    assert asked["item"].tolist() == lost["tie_class"].tolist()
    assert asked["n"].tolist() == lost["alive"].tolist()
    assert asked["value"].tolist() == pytest.approx(lost["share"].tolist(), abs=1e-6)
    assert asked["week"].tolist() == lost["weeks"].tolist()
    assert "within 4 weeks (ties_ended in truth/estimands)" in made.summary()


def test_json_is_one_object_with_the_summary_and_the_paths(invoke, small_study, tmp_path):
    said = json.loads(invoke("simulate", small_study, "--seed", 5, "--json").stdout)
    assert (said["seed"], said["study"], said["synthetic"]) == (5, "small", True)
    assert (tmp_path / said["bundle"] / "manifest.json").is_file()
    assert (tmp_path / said["picture"]).is_file()
    assert [one["wave"] for one in said["retention"]] == [1, 2]


def test_another_scenario_is_named_in_the_path_and_the_manifest(
    invoke, small_study, write_scenario
):
    scenario = write_scenario('extends = "usual-care"')
    run = invoke("simulate", small_study, "--scenario", scenario, "--seed", 1, "--json")
    said = json.loads(run.stdout)
    manifest = json.loads(Path(said["bundle"], "manifest.json").read_text())
    assert "results/small/world/" in Path(said["bundle"]).as_posix() + "/"
    assert manifest["scenario"]["id"] == "world"


def test_the_real_program_prints_progress_on_stderr_alone(cli, small_study):
    run = cli("simulate", small_study, "--json", "--out", "x", NO_COLOR="1")
    assert run.returncode == 0
    json.loads(run.stdout)
    assert "\x1b[" not in run.stderr


def test_a_folder_that_exists_is_left_alone_unless_forced(invoke, small_study, tmp_path):
    words = ("simulate", small_study, "--seed", 5, "--out", "x")
    assert invoke(*words).returncode == 0
    (tmp_path / "x/small__usual-care__SYNTHETIC__s5/persons.csv").write_text("mine")
    again = invoke(*words)
    assert again.returncode == 2
    assert "already exists; choose another folder or give --force" in again.stderr
    assert (tmp_path / "x/small__usual-care__SYNTHETIC__s5/persons.csv").read_text() == "mine"
    assert invoke(*words, "--force").returncode == 0
    assert check(tmp_path / "x/small__usual-care__SYNTHETIC__s5") == []


# ---------------------------------------------------------------- bad input

CIRCLE = 'extends = "other.toml"'

BAD_STUDIES = {
    "unknown key": ("[waves]", "[waves]\nweks = [0]", 'unknown key "weks"; did you mean "weeks"'),
    "wrong type": ("n = 4", 'n = "four"', "must be a whole number"),
    "out of range": ("retention = [0.75]", "retention = [1.75]", "out of range"),
    "waves unsorted": ("weeks = [0, 4]", "weeks = [0, 9, 4]", "must be in order"),
    "zero egos": ("n = 4", "n = 0", "out of range: must be at least 1"),
    "an empty team": ("egos_per_team = 24", "egos_per_team = 0", "must be at least 1"),
    "more than the frame holds": ("n = 4", "n = 400", "400"),
    "not TOML": ('id = "small"', "id = small", "not valid TOML"),
}


@pytest.mark.parametrize("case", BAD_STUDIES)
def test_a_bad_study_exits_2_and_leaves_nothing(invoke, write_study, tmp_path, case):
    old, new, expected = BAD_STUDIES[case]
    study = write_study(old, new)
    run = invoke("simulate", study, "--seed", 1)
    assert (run.returncode, run.stdout) == (2, "")
    assert expected in run.stderr
    assert 1 <= len(run.stderr.strip().splitlines()) <= 2
    assert everything_in(tmp_path) == ["mine.toml"]


SHOCK = '[[shock]]\nacts_on = "event.episode"\nhow = "force"\n'

BAD_SCENARIOS = {
    "unknown key": ("extend = 1", 'unknown key "extend"; did you mean "extends"'),
    "unknown parameter": ('[parameters]\n"tie.frend.end_rate" = 0.1', "tie.friend.end_rate"),
    "wrong type": ('[parameters]\n"tie.friend.end_rate" = "a"', "must be a number"),
    "out of range": ('[parameters]\n"tie.friend.end_rate" = 9', "out of range"),
    "a shock past the end": (SHOCK + "from_week = 50", "week 50"),
    "a shock without a start": (SHOCK, "does not say when it starts"),
    "missing parent": ('extends = "nowhere.toml"', "nowhere.toml"),
}


@pytest.mark.parametrize("case", BAD_SCENARIOS)
def test_a_bad_scenario_exits_2_and_leaves_nothing(
    invoke, small_study, write_scenario, tmp_path, case
):
    lines, expected = BAD_SCENARIOS[case]
    run = invoke("simulate", small_study, "--scenario", write_scenario(lines), "--seed", 1)
    assert (run.returncode, run.stdout) == (2, "")
    assert expected in run.stderr
    assert 1 <= len(run.stderr.strip().splitlines()) <= 2
    assert everything_in(tmp_path) == ["world.toml"]


def test_scenarios_that_extend_each_other_exit_2(invoke, small_study, write_scenario, tmp_path):
    write_scenario('extends = "world.toml"', name="other")
    run = invoke("simulate", small_study, "--scenario", write_scenario(CIRCLE), "--seed", 1)
    assert run.returncode == 2
    assert "goes round in a circle" in run.stderr
    assert everything_in(tmp_path) == ["other.toml", "world.toml"]


def test_a_missing_file_exits_2(invoke, tmp_path):
    run = invoke("simulate", "nowhere.toml", "--seed", 1)
    assert run.returncode == 2
    assert "nowhere.toml: no such file" in run.stderr
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize("verb", ["simulate", "rerun", "report"])
def test_the_real_program_exits_2_on_bad_input(cli, write_study, verb):
    run = cli(verb, write_study("n = 4", "n = 0"))
    assert run.returncode == 2
    assert "Traceback" not in run.stderr


# ---------------------------------------------------------------- the disk


def test_a_full_disk_exits_1_and_leaves_nothing(invoke, small_study, tmp_path, monkeypatch):
    def full(file, _data):
        raise OSError(28, "No space left on device", str(file))

    from sim.files import folder

    monkeypatch.setattr(folder, "write_new", full)
    run = invoke("simulate", small_study, "--seed", 1, "--out", "x")
    assert run.returncode == 1
    assert "No space left on device" in run.stderr
    assert everything_in(tmp_path) == []


@pytest.mark.skipif(ROOT or sys.platform == "win32", reason="root may write anywhere")
def test_a_read_only_folder_exits_1_and_leaves_nothing(cli, small_study, tmp_path):
    place = tmp_path / "locked"
    place.mkdir()
    place.chmod(0o500)
    run = cli("simulate", small_study, "--seed", 1, "--out", place)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert everything_in(place) == []


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="needs a place nobody can write")
def test_a_place_nobody_can_write_exits_1(cli, small_study):
    run = cli("simulate", small_study, "--seed", 1, "--out", "/proc/egocohort")
    assert run.returncode == 1
    assert len(run.stderr.strip().splitlines()) <= 2


def test_a_file_in_place_of_the_folder_exits_2(invoke, small_study, tmp_path):
    (tmp_path / "x").write_text("mine")
    run = invoke("simulate", small_study, "--seed", 1, "--out", "x")
    assert run.returncode == 2
    assert (tmp_path / "x").read_text() == "mine"


def test_an_interrupt_exits_130_and_leaves_nothing(invoke, small_study, tmp_path, monkeypatch):
    import sim.study.simulate as simulate_module

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(simulate_module, "simulate_study", interrupted)
    run = invoke("simulate", small_study, "--seed", 1)
    assert run.returncode == 130
    assert everything_in(tmp_path) == []


# ---------------------------------------------------------------- rerun


def test_a_bundle_is_made_again_byte_for_byte(invoke, bundle, tmp_path):
    run = invoke("rerun", bundle / "manifest.json", "--out", "again")
    assert run.returncode == 0
    assert "came out the same, byte for byte" in run.stdout
    again = tmp_path / "again" / bundle.name
    for path in [one for one in bundle.rglob("*") if one.is_file()]:
        if "pictures" not in path.parts:
            assert (again / path.relative_to(bundle)).read_bytes() == path.read_bytes()


def test_without_a_place_rerun_keeps_nothing(invoke, bundle, tmp_path):
    assert invoke("rerun", bundle).returncode == 0
    assert everything_in(tmp_path) == []


def test_a_manifest_by_itself_is_enough(invoke, bundle, tmp_path):
    alone = tmp_path / "manifest.json"
    alone.write_bytes((bundle / "manifest.json").read_bytes())
    said = json.loads(invoke("rerun", alone, "--json").stdout)
    assert (said["same"], said["on_disk"]) == (True, [])


def test_a_file_that_differs_is_named_and_exits_1(invoke, bundle, tmp_path):
    manifest = json.loads((bundle / "manifest.json").read_text())
    manifest["files"]["alters.csv"] = "0" * 64
    altered = tmp_path / "manifest.json"
    altered.write_text(json.dumps(manifest))
    run = invoke("rerun", altered)
    assert run.returncode == 1
    assert "alters.csv (changed)" in run.stdout
    assert "egos.csv" not in run.stdout


def test_a_file_edited_on_disk_is_named(small_study, tmp_path):
    folder = ec.simulate(small_study, seed=5, out=tmp_path).folder
    (folder / "egos.csv").write_text("mine")
    remade = ec.rerun(folder)
    assert not remade.same
    assert remade.table["file"].tolist() == ["egos.csv"]
    assert remade.differences == ()


def test_pictures_are_no_part_of_what_is_compared(invoke, small_study, tmp_path):
    invoke("simulate", small_study, "--seed", 5, "--out", "x")
    folder = tmp_path / "x/small__usual-care__SYNTHETIC__s5"
    (folder / "pictures/maps.png").write_text("mine")
    assert invoke("rerun", folder).returncode == 0


# ---------------------------------------------------------------- report


def test_a_page_is_written_into_the_bundle_and_not_twice_unless_forced(
    invoke, small_study, tmp_path
):
    invoke("simulate", small_study, "--seed", 5, "--out", "x")
    folder = tmp_path / "x/small__usual-care__SYNTHETIC__s5"
    assert invoke("report", folder).returncode == 0
    page = folder / "pictures/report.html"
    assert "Four people in one small team" in page.read_text()
    again = invoke("report", folder)
    assert again.returncode == 2
    assert "already exists" in again.stderr
    assert invoke("report", folder, "--force").returncode == 0
    assert check(folder) == []


def test_a_page_goes_where_it_is_told(invoke, bundle, tmp_path):
    said = json.loads(invoke("report", bundle, "--out", "my.html", "--json").stdout)
    assert said["page"] == "my.html"
    assert everything_in(tmp_path) == ["my.html"]


# ---------------------------------------------------------------- as functions


def test_a_study_in_memory_has_the_same_tables_as_its_bundle(small_study, bundle):
    made = ec.simulate(small_study, seed=5)
    assert made.folder is None
    read = ec.report(bundle, out=bundle / "pictures" / "x.html", force=True)
    assert read.path.is_file()
    from sim.data.bundle import read_bundle

    for name in ("persons", "alters", "truth/ties"):
        assert made.arrow(name).equals(read_bundle(bundle).arrow(name))


def test_a_study_shows_its_measures_as_dataframes_and_pictures(small_study):
    made = ec.simulate(small_study, seed=5)
    assert len(made.persons) == 4
    assert set(made.table_one["part"]) == {"people", "members"}
    assert made.retention["wave"].tolist() == [1, 2]
    assert made.ties_lost["tie_class"].tolist() == ["kin", "friend", "professional", "object"]
    assert "SYNTHETIC" in made._repr_html_()
    for what in ("maps", "retention", "ties"):
        assert made.plot(what).axes or made.plot(what).subfigs
    with pytest.raises(InputError, match='did you mean "maps"'):
        made.plot("map")


def test_a_page_needs_no_bundle(small_study):
    page = ec.report(ec.simulate(small_study, seed=5))
    assert page.path is None
    assert page.html.startswith("<!DOCTYPE html>")
    assert "srcdoc" in page._repr_html_()
