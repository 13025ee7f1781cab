"""``egocohort new --service``: local counts become a baseline, and what it cannot have is said."""

import pytest

import egocohort as ec
from analysis.compare.service import (
    SERVICE_COUNTS,
    WITHIN,
    ServiceCounts,
    counts_of_service,
    fitted_service,
)
from egocohort.commands.new import OF_SERVICES
from egocohort.study_files.service import PROPOSED, SERVICE_QUESTIONS
from sim.errors import InputError
from sim.world.scenario import parse_scenario, read_scenario

LITTLE = {"psychiatrist": 0.2, "cpn": 0.7, "care_coordinator": 0.2, "support_worker": 0.2}
HERE = {**LITTLE, "caseload": 40, "vacancies": 6, "missed": 15, "visits": 450, "admissions": 8,
        "bed_days": 280}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small service."""
    file = tmp_path_factory.mktemp("service") / "mine.toml"
    return ec.new_service(file, replicates=8, **HERE)


def test_it_is_a_scenario_with_the_staff_and_dials_that_were_asked_for(made):
    scenario = read_scenario(made.path)
    assert scenario == made.scenario
    staff = scenario.world.staff.by_role()
    assert {role: sum(fte) for role, fte in staff.items()} == pytest.approx(LITTLE)
    dials = ("crisis.hazard", "crisis.stay_days", "service.missed", "service.vacancy_weeks")
    assert set(dials) <= set(scenario.parameters)


def test_the_table_says_what_was_asked_and_what_there_is(made):
    rows = made.tables["counts"]
    assert rows["count"].tolist() == list(SERVICE_COUNTS)
    assert rows["asked"].tolist() == [HERE[name] for name in SERVICE_COUNTS]
    near = rows.set_index("count").loc[["caseload", "missed"], "within"]
    assert set(near) <= {"yes", "not clear"}
    assert "asked  world" in made.summary()
    assert made.as_data()["counts"][0]["world"] == rows["world"][0]


def test_what_is_proposed_is_what_usual_care_has():
    counts = counts_of_service(read_scenario("usual-care"), 40, seed=3)
    for name in SERVICE_COUNTS:
        off, asked = counts.value[name] - PROPOSED[name], PROPOSED[name]
        assert abs(off) <= WITHIN * asked or abs(off) <= 2 * counts.mcse[name]


def test_what_people_have_is_proposed_for_as_many_as_there_are(tmp_path):
    given = {name: HERE[name] for name in (*LITTLE, "caseload")}
    made = ec.new_service(tmp_path / "small.toml", replicates=4, **given)
    asked = made.tables["counts"].set_index("count").loc[["visits", "bed_days"], "asked"]
    assert asked.tolist() == [
        round(PROPOSED[name] * HERE["caseload"] / PROPOSED["caseload"]) for name in asked.index
    ]


def test_what_the_world_cannot_have_is_said(tmp_path):
    made = ec.new_service(tmp_path / "odd.toml", replicates=4, **{**HERE, "bed_days": 9000})
    assert "Clearly not within 10 % of what was asked: bed days." in made.headline
    assert made.scenario.parameters["crisis.stay_days"] == 60  # the end of its range


def test_dials_are_turned_until_counts_agree_and_no_further(monkeypatch):
    """Of a world that counts in proportion to its dials."""
    from analysis.compare import service

    def counted(scenario, replicates, **how):
        at = scenario.parameters
        admissions = at.get("crisis.hazard", 0.03) * 1000
        value = {
            "admissions": admissions, "bed_days": admissions * at.get("crisis.stay_days", 25),
            "visits": 8000 / at.get("service.coordinator.interval_weeks", 4.0),
        }  # fmt: skip
        return ServiceCounts(value, value)

    monkeypatch.setattr(service, "counts_of_service", counted)
    start = parse_scenario(
        {
            "id": "a",
            "title": "A",
            "parameters": {
                "crisis.hazard": 0.03,
                "crisis.stay_days": 25,
                "service.coordinator.interval_weeks": 4.0,
            },
        }
    )
    asked = {"visits": 1600, "admissions": 45, "bed_days": 900}
    _, found = fitted_service(start, asked, replicates=1, seed=1)
    assert found.value == pytest.approx(asked, rel=0.02)


def test_the_command_asks_all_of_it():
    assert tuple(OF_SERVICES) == tuple(one.name for one in SERVICE_QUESTIONS)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("x.toml", "--service", "--yes", "--cpn", "-1"), "--cpn"),
        (("x.toml", "--service", "--yes", "--cut", "visits"), "--cut is of a scenario"),
        (("x.toml", "--yes", "--cpn", "3"), "give --service too"),
        (("x.toml", "--service", "--scenario", "--yes"), "not both"),
        (("x.txt", "--service", "--yes"), "ends in .toml"),
        (("x.py", "--service", "--yes"), "is an analysis"),
        (("x.py", "--for", "site=2"), "--for is about a study file, and x.py is an analysis"),
    ],
)
def test_bad_input_is_one_message_and_nothing_is_written(invoke, tmp_path, words, message):
    run = invoke("new", *words)
    assert run.returncode == 2
    assert message in " ".join(run.stderr.split())
    assert not list(tmp_path.glob("x.*"))


def test_an_unknown_count_is_refused():
    with pytest.raises(InputError, match='did you mean "caseload"'):
        ec.new_service("x.toml", caselod=3)
