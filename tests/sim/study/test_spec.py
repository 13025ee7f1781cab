import tomllib

import pytest

import analysis  # noqa: F401 - the tables of shipped studies that are not the simulator's
from sim.errors import InputError
from sim.study.spec import list_studies, parse_study, read_study

PLANTED = {"arm": "control", "scale": "swemwbs", "shift": [0.1, 0.2]}


def changed(table, key, value):
    said = read_study("founding-study").resolved()
    (said[table] if table else said)[key] = value
    return said


@pytest.mark.parametrize("name", list_studies())
def test_a_shipped_study_says_the_same_after_writing_and_reading(name):
    study = read_study(name)
    again = parse_study(study.resolved())
    assert (again.resolved(), again.hash) == (study.resolved(), study.hash)
    assert parse_study(tomllib.loads(study.to_toml())).hash == study.hash


def test_the_hash_is_of_what_moves_the_study():
    study = read_study("founding-study")
    assert parse_study(changed("", "title", "Another")).hash == study.hash
    other = parse_study(changed("recruitment", "consent", 0.5))
    assert other.hash != study.hash
    assert study.but(recruitment=other.recruitment).hash == other.hash  # though study has been told


def test_a_study_that_wants_more_people_keeps_its_proportions_by_site():
    study = read_study("founding-study")
    more = study.wanting(100)
    assert (more.recruitment.n, more.recruitment.site_quota) == (100, (12, 5, 3, 7, 2))
    assert more.hash not in (study.hash, study.wanting(101).hash)
    assert study.wanting(29).hash == study.hash


@pytest.mark.parametrize(
    ("table", "key", "value", "message"),
    [
        ("waves", "weeks", [0, 52, 26], "waves.weeks: must be in order: 26 comes after 52"),
        ("waves", "weeks", [4, 26], "must begin with 0, the baseline, not 4"),
        ("waves", "window", 13, "at most 12"),
        ("recruitment", "n", 0, "0 is out of range: must be at least 1"),
        ("recruitment", "n", 30, "site_quota adds up to 29, but n = 30"),
        ("recruitment", "consnt", 0.5, 'unknown key "consnt"; did you mean "consent"?'),
        ("recruitment", "start", "2014-13-01", "is no date"),
        ("recruitment", "entry_weeks", 2.5, "must be a whole number"),
        ("participation", "odds_ratio", 0.0, "must be more than 0"),
        ("participation", "odds_ratio", float("nan"), "must be a finite number"),
        ("participation", "retention", [0.8, 0.9], "rises from 0.8 to 0.9; it can only fall"),
        ("participation", "retention", [0.8], "has 1 value, but the study has 2 waves after"),
        ("participation", "retention", [1.2, 0.9], "must be at most 1"),
        ("participation", "mechanism", "MNAR", 'did you mean "MAR"?'),
        (
            "participation",
            "mechanism",
            {"contrl": "MAR"},
            'no arm "contrl"; did you mean "control"',
        ),
        ("participation", "mechanism", {"control": "MAR"}, 'says nothing of arm "intervention"'),
        ("arms", "share", {"a": 1}, "needs two arms or more"),
        ("arms", "unit", "teem", 'did you mean "team"?'),
        ("arms", "scenario", {"control": "usual-car"}, 'did you mean "usual-care"?'),
        ("arms", "scenario", {"other": "usual-care"}, 'no arm "other"'),
        (
            "arms",
            "planted",
            {**PLANTED, "arm": "contrl"},
            'no arm "contrl"; did you mean "control"',
        ),
        ("arms", "planted", {**PLANTED, "scale": "swembs"}, 'did you mean "swemwbs"?'),
        ("arms", "planted", {**PLANTED, "shift": [1.0]}, "has 1 value, but the study has 2 waves"),
        ("arms", "planted", {**PLANTED, "shift": [0.0, 9.0]}, "must be at most 5"),
        ("frame", "teams_per_site", [0], "must be at least 1"),
        ("map", "how", "afrsh", 'did you mean "afresh"?'),
        ("", "cite", ["brooks2021"], 'did you mean "brooks2020"?'),
        ("", "id", "../x", "cannot name a folder"),
        ("", "wave", {}, 'did you mean "waves"?'),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_right(table, key, value, message):
    with pytest.raises(InputError) as caught:
        parse_study(changed(table, key, value))
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 2


def test_an_unknown_study_is_named_with_the_nearest(tmp_path):
    with pytest.raises(InputError, match='did you mean "founding-study"'):
        read_study("founding-studie")
    with pytest.raises(InputError, match="no such file"):
        read_study(tmp_path / "mine.toml")


def test_a_planted_effect_is_part_of_what_a_study_says():
    study, plain = parse_study(changed("arms", "planted", PLANTED)), read_study("founding-study")
    assert study.hash != plain.hash
    assert parse_study(tomllib.loads(study.to_toml())).hash == study.hash
    assert study.arms.planted.shift == (0.1, 0.2)
    assert "planted" not in plain.to_toml()


def test_the_line_of_a_mistake_is_named(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('id = "a"\ntitle = "A"\n[recruitment]\nn = "ten"\n')
    with pytest.raises(
        InputError, match=r"mine\.toml, line 4, recruitment.n: must be a whole number"
    ):
        read_study(path)


def test_settings_may_differ_by_arm():
    said = changed("participation", "odds_ratio", {"control": 1.0, "intervention": 3.0})
    rules = parse_study(said).participation
    assert rules.of("odds_ratio", "intervention") == 3.0
    assert rules.of("mechanism", "intervention") == "MAR"
