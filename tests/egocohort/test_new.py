"""``egocohort new``: a study file that says where its numbers come from, and plans at once."""

import io
import json
import tomllib

import pytest

import egocohort as ec
from analysis.questions.of_study import plan_of
from egocohort.commands.new import HELP
from egocohort.study_files.begin import InHand
from egocohort.study_files.questions import STUDY_QUESTIONS, answered, starting
from sim.errors import InputError
from sim.study.spec import parse_study, read_study
from sim.world.parameters import sources

DESIGNS = {
    "two arms": {},
    "two arms, one follow-up": {"weeks": (26,)},
    "teams": {"allocation": "team", "icc": 0.05, "cluster_size": 12},
    "change": {"about": "change"},
    "mean": {"about": "mean", "half_width": 1.0},
    "budget": {"budget": 180_000},
    "another scale": {"outcome": "hccq"},
    "a scale of the catalogue": {"outcome": "phq9"},
    "a scale without published figures": {"outcome": "lsns6", "sd": 6},
    "ties": {"about": "ties"},
    "ties, one follow-up": {
        "about": "ties",
        "weeks": (39,),
        "members": 1,
        "tie_icc": 0,
        "more_kept": 0.2,
    },
    "a mean of one": {"outcome": "eq5d5l", "about": "mean", "sd": 0.25},
}


def test_it_writes_a_file_that_is_planned_at_once(invoke, tmp_path):
    run = invoke("new", "--yes")
    assert run.returncode == 0
    assert run.stdout == "Written: study.toml\nNext:    egocohort plan study.toml\n"
    planned = invoke("plan", "study.toml", "--seed", 1, "--replicates", 100)
    assert planned.returncode == 0
    assert "N = " in planned.stdout


@pytest.mark.parametrize("design", DESIGNS)
def test_every_design_can_be_planned_and_its_file_reads_back(tmp_path, design):
    made = ec.new(tmp_path / "mine.toml", **DESIGNS[design])
    study = read_study(made.path)
    assert study.id == "mine"
    assert parse_study(tomllib.loads(study.to_toml())).resolved() == study.resolved()
    planned = ec.plan(made.path, seed=1, replicates=100)
    assert planned.n
    assert "no source given" not in planned.protocol()


def test_what_is_given_is_what_is_written(tmp_path):
    ec.new(
        tmp_path / "mine.toml", sd=5, difference=2.5, correlation=0.6, retention=0.7, people=300,
        power=0.8, weeks=(13, 52),
    )  # fmt: skip
    study = read_study(tmp_path / "mine.toml")
    panel = plan_of(study).panel
    assert (panel.sd, panel.correlation) == (5, 0.6)
    assert panel.effect["intervention"][-1] * panel.sd == pytest.approx(2.5)
    assert study.waves.weeks == (0, 13, 52)
    assert study.participation.retention["all"] == (0.925, 0.7)
    assert (plan_of(study).chance, plan_of(study).people_at_most) == (0.8, 300)
    for number in ("sd", "effect", "correlation", "retention", "people"):
        assert plan_of(study).sources[number] == "given by the study team"


def test_ties_are_written_as_a_panel_of_their_own(tmp_path):
    made = ec.new(
        tmp_path / "mine.toml", about="ties", members=8, kept_members=0.8, more_kept=0.1,
        tie_icc=0.05,
    )  # fmt: skip
    study, plan = read_study(made.path), plan_of(read_study(made.path))
    ties = plan.panel.ties
    assert (ties.number, ties.kept, ties.icc) == (8, (0.9, 0.8), 0.05)
    assert ties.effect["intervention"] == (0.05, 0.1)
    assert study.participation.mechanism["all"] == "MCAR"
    assert plan.sources["kept"] == "given by the study team"
    with pytest.raises(InputError, match=r"--more-kept: 0\.4 must lie"):
        ec.new(tmp_path / "other.toml", about="ties", kept_members=0.8, more_kept=0.4)
    with pytest.raises(InputError, match="--sd has no meaning here: ties are measured on no"):
        ec.new(tmp_path / "other.toml", about="ties", sd=4)
    assert not (tmp_path / "other.toml").exists()


def test_a_scale_of_the_catalogue_brings_its_figures_and_where_they_are_from(tmp_path):
    ec.new(tmp_path / "mine.toml", outcome="panss")
    plan = plan_of(read_study(tmp_path / "mine.toml"))
    assert (plan.panel.mean, plan.panel.sd) == (75.6, 17.6)
    assert plan.sources["sd"] == plan.sources["mean"] == "hermes2012"
    assert plan.panel.effect["intervention"][-1] * plan.panel.sd == pytest.approx(-11.2, abs=1e-4)
    ec.new(tmp_path / "later.toml", outcome="sf12_mcs")
    assert plan_of(read_study(tmp_path / "later.toml")).panel.correlation == 0.57  # a year apart


@pytest.mark.parametrize(("outcome", "sign"), [("swemwbs", 1), ("loneliness", -1), ("gad7", -1)])
def test_what_is_planned_for_is_an_improvement(tmp_path, outcome, sign):
    ec.new(tmp_path / "mine.toml", outcome=outcome)
    assert sign * plan_of(read_study(tmp_path / "mine.toml")).panel.effect["intervention"][-1] > 0


def test_where_no_figure_is_known_none_is_made_up(invoke, tmp_path):
    run = invoke("new", "--outcome", "qpr", "--yes")
    assert run.returncode == 2
    assert run.stderr == "Error: --sd: no published value of QPR is known to us; give your own\n"
    assert invoke("new", "--outcome", "qpr", "--sd", "11", "--yes").returncode == 0


def test_what_is_proposed_comes_with_source_and_year(tmp_path):
    text = ec.new(tmp_path / "mine.toml").text
    assert 'sd = "vaingankar2017"' in text
    assert "From vaingankar2017: in schizophrenia, 39 % of 350 outpatients" in text
    assert f"# vaingankar2017: {sources()['vaingankar2017'].text}"[:60] in text
    said = " ".join(text.replace("#", " ").split())
    assert "change of one client of a cognitive hypnotherapy service is 1 to 3 points" in said


def test_every_proposal_has_a_source_that_exists():
    entries = [one for name, one in starting().items() if name != "difference"]
    entries += starting()["difference"].values()
    for one in entries:
        assert one["source"] == "assumed" or one["source"] in sources()
        assert one["note"]


def test_every_line_can_be_read_on_a_page(tmp_path):
    for name, given in DESIGNS.items():
        lines = ec.new(tmp_path / "mine.toml", **given, force=True).text.splitlines()
        assert max(map(len, lines)) <= 100, name


def test_a_budget_limits_the_number_of_people(tmp_path):
    ec.new(tmp_path / "mine.toml", budget=150_000)
    plan = plan_of(read_study(tmp_path / "mine.toml"))
    assert plan.people_at_most < 600
    most = ec.plan(tmp_path / "mine.toml", seed=1, sizes=[plan.people_at_most], replicates=100)
    assert most.result.cost.total == pytest.approx(150_000, rel=0.01)


def test_it_asks_what_was_not_given(invoke, monkeypatch):
    typed = ["", "", "", "", "four", "4", "", "2", "", "", "", ""]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(typed) + "\n"))
    run = invoke("new", "asked.toml")
    assert run.returncode == 0
    assert 'must be a number, not "four"' in run.stderr
    assert "proposed: 5.5, vaingankar2017: in schizophrenia" in run.stderr
    assert run.stdout.startswith("Written: asked.toml")
    panel = plan_of(read_study("asked.toml")).panel
    assert panel.sd == 4
    assert panel.effect["intervention"][-1] * 4 == pytest.approx(2)


def test_without_anybody_to_ask_it_says_what_to_give(invoke, monkeypatch, tmp_path):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    run = invoke("new", "mine.toml", "--about", "difference")
    assert run.returncode == 2
    assert "give --outcome, or --yes" in run.stderr
    assert not (tmp_path / "mine.toml").exists()


def test_one_object(invoke):
    said = json.loads(invoke("new", "mine.toml", "--yes", "--sd", "4.5", "--json").stdout)
    assert said["file"] == "mine.toml"
    assert said["answers"]["sd"] == {"value": 4.5, "source": "given by the study team", "note": ""}
    assert said["answers"]["correlation"]["source"] == "walters2019"
    assert said["next"] == "egocohort plan mine.toml"


def test_it_replaces_nothing_unless_told_to(invoke, tmp_path):
    (tmp_path / "mine.toml").write_text("mine")
    run = invoke("new", "mine.toml", "--yes")
    assert run.returncode == 2
    assert "already exists" in run.stderr
    assert (tmp_path / "mine.toml").read_text() == "mine"
    assert invoke("new", "mine.toml", "--yes", "--force").returncode == 0
    assert plan_of(read_study(tmp_path / "mine.toml"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--sd", "abc"), '--sd: must be a number, not "abc"'),
        (("--retention", "1.2"), "--retention: 1.2 must lie between 0.01 and 1"),
        (("--outcome", "swemwb"), 'did you mean "swemwbs"?'),
        (("--weeks", "52,26"), "--weeks: must be weeks after baseline in order"),
        (("--icc", "0.1"), "--icc has no meaning here"),
        (("--half-width", "1"), "--half-width has no meaning here"),
        (("--about", "mean", "--retention", "0.8"), "--retention has no meaning here"),
        (("--budget", "60100"), "pays for 0 people"),
        (("--power", "1"), "--power: 1 must lie between"),
        (("--difference", "100"), "--difference: 100 must be above 0 and at most 11.07; scores of"),
        (("--difference", "15", "--sd", "13"), "at most 3.39"),
    ],
)
def test_a_wrong_answer_exits_2_and_writes_nothing(invoke, tmp_path, words, message):
    run = invoke("new", "mine.toml", "--yes", *words)
    assert run.returncode == 2
    assert message in run.stderr
    assert not (tmp_path / "mine.toml").exists()


@pytest.mark.parametrize(
    ("name", "message"), [("mine.txt", "mine.toml would be right"), ("con.toml", "Windows")]
)
def test_a_name_that_is_none_of_a_study_is_refused(name, message, tmp_path):
    with pytest.raises(InputError, match=message):
        ec.new(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_every_question_has_an_option_and_an_argument():
    assert list(HELP) == [one.name for one in STUDY_QUESTIONS]
    assert set(InHand.__annotations__) == set(HELP)


def test_an_unknown_argument_is_an_error_with_the_nearest(tmp_path):
    with pytest.raises(InputError, match='did you mean "correlation"'):
        ec.new(tmp_path / "mine.toml", correlations=0.5)


def test_a_name_with_blanks_makes_an_id_and_the_command_is_quoted(invoke):
    made = invoke("new", "My Trial.toml", "--yes")
    assert 'Next:    egocohort plan "My Trial.toml"\n' in made.stdout
    assert read_study("My Trial.toml").id == "my-trial"


@pytest.mark.verify
@pytest.mark.parametrize("about", ["difference", "change"])
def test_more_waves_than_one_analysis_takes_get_another(tmp_path, about):
    made = ec.new(tmp_path / "mine.toml", weeks=tuple(range(4, 53, 4)), about=about)
    assert ec.plan(made.path, seed=1, sizes=[60], replicates=100).curve.success[0] > 0.1


def test_an_analysis_that_takes_fewer_waves_is_refused_with_those_that_do(tmp_path):
    made = ec.new(tmp_path / "mine.toml", weeks=tuple(range(4, 53, 4)))
    made.path.write_text(made.text.replace("random_intercept", "mmrm"))
    with pytest.raises(InputError, match=r'"mmrm" takes 2 to 6 waves, and the study has 14.*gee'):
        read_study(made.path)


def test_what_is_at_most_is_accepted(tmp_path):
    with pytest.raises(InputError) as refused:
        ec.new(tmp_path / "mine.toml", outcome="phq9", difference=99)
    most = float(str(refused.value).split("at most ")[1].split(";")[0])
    read_study(ec.new(tmp_path / "mine.toml", outcome="phq9", difference=most).path)


def test_a_spread_that_the_end_of_a_scale_leaves_no_room_for_is_refused(tmp_path):
    made = ec.new(tmp_path / "mine.toml", sd=4, difference=2)
    text = made.text.replace("intervention = [0.25, 0.5]", "intervention = [1.4, 2.95]")
    with pytest.raises(InputError, match="around which scores of 7 to 35"):
        parse_study(tomllib.loads(text))


def test_a_budget_of_nothing_is_said_to_be_none(invoke):
    assert "a budget of 0 is none" in invoke("new", "mine.toml", "--yes", "--budget", 0).stdout


def test_where_the_budget_is_the_limit_it_is_named_as_such(tmp_path):
    made = ec.new(tmp_path / "mine.toml", budget=150_000)
    assert plan_of(read_study(made.path)).sources["people"].startswith("what a budget of 150,000")


def test_the_least_budget_that_is_named_will_do(tmp_path):
    with pytest.raises(InputError, match="8 take") as refused:
        ec.new(tmp_path / "mine.toml", budget=60_000)
    least = str(refused.value).split("8 take ")[1].split(":")[0].replace(",", "")
    study = read_study(ec.new(tmp_path / "mine.toml", budget=float(least)).path)
    assert plan_of(study).people_at_most == 8


def test_what_is_given_is_not_credited_to_a_paper_that_says_the_same(tmp_path):
    made = ec.new(tmp_path / "mine.toml", sd=5.5, retention=0.8)
    sources = tomllib.loads(made.path.read_text())["plan"]["sources"]
    assert made.answers["sd"].source == sources["sd"] == "given by the study team"
    assert sources["retention"] == "given by the study team"
    proposed = ec.new(tmp_path / "other.toml")
    assert proposed.answers["sd"].value == 5.5
    assert proposed.answers["sd"].source == "vaingankar2017"


def test_a_proposal_that_is_taken_when_asked_is_still_a_papers():
    taken = answered({}, lambda question, proposal: proposal.value)
    assert taken["sd"].source == "vaingankar2017"


def test_a_standard_error_given_as_an_sd_is_questioned(invoke):
    run = invoke("new", "mine.toml", "--sd", 1.1, "--difference", 0.5, "--yes")
    assert run.returncode == 0
    assert "Note:    an SD of 1.1 points is less than half of the 5.5 on file" in run.stdout
    assert "Note:" not in invoke("new", "other.toml", "--sd", 4, "--yes").stdout


def test_the_file_says_what_is_assumed_of_arms_and_of_teams(tmp_path):
    text = ec.new(tmp_path / "mine.toml", allocation="team").path.read_text()
    said = " ".join(line.removeprefix("# ") for line in text.splitlines())
    assert "interviewed at each wave after the first, which is held in each arm" in said
    assert "cac, the cluster autocorrelation, is assumed to be 1" in said
    assert text.count("cac = 1.0 }") == 2
    assert "cluster_t does not adjust for baseline" in said
    assert tomllib.loads(text)["plan"]["sources"]["cac"] == "assumed"
