"""The printed recipes for a bundle give right measures: each block of code is run as it stands."""

import csv
import io
import os
import re
import shutil
import subprocess
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from sim.data.recipes import RECIPES

REPOSITORY = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
PRINTED = BLOCK.findall(RECIPES)
OF_README = BLOCK.findall(
    (REPOSITORY / "README.md").read_text(encoding="utf-8").partition("## Reading a bundle\n")[2]
)
MANY_BREAK_OFF = """\
id = "many-break-off"
title = "Usual care, where many interviews break off"
extends = "usual-care"
[parameters]
"interview.break_off" = 0.3
"""


def block(language, word, blocks=PRINTED):
    """The one block of a language that holds a word."""
    (found,) = (text for kind, text in blocks if kind == language and word in text)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The founding study in which many interviews broke off, as a bundle."""
    import egocohort as ec

    place = tmp_path_factory.mktemp("bundle")
    scenario = place / "scenario.toml"
    scenario.write_text(MANY_BREAK_OFF, encoding="utf-8")
    return ec.simulate("founding-study", scenario=scenario, seed=3, out=place).folder


@pytest.fixture
def here(folder, monkeypatch):
    """The bundle's folder, in which a reader's program runs."""
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="module")
def tables(folder):
    """Tables egos, alters and aaties as the library reads them."""
    from sim.data.bundle import read_bundle

    bundle = read_bundle(folder)
    return bundle.egos, bundle.alters, bundle.aaties


@pytest.fixture(scope="module")
def truth(tables):
    """Size, density and EI of the people on each map, by graphs; density nan where not asked."""
    egos, alters, aaties = tables
    rows = {}
    for ego in egos.itertuples():
        people = alters[(alters.egoID == ego.egoID) & (alters.is_human == 1)]
        graph = nx.Graph()
        graph.add_nodes_from(people.alterID)
        known = aaties[aaties.egoID == ego.egoID]
        graph.add_edges_from(zip(known.Source, known.Target, strict=True))
        assert len(graph) == len(people)  # ties are between people alone
        is_known = ego.interview_status == "complete" and len(graph) > 1
        told = people.alter_sex.dropna()
        external, internal = (told != ego.ego_sex).sum(), (told == ego.ego_sex).sum()
        rows[ego.egoID] = {
            "size": len(graph),
            "density": nx.density(graph) if is_known else np.nan,
            "ei": (external - internal) / len(told) if len(told) else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def same(found, truth):
    """Whether measures by interview are the true ones, and missing where those are."""
    found = pd.DataFrame(found).set_index("egoID").sort_index().astype(float)
    columns = ["size", "density", *(["ei"] if "ei" in found else [])]
    pd.testing.assert_frame_equal(
        found[columns], truth[columns].astype(float), check_names=False, check_index_type=False
    )


def run(text):
    """Names that a block of Python leaves behind."""
    names = {}
    exec(compile(text, "recipe", "exec"), names)
    return names


def rscript(text):
    """What a block of R prints."""
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", text], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def need_r(package, *, expected=True):
    """Skip without R or a package of it; fail where `EGOCOHORT_EXPECT_R=1` says it is installed."""
    if shutil.which("Rscript"):
        ask = f'quit(status = !requireNamespace("{package}", quietly = TRUE))'
        if subprocess.run(["Rscript", "-e", ask], capture_output=True, check=False).returncode == 0:
            return
    reason = f"R with the package {package} is not installed"
    if expected and os.environ.get("EGOCOHORT_EXPECT_R") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def test_interviews_broke_off_in_the_bundle(tables, truth):
    egos, alters, _ = tables
    assert 5 < (egos.aaties_asked == 0).sum() < len(egos) / 2
    assert truth.density.isna().sum() >= (egos.aaties_asked == 0).sum()
    assert (alters.is_human == 0).any()


def test_every_block_is_known():
    assert [language for language, _ in PRINTED] == ["r"] * 3 + ["python"] * 3


def test_this_library(folder, truth):
    """What `egocohort measures` says is what every recipe must."""
    import egocohort as ec

    found = ec.measures(folder).interviews.rename(columns={"comp_ei": "ei"})
    same(found[["egoID", "size", "density", "ei"]], truth)


def test_pandas(here, truth):
    same(run(block("python", "import pandas"))["measures"].reset_index(), truth)


def test_pandas_of_the_readme(folder, truth):
    text = re.sub('folder = ".*"', f"folder = {str(folder)!r}", block("python", "", OF_README))
    names = run(text)
    found = pd.DataFrame({"size": names["size"], "density": names["density"]})
    same(found.reset_index(), truth)


def test_polars(here, truth):
    same(run(block("python", "import polars"))["measures"].to_dict(as_series=False), truth)


def test_duckdb(here, truth):
    found = run(block("python", "import duckdb"))["measures"]
    same(dict(zip(found.columns, zip(*found.fetchall(), strict=True), strict=True)), truth)


@pytest.mark.parametrize(
    "name", ["persons", "egos", "items", "alters", "aaties", "attrition", "flow"]
)
def test_polars_and_duckdb_read_what_is_missing_in_every_table(name, here):
    import duckdb
    import polars as pl

    right = pl.read_parquet(f"{name}.parquet")
    read = run(block("python", "import polars"))["read"](f"{name}.csv")
    assert read.null_count().row(0) == right.null_count().row(0)
    options = set(re.findall(r"\.csv'(.*?)\)", block("python", "import duckdb")))
    assert len(options) == 1
    counted = ", ".join(f'count("{column}")' for column in right.columns)
    there = duckdb.sql(f"select {counted} from read_csv('{name}.csv'{options.pop()})")
    assert there.fetchall() == right.count().rows()


def test_base_r(here, truth):
    need_r("stats")
    tail = "write.csv(measures, row.names = FALSE)"
    rows = csv.DictReader(io.StringIO(rscript(block("r", "tapply") + tail)))
    numbers = [{k: "nan" if v == "NA" else v for k, v in row.items()} for row in rows]
    same(pd.DataFrame(numbers).astype(float).astype({"egoID": int}), truth)


def test_lme4_and_the_random_intercept_of_this_library(here, tables):
    need_r("lme4")
    from analysis.estimators.random_intercept import random_intercept

    wide = tables[0].pivot(index="ego_pid", columns="wave", values="swemwbs")
    X = np.ones((*wide.shape, 2))
    X[:, :, 1] = wide.columns
    ours = random_intercept(wide.to_numpy(float)[None], X, np.array([0.0, 1.0]))
    theirs = rscript(block("r", "lme4") + 'cat(format(fixef(fit)[["wave"]], digits = 15))')
    assert float(theirs.splitlines()[-1].split()[-1]) == pytest.approx(ours.estimate[0], abs=1e-4)


def egor(text):
    """Density and EI by interview that a block of R leaves behind."""
    need_r("egor", expected=False)  # no package of Debian
    rows = csv.DictReader(io.StringIO(rscript(f"{text}\nwrite.csv(measures, row.names = FALSE)")))
    found = pd.DataFrame(rows).replace({"NA": "nan", "NaN": "nan"}).astype(float)
    return found.set_index(found[".egoID"].astype(int))


def test_egor(here, tables, truth):
    text = block("r", "comp_ei").replace("library(egor)", "suppressMessages(library(egor))")
    found = egor(text + "measures <- merge(density, ei)")
    asked = tables[0].egoID[tables[0].aaties_asked == 1]
    right = truth.loc[asked, ["density", "ei"]]
    pd.testing.assert_frame_equal(found[["density", "ei"]], right, check_names=False)


def test_egor_of_the_readme(here, tables, truth):
    text = block("r", "ego_density", OF_README)
    found = egor(
        text.replace("library(egor)", "suppressMessages(library(egor))") + "measures <- density"
    )
    asked = tables[0].egoID[(tables[0].aaties_asked == 1) & (tables[0].wave == 1)]
    pd.testing.assert_series_equal(found.density, truth.density[asked], check_names=False)
