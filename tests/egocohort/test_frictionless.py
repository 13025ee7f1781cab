"""Frictionless, which knows nothing of this project, finds every data package valid.

Schemas, keys, foreign keys, sizes and checksums, of bundles and of a data set of many studies.
"""

import frictionless

import egocohort as ec

ARMS = """\
[arms]
unit = "team"
share = { usual = 1, cut = 1 }
[arms.scenario]
cut = "service-cutback"
"""


def problems(folder):
    """What it finds, and how many of the resources it opened as tables."""
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.stats["warnings"] == 0
    found = report.flatten(["title", "rowNumber", "fieldName", "message"])
    assert report.valid == (not found)
    return found, sum(task.stats.get("rows", 0) > 0 for task in report.tasks)


def test_a_bundle_and_a_change_in_one(small_study, tmp_path):
    folder = ec.simulate(small_study, seed=5, out=tmp_path).folder
    found, tables = problems(folder)
    assert found == []
    assert tables > 15
    file = folder / "alters.csv"
    file.write_text(file.read_text().replace(",professional,", ",proffesional,", 1))
    alters = frictionless.Package(str(folder / "datapackage.json")).get_resource("alters")
    titles = {title for (title,) in alters.validate().flatten(["title"])}
    assert {"Constraint Error", "Hash Count Error"} <= titles


def test_a_bundle_with_errors_on_purpose_and_other_lives(small_study, write_study, tmp_path):
    text = small_study.read_text().replace("[1]", "[2]").replace("[0, 4]", "[0, 20]")
    study = write_study("[waves]", f"{ARMS}[waves]", text)
    made = ec.simulate(study, seed=5, errors="all=high", truth="counterfactual", out=tmp_path)
    assert (made.folder / "as_collected").exists()
    assert (made.folder / "truth/counterfactual.csv").exists()
    assert problems(made.folder)[0] == []


def test_a_data_set_of_many_studies(small_study, tmp_path):
    many = ec.simulate_many(small_study, replicates=3, seed=5, tables=("egos", "alters"))
    many.save(tmp_path)
    assert problems(many.folder)[0] == []
