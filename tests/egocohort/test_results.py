"""What verbs return: one protocol for all, and what a notebook shows of it."""

import inspect
import json
import re
from collections.abc import Mapping

import pandas as pd
import pytest

import egocohort as ec
from egocohort import verbs
from egocohort.results.result import Result
from egocohort.terminal.output import print_json
from sim.errors import InputError


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """One of each that can be had in a second."""
    here = tmp_path_factory.mktemp("results")
    simulated = ec.simulate("founding-study", seed=1)
    folder = simulated.save(here / "bundles")[-1].parent
    return {
        "new": ec.new(here / "mine.toml"),
        "simulate": simulated,
        "plan": ec.plan("network-intervention-trial", seed=1, sizes=[100], replicates=100),
        "show": ec.show("service-cutback"),
        "rerun": ec.rerun(folder),
        "check": ec.check_lives(folder),
        "measures": ec.measures(folder),
        "report": ec.report(folder),
        "cite": ec.cite("founding-study"),
    }


VERBS = ("new", "simulate", "plan", "show", "rerun", "check", "measures", "report", "cite")


@pytest.mark.parametrize("one", verbs.LISTED, ids=lambda one: one.function)
def test_every_verb_returns_a_result_of_the_class_that_is_listed(one):
    function, result = getattr(ec, one.function), getattr(ec, one.result_name)
    assert issubclass(result, Result)
    assert inspect.signature(function).return_annotation == one.result_name


@pytest.mark.parametrize("one", verbs.LISTED, ids=lambda one: one.function)
def test_no_result_has_a_view_or_an_error_of_its_own(one):
    own = vars(getattr(ec, one.result_name))
    assert "plot" not in own
    assert one.function == "report" or "_repr_html_" not in own  # a page is shown as it is


@pytest.mark.parametrize("verb", VERBS)
def test_a_result_says_itself_in_words_tables_and_data(results, verb, capsys):
    found = results[verb]
    assert isinstance(found.summary(), str)
    assert found.summary()
    assert isinstance(found.tables, Mapping)
    assert all(isinstance(table, pd.DataFrame) for table in found.tables.values())
    print_json(found.as_data())
    assert json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("verb", VERBS)
def test_a_result_writes_files_and_says_which(results, verb, tmp_path):
    written = results[verb].save(tmp_path / "new") if verb != "simulate" else []
    assert all(file.is_file() for file in written)
    assert {file.name for file in written} == {file.name for file in tmp_path.glob("new/*")}
    assert written or verb == "simulate"  # it is on disk already; a test above has saved it


@pytest.mark.parametrize("verb", VERBS)
def test_a_result_is_drawn_or_says_that_there_is_no_picture(results, verb):
    found = results[verb]
    if found.pictures:
        assert found.plot() is not None
        with pytest.raises(InputError, match=f"known: {', '.join(found.pictures)}"):
            found.plot("zebra")
    else:
        with pytest.raises(InputError, match="there is no picture of this"):
            found.plot()


@pytest.mark.parametrize("verb", [one for one in VERBS if one != "report"])
def test_a_notebook_shows_tables_as_tables_and_pictures_and_a_mark(results, verb):
    found = results[verb]
    html = found._repr_html_()
    assert "SYNTHETIC" in html
    assert "<pre>" not in html
    assert html.count("<h4>") == len(found.shown_tables)
    assert html.count("<img src=") == len(found.shown_pictures)
    assert verb == "rerun" or "<table" in html


def test_what_a_user_wrote_cannot_become_markup(write_scenario):
    file = write_scenario()
    titled = re.sub('title = ".*"', 'title = "<script>alert(1)</script> & more"', file.read_text())
    file.write_text(titled)
    html = ec.show(file)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in html


def test_a_long_table_is_shown_in_part_and_says_how_long_it_is(results):
    listed = ec.show()
    html = listed._repr_html_()
    assert len(listed.parameters) > 300
    assert html.count("<tr") < 50
    assert f"{len(listed.parameters)} rows" in html


def test_all_tables_of_a_study_can_be_asked_for_by_name(results, tmp_path):
    made = ec.simulate("founding-study", seed=1, out=tmp_path)
    page = ec.report(made.folder, out=tmp_path / "page.html")
    assert list(page.tables) == list(results["simulate"].tables)
    assert {"alters", "alters_miss", "truth/ties", "table_one"} <= set(page.tables)
    assert page.tables["alters"].equals(made.tables["alters"])
    assert page.tables["table_one"].equals(made.table_one)


def test_a_comparison_with_differences_has_them_as_a_table(results, tmp_path):
    folder = ec.simulate("founding-study", seed=2, out=tmp_path).folder
    (folder / "egos.csv").write_text("mine")
    html = ec.rerun(folder)._repr_html_()
    assert "egos.csv" in html
    assert "<table" in html
