"""Many studies: one data set, bundles, or one after the other in memory."""

import itertools
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

import egocohort as ec
from egocohort.replicates import request
from sim.data import codebook
from sim.data.provenance import check
from sim.errors import InputError, ResumeError
from sim.study.tables import OF_INTERVIEWS

REPOSITORY = Path(__file__).resolve().parents[2]
NAME = "small__usual-care__SYNTHETIC__s5-replicates"
SOME = ("egos", "alters", "alters_miss", "truth/ties")


def files(folder):
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file()
    }


@pytest.fixture(scope="module")
def written(small_study, tmp_path_factory):
    """A data set of 12 replicates with some tables, those of the truth too."""
    many = ec.simulate_many(small_study, replicates=12, seed=5, tables=SOME)
    out = tmp_path_factory.mktemp("out")
    assert {one.relative_to(out / NAME).as_posix() for one in many.save(out)} == {
        *files(out / NAME)
    }
    assert many.folder == out / NAME
    return many.folder


@pytest.fixture(scope="module")
def single(small_study):
    """One of its replicates, simulated alone."""
    return ec.simulate(small_study, seed=5, replicate=7)


# ---------------------------------------------------------------- what is in it


@pytest.mark.parametrize("name", SOME)
def test_the_rows_of_a_replicate_are_those_of_its_bundle(written, single, name):
    of_it = ds.dataset(written / name).to_table(filter=ds.field("replicate") == 7)
    own = single.arrow(name)
    columns = [one for one in own.column_names if one != "synthetic"]
    assert of_it.column_names == ["synthetic", "replicate", *columns]
    assert of_it.select(columns).equals(own.select(columns).replace_schema_metadata(None))


def test_the_record_has_the_digests_of_the_bundles_manifest(written, single, tmp_path):
    single.save(tmp_path)
    listed = json.loads((single.folder / "manifest.json").read_text())["tables"]
    record = ds.dataset(written / "replicates").to_table(filter=ds.field("replicate") == 7)
    said = {
        one["table"]: {key: one[key] for key in ("rows", "digest")} for one in record.to_pylist()
    }
    assert said == {name: listed[name] for name in SOME}


def test_pandas_polars_and_duckdb_read_a_table_whole(written):
    found = pd.read_parquet(written / "alters")
    assert sorted(found.replicate.unique()) == list(range(12))
    assert found.synthetic.all()
    assert pl.scan_parquet(f"{written}/alters/*.parquet").collect().height == len(found)
    counted = duckdb.sql(f"SELECT count(*) FROM '{written}/alters/*.parquet'").fetchall()
    assert counted == [(len(found),)]


def test_every_file_says_that_it_is_synthetic(written):
    for file in written.rglob("*.parquet"):
        assert pq.read_schema(file).metadata[b"synthetic"].startswith(b"SYNTHETIC")
    assert (written / "README_SYNTHETIC.md").read_text().startswith("# SYNTHETIC DATA")
    assert "SYNTHETIC" in written.name


def test_the_manifest_says_how_it_was_made_and_lists_every_file(written):
    manifest = json.loads((written / "manifest.json").read_text())
    assert (manifest["seed"], manifest["replicates"]) == (5, 12)
    assert manifest["tables"] == [one for one in codebook.tables() if one in SOME] + ["alters_miss"]
    assert set(manifest["versions"]) > {"egocohort", "pyarrow"}
    assert {*manifest["files"], "manifest.json", "fingerprint.json"} == {*files(written)}


def test_the_codebook_has_the_columns_of_every_table_in_their_order(written):
    book = pd.read_csv(written / "codebook.csv", keep_default_na=False)
    for name in (*SOME, "replicates"):
        mine = book[book.file == f"{name}/*.parquet"].drop_duplicates("variable")
        columns = ds.dataset(written / name).schema.names
        assert mine.variable.tolist() == columns
        assert mine.position.tolist() == list(range(1, len(columns) + 1))


def test_the_codebook_asks_of_what_the_study_saw_alone(written):
    book = pd.read_csv(written / "codebook.csv", keep_default_na=False)
    asked = {*book[book.question != "NA"].file}
    assert asked == {"egos/*.parquet", "alters/*.parquet"}


def test_the_data_package_lists_the_files_and_says_whose_they_are(written):
    package = json.loads((written / "datapackage.json").read_text())
    listed = [path for one in package["resources"] for path in one["path"]]
    assert sorted(listed) == sorted(one for one in files(written) if one.endswith(".parquet"))
    assert package["licenses"][0]["name"] == "MIT"
    assert package["version"] == ec.__version__
    assert package["contributors"]
    assert package["citation"]
    assert all(one["title"] for one in package["sources"])


@pytest.mark.parametrize("language", ["python", "sql"])
def test_the_recipes_of_the_readme_run(written, language, monkeypatch):
    monkeypatch.chdir(written)
    recipes = re.findall(
        rf"```{language}\n(.*?)```", (written / "README_SYNTHETIC.md").read_text(), re.DOTALL
    )
    assert recipes
    for recipe in recipes:
        if language == "sql":
            assert len(duckdb.sql(recipe).fetchall()) == 12
        else:
            names = {}
            exec(recipe, names)
            assert len(names["rows"])


def test_nothing_is_different_where_interviews_alone_are_kept(small_study):
    """Tables that need no weekly rows come from studies that end with their last interview."""
    whole = ec.simulate(small_study, seed=5, replicate=1)
    for name in OF_INTERVIEWS:
        (_, one) = ec.simulate_many(small_study, replicates=2, seed=5, tables=[name])
        assert one.arrow(name).equals(whole.arrow(name))


# ---------------------------------------------------------------- the same bytes


def test_threads_change_no_byte(small_study, written, tmp_path):
    ec.simulate_many(small_study, replicates=12, seed=5, tables=SOME, threads=3).save(tmp_path)
    assert files(tmp_path / NAME) == files(written)


def test_more_replicates_leave_those_that_are_there(small_study, written, tmp_path):
    first = ec.simulate_many(small_study, replicates=10, seed=5, tables=SOME)
    first.save(tmp_path)
    before = files(tmp_path / NAME)
    ec.simulate_many(small_study, replicates=12, seed=5, tables=SOME).save(tmp_path)
    after = files(tmp_path / NAME)
    assert after == files(written)
    assert all(after[one] == before[one] for one in before if one.endswith("from-0000000.parquet"))
    first.save(tmp_path)  # fewer: what is there stays
    assert files(tmp_path / NAME) == after
    assert f"12 replicates in {first.folder}" in first.summary()


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
def test_a_run_that_is_killed_is_taken_up_to_the_same_bytes(small_study, tmp_path):
    moments = random.Random(3)
    how = {"replicates": 100, "seed": 5, "tables": ("egos", "alters")}
    command = [sys.executable, "-m", "egocohort", "simulate", str(small_study), "--seed", "5"]
    command += ["--replicates", "100", "--tables", "egos,alters", "--threads", "2", "--out"]

    def begun():
        return subprocess.Popen(
            [*command, str(tmp_path / "again")], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        )  # fmt: skip

    def kept():
        return len(list((tmp_path / "again" / NAME).glob("replicates/*.parquet")))

    kills = 0
    for wanted in (1, 4):
        with begun() as process:
            while kept() < wanted and process.poll() is None:
                time.sleep(0.002)
            time.sleep(moments.uniform(0, 0.05))
            os.killpg(process.pid, signal.SIGKILL)
        kills += process.returncode == -signal.SIGKILL and kept() < 10
    assert kills
    for out in ("again", "whole"):
        ec.simulate_many(small_study, **how).save(tmp_path / out)
    assert files(tmp_path / "again" / NAME) == files(tmp_path / "whole" / NAME)


# ---------------------------------------------------------------- in memory


def test_they_come_in_order_and_lazily(small_study, monkeypatch):
    begun = []
    real = request.carry_out
    monkeypatch.setattr(
        request, "carry_out", lambda run, **how: begun.append(run.replicate) or real(run, **how)
    )
    many = ec.simulate_many(small_study, replicates=10**5, seed=5, threads=2)
    assert begun == []
    first = list(itertools.islice(many, 3))
    assert [one.replicate for one in first] == [0, 1, 2]
    assert len(begun) <= 3 + request.AHEAD * 2


def test_each_is_the_study_of_its_replicate(small_study, single):
    *_, last = ec.simulate_many(small_study, replicates=8, seed=5, threads=2)
    assert last.title == single.title
    assert all(last.arrow(name).equals(single.arrow(name)) for name in single._names)
    assert last.manifest == single.manifest


def test_errors_that_are_asked_for_are_in_each(small_study):
    how = {"seed": 5, "errors": "linkage=0.5"}
    (one,) = ec.simulate_many(small_study, replicates=1, **how)
    alone = ec.simulate(small_study, replicate=0, **how)
    assert one.manifest == alone.manifest
    assert one.arrow("truth/corruption_log").equals(alone.arrow("truth/corruption_log"))
    assert one.arrow("alters").equals(alone.arrow("alters"))


def test_tables_of_all_can_be_had_in_memory(small_study, written):
    many = ec.simulate_many(small_study, replicates=12, seed=5, tables=["egos"])
    found = many.tables["egos"].drop(columns="synthetic")
    kept = pd.read_parquet(written / "egos").drop(columns="synthetic")
    assert list(found.columns) == list(kept.columns)
    assert found.egoID.tolist() == kept.egoID.tolist()
    assert found.replicate.tolist() == kept.replicate.tolist()


def test_a_notebook_shows_what_it_is_and_simulates_nothing(small_study, monkeypatch):
    many = ec.simulate_many(small_study, replicates=12, seed=5, tables=["egos"])
    monkeypatch.setattr(request, "carry_out", None)
    assert "seed 5, 12 replicates" in many._repr_html_()
    assert list(many.tables) == ["egos"]
    assert many.as_data()["there"] == 0


def test_a_study_of_some_tables_says_that_it_makes_no_bundle(small_study, tmp_path):
    (one,) = ec.simulate_many(small_study, replicates=1, seed=5, tables=["egos"])
    with pytest.raises(InputError, match="needs all of them"):
        one.save(tmp_path)
    with pytest.raises(InputError, match='no table "alters"'):
        one.arrow("alters")
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- the command line


def test_the_command_writes_the_data_set_and_says_what_it_will_take(invoke, small_study, tmp_path):
    run = invoke("simulate", small_study, "--seed", 5, "--replicates", 4, "--out", "o")
    assert run.returncode == 0
    (line,) = [one for one in run.stderr.splitlines() if one.startswith("4 replicates: about ")]
    assert re.fullmatch(r"4 replicates: about \S+ s, .* of memory, .* on disk \(.* free\)", line)
    assert {one.name for one in (tmp_path / "o" / NAME).iterdir() if one.is_dir()} == {
        *request.main_tables(), "replicates",
    }  # fmt: skip
    assert "SYNTHETIC" in run.stdout
    assert NAME in run.stdout


def test_the_seed_of_what_is_there_is_taken_up(invoke, small_study, tmp_path):
    words = ("simulate", small_study, "--tables", "egos", "--out", "o", "--json")
    made = json.loads(invoke(*words, "--replicates", 2).stdout)
    again = invoke(*words, "--replicates", 3)
    assert f"seed {made['seed']}, that of the results there" in again.stderr
    assert json.loads(again.stdout) == {**made, "replicates": 3, "there": 3}


def test_bundles_are_those_of_each_replicate_and_taken_up(invoke, small_study, single, tmp_path):
    words = ("simulate", small_study, "--seed", 5, "--bundles", "--out", "o")
    assert invoke(*words, "--replicates", 2).returncode == 0
    there = tmp_path / "o/small__usual-care__SYNTHETIC__s5-r1/manifest.json"
    before = there.stat().st_mtime_ns
    run = invoke(*words, "--replicates", 8)
    assert run.returncode == 0
    assert "6 replicates: about" in run.stderr
    assert there.stat().st_mtime_ns == before
    single.save(tmp_path)
    assert files(tmp_path / f"o/{single.folder.name}") == files(single.folder)
    assert len(list((tmp_path / "o").iterdir())) == 8
    assert check(there.parent) == []


def test_bundles_of_other_lives_and_errors_are_those_of_each_replicate(
    invoke, write_study, tmp_path
):
    arms = '[arms]\nunit = "ego"\nshare = { usual = 1, other = 1 }\n[waves]'
    words = ("simulate", write_study("[waves]", arms), "--seed", 5)
    words = (*words, "--truth", "counterfactual", "--errors", "linkage=0.5")
    assert invoke(*words, "--replicates", 1, "--bundles", "--out", "many").returncode == 0
    assert invoke(*words, "--replicate", 0, "--out", "one").returncode == 0
    (folder,) = (tmp_path / "one").iterdir()
    made = tmp_path / "many" / folder.name
    assert (made / "manifest.json").read_bytes() == (folder / "manifest.json").read_bytes()
    assert check(made) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--replicates", 2, "--replicate", 1), "give one of them"),
        (("--replicates", 2, "--force"), "--force does not go with --replicates"),
        (("--replicates", 2, "--bundles", "--tables", "egos"), "a bundle has all tables"),
        (("--tables", "egos"), "--tables needs --replicates"),
        (("--bundles",), "--bundles needs --replicates"),
        (("--replicates", 0), "0 is not in the range"),
        (("--replicates", 2, "--tables", "altres"), 'did you mean "alters"?'),
        (("--replicates", 2, "--tables", "egos,"), 'no study has a table ""'),
        (("--replicates", 2, "--tables", "truth/uptake"), 'this study has no table "truth/uptake"'),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(
    invoke, small_study, tmp_path, words, said
):
    run = invoke("simulate", small_study, "--seed", 5, "--out", "o", *words)
    assert run.returncode == 2
    assert said in run.stderr
    assert not (tmp_path / "o").exists()


def test_a_folder_that_holds_another_run_is_refused(invoke, small_study, tmp_path):
    words = ("simulate", small_study, "--seed", 5, "--replicates", 2, "--out", "o", "--tables")
    invoke(*words, "egos")
    before = files(tmp_path)
    run = invoke(*words, "alters")
    assert run.returncode == 3
    assert "tables was ['egos'] and is ['alters']" in run.stderr
    assert files(tmp_path) == before


def test_a_study_that_was_changed_is_another_run(invoke, write_study, tmp_path):
    words = ("simulate", "mine.toml", "--seed", 5, "--replicates", 2, "--out", "o")
    for more in (("--tables", "egos"), ("--bundles",)):
        write_study()
        assert invoke(*words, *more).returncode == 0
        write_study("n = 4", "n = 5")
        run = invoke(*words, *more)
        assert run.returncode == 3
        assert "another" in run.stderr


def test_many_are_refused_where_a_bundle_lies(small_study, single, tmp_path):
    single.save(tmp_path)
    with pytest.raises(InputError, match="in which no other can lie"):
        ec.simulate_many(small_study, replicates=1, seed=5).save(single.folder)


def test_bundles_that_cannot_lie_there_are_not_simulated(
    small_study, single, tmp_path, monkeypatch
):
    single.save(tmp_path)
    monkeypatch.setattr(request, "carry_out", None)
    with pytest.raises(InputError, match="in which no other can lie"):
        ec.simulate_many(small_study, replicates=1, seed=5).save(single.folder, bundles=True)


def test_rows_of_other_sources_are_refused(small_study, tmp_path):
    many = ec.simulate_many(small_study, replicates=1, seed=5, tables=["flow"])
    many.save(tmp_path)
    print_of = tmp_path / NAME / "fingerprint.json"
    print_of.write_text(print_of.read_text().replace('"analysis": "', '"analysis": "0'))
    with pytest.raises(ResumeError, match="holds results of another run: analysis was"):
        many.save(tmp_path)
