"""`egocohort cite`: what to cite, and for what."""

import json
import re

import egocohort as ec
from sim.world.parameters import catalogue, sources


def test_every_source_that_is_named_has_a_reason_and_no_other_is_listed():
    found = ec.cite("usual-care")
    listed = {key for one in found.entries for key in one.ids}
    named = {key for entry in catalogue().values() for key in entry.source.split()}
    assert named <= listed
    assert all(one.reasons for one in found.entries)
    assert listed <= named | set(ec.show("usual-care").scenario.cite)


def test_the_founding_papers_figures_are_one_source():
    keys = [one.key for one in ec.cite().entries]
    assert keys[0] == "brooks2020"
    of_paper = [key for key in keys if sources()[key].status == "founding-paper"]
    assert of_paper == ["brooks2020"]


def test_a_reason_names_the_parameters_and_how_well_they_are_known():
    (loss,) = [one for one in ec.cite().entries if one.key == "B16"]
    assert "tie end rate (fitted)" in loss.reasons


def test_what_cannot_be_cited_says_why(invoke):
    text = invoke("cite").stdout
    doubtful = [one for one in ec.cite().entries if one.status in ("recalled", "judgement")]
    assert text.count("no evidence") + text.count("not evidence") == len(doubtful)
    assert re.search(r"\d+ of \d+ parameters are graded assumed", text)


def test_bibtex_has_the_program_and_only_what_was_read(invoke):
    text = invoke("cite", "usual-care", "--bibtex").stdout
    keys = re.findall(r"^@\w+\{(.+),$", text, re.MULTILINE)
    assert keys[:2] == ["egocohort", "brooks2020"]
    assert {sources()[key].status for key in keys[1:]} == {"founding-paper", "seen"}
    assert text.count("{") == text.count("}")


def test_a_scenario_is_cited_with_its_own_sources(write_scenario):
    file = write_scenario('cite = ["B34"]')
    (one,) = [one for one in ec.cite(file).entries if one.key == "B34"]
    assert "the scenario world" in one.reasons


def test_json_is_one_object(invoke):
    said = json.loads(invoke("cite", "founding-study", "--json").stdout)
    assert said["citations"][0]["key"] == "brooks2020"


def test_what_a_scale_rests_on_is_cited(tmp_path):
    ec.new(tmp_path / "mine.toml", outcome="panss")
    found = {one.key: one.reasons for one in ec.cite(tmp_path / "mine.toml").entries}
    assert "the outcome: Positive and Negative Syndrome Scale" in found["hermes2012"]
    assert found["kay1987"] == ("the outcome: Positive and Negative Syndrome Scale",)


def test_a_source_is_cited_with_what_rests_on_it(invoke):
    said = invoke("cite", "b46")
    assert said.returncode == 0
    assert "[B46] Shah" in said.stdout
    assert "for the outcome: Short Warwick-Edinburgh Mental Wellbeing Scale" in said.stdout
    rests = invoke("cite", "vaingankar2017").stdout
    assert "scale mean (reported)" in rests
    assert "Short Warwick-" in said.stdout
    assert "{B46," in invoke("cite", "B46", "--bibtex").stdout
    assert "its figure N7" in invoke("cite", "N7").stdout


def test_a_folder_that_is_no_bundle_is_told_what_can_be_cited(invoke, tmp_path):
    run = invoke("cite", tmp_path)
    assert run.returncode == 2
    assert "no bundle, as it has no manifest.json" in run.stderr
