"""A study with errors, from the command line to the bundle and back."""

import json

import pytest

import egocohort as ec
from sim.data.bundle import read_bundle
from sim.data.errors.undo import files_before_errors
from sim.data.provenance import check
from sim.data.serialise import csv_bytes
from sim.errors import InputError

ASKED = "files=high,linkage=0.2"


@pytest.fixture(scope="module")
def clean(small_study, tmp_path_factory):
    return ec.simulate(small_study, seed=5, out=tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def spoiled(small_study, clean):
    """The same study with errors, beside it."""
    return ec.simulate(small_study, seed=5, errors=ASKED, out=clean.folder.parent)


def test_both_lie_side_by_side_under_names_of_their_own(clean, spoiled):
    assert spoiled.folder.name.startswith(f"{clean.folder.name}-errors-")
    assert spoiled.manifest["study"]["hash"] != clean.manifest["study"]["hash"]
    assert spoiled.manifest["study"]["resolved"]["errors"]["linkage"] == 0.2
    assert check(spoiled.folder) == []


def test_the_tables_stay_clean_but_for_linking(clean, spoiled):
    ours, theirs = (read_bundle(one.folder).manifest["tables"] for one in (spoiled, clean))
    moved = {name for name in theirs if ours[name] != theirs[name]}
    assert moved == {"alters", "truth/ladder"}
    assert set(ours) - set(theirs) == {"truth/corruption_log"}
    assert spoiled.alters.drop(columns="alter_id").equals(clean.alters.drop(columns="alter_id"))
    assert not spoiled.alters.alter_id.equals(clean.alters.alter_id)
    from_csv = read_bundle(spoiled.folder).arrow("alters")
    assert csv_bytes("alters", from_csv) == (spoiled.folder / "alters.csv").read_bytes()


def test_the_last_rung_of_the_ladder_is_what_the_files_say(small_study, clean, spoiled):
    cell, of_files = ["estimand", "item", "arm", "wave"], "as_collected"
    nothing = ec.simulate(small_study, seed=5, errors={"duplicates": 0})
    rungs = {
        one: made.truth_ladder.pivot(index=cell, columns="rung", values="value")
        for one, made in (("clean", clean), ("nothing", nothing), ("spoiled", spoiled))
    }
    upper = rungs["clean"].columns.drop(of_files)
    for one in rungs.values():
        assert one[upper].equals(rungs["clean"][upper])
    assert rungs["clean"][of_files].equals(rungs["clean"].attending_elicited.rename(of_files))
    rounding = (rungs["nothing"][of_files] - rungs["clean"][of_files]).abs().max()
    assert rounding < 0.005  # of the scores in the files
    moved = (rungs["spoiled"][of_files] - rungs["clean"][of_files]).abs()
    most = moved.groupby("estimand").max()
    assert (most[["score_mean", "map_size", "map_loss"]] > 0.05).all()


def test_the_log_on_disk_takes_the_errors_back(small_study, clean, spoiled, tmp_path):
    rates = {
        "files": "typical",
        **dict.fromkeys(spoiled.manifest["study"]["resolved"]["errors"], 0),
    }
    nothing = ec.simulate(small_study, seed=5, errors=rates, out=tmp_path)
    found = files_before_errors(spoiled.folder)
    names = ("persons", "egos", "items", "alters", "aaties", "attrition")
    assert set(found) == {"alters.csv", *(f"as_collected/{name}.csv" for name in names)}
    for path, data in found.items():
        assert data == (nothing.folder / path).read_bytes()
        assert path != "alters.csv" or data == (clean.folder / path).read_bytes()


def test_a_bundle_without_errors_has_none_to_take_back(clean):
    with pytest.raises(InputError, match="was made without errors"):
        files_before_errors(clean.folder)


def test_a_spoiled_file_that_was_changed_is_not_taken_back(small_study, tmp_path):
    made = ec.simulate(small_study, seed=6, errors={"aliases": 0.5}, out=tmp_path)
    with (made.folder / "as_collected/alters.csv").open("a") as file:
        file.write("1\n")
    with pytest.raises(InputError, match="not as its manifest says"):
        files_before_errors(made.folder)


def test_the_bundle_says_that_there_are_errors(clean, spoiled):
    readme = (spoiled.folder / "README_SYNTHETIC.md").read_text()
    assert "with errors put in on purpose" in readme
    assert "with errors put in on purpose" not in (clean.folder / "README_SYNTHETIC.md").read_text()
    codebook = (spoiled.folder / "codebook.csv").read_text()
    package = json.loads((spoiled.folder / "datapackage.json").read_text())
    described = {one["path"]: one for one in package["resources"]}
    for path in read_bundle(spoiled.folder).manifest["files"]:
        if path.startswith("as_collected/"):
            assert f"\n{path}," in codebook
            assert described[path]["type"] == "file"
            assert "schema" not in described[path]


def test_errors_put_in_are_no_contradictions_of_lives(clean, spoiled):
    assert ec.check_lives(spoiled).verdicts == ec.check_lives(clean).verdicts


def test_neither_are_conditions_and_interviews_are_what_they_say():
    """With every error: counts are of rows, and an interview that broke off has no ties."""
    made = ec.simulate("founding-study", seed=3, errors="all=high")
    assert ec.check_lives(made).holds
    egos = made.egos.set_index("egoID")
    rows = made.alters.groupby("egoID").size().reindex(egos.index, fill_value=0)
    assert (rows == egos.n_alters).all()
    broken = egos.index[egos.aaties_asked == 0]
    assert (egos.interview_status[broken] == "partial").all()
    assert not made.aaties.egoID.isin(broken).any()
    assert len(egos) == made.attrition.attended.sum() < len(made.attrition)
    measured = ec.measures(made).interviews.set_index("egoID")
    assert measured.loc[broken, ["density", "constraint", "betweenness"]].isna().all(axis=None)
    assert (measured["size"] == 0).sum() >= (rows == 0).sum()


def test_it_is_made_again_to_the_byte(spoiled):
    assert ec.rerun(spoiled.folder).same


def test_conditions_and_errors_together_are_held_logged_and_made_again(small_study, tmp_path):
    made = ec.simulate(small_study, seed=5, errors="typical,cap=4", out=tmp_path)
    said = made.manifest["study"]["resolved"]
    assert (said["map"]["most_members"], said["map"]["telephone_share"]) == (4, 0.14)
    assert said["errors"]["forgotten"] == 0.15
    assert made.egos.n_alters.max() == 4
    assert (made.egos.n_named_total > 4).any()
    assert set(made.egos.interviewer_id) == {site * 100_000 + 1 for site in made.persons.site}
    assert "most_members = 4" in (made.folder / "study.toml").read_text()
    assert ec.rerun(made.folder).same


def test_the_command_line_does_the_same(invoke, small_study, spoiled, tmp_path):
    run = invoke("simulate", small_study, "--seed", 5, "--errors", ASKED, "--out", "x")
    assert run.returncode == 0, run.stderr
    made = json.loads((tmp_path / "x" / spoiled.folder.name / "manifest.json").read_text())
    assert made["files"] == read_bundle(spoiled.folder).manifest["files"]
    assert made["command"][-2:] == ["--errors", ASKED]


def test_a_study_file_may_ask_for_them(write_study, tmp_path):
    asks = write_study("[waves]", "[errors]\nduplicates = 0.2\n\n[waves]")
    made = ec.simulate(asks, seed=5, out=tmp_path)
    assert set(made.table("truth/corruption_log").kind) == {"duplicates"}
    other = ec.simulate(asks, seed=5, errors={"aliases": "high"})
    assert set(other.table("truth/corruption_log").kind) == {"aliases"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("alases=high", 'unknown key "alases"; did you mean "aliases"?'),
        ("aliases=2", "2 is out of range"),
        ("aliases=", "give a level"),
    ],
)
def test_wrong_errors_are_told_in_a_line(words, said, invoke, small_study, tmp_path):
    run = invoke("simulate", small_study, "--seed", 5, "--errors", words)
    assert run.returncode == 2
    assert said in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "results").exists()
