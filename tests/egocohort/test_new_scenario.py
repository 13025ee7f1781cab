"""``egocohort new --scenario``: a commented file of a cut, which can be compared at once."""

import io
import json

import pytest

import egocohort as ec
from analysis.compare.asked import asked_comparison, comparison_of
from egocohort.commands.new import OF_CUTS
from egocohort.study_files.cut_kinds import CUTS
from egocohort.study_files.cuts import CUT_QUESTIONS
from sim.errors import InputError
from sim.world.parameters import catalogue
from sim.world.scenario import list_scenarios, read_scenario


def test_it_writes_a_file_and_says_in_words_what_it_does(invoke, tmp_path):
    run = invoke("new", "my-cut.toml", "--scenario", "--yes")
    assert run.returncode == 0
    first, *shocks, last = run.stdout.splitlines()
    assert first == "Written: my-cut.toml"
    assert "from week 13 of the study to the end, for everybody" in shocks[0]
    assert last == "Next:    egocohort compare usual-care my-cut.toml"
    assert invoke("show", "my-cut.toml", "--changed").returncode == 0
    assert read_scenario(tmp_path / "my-cut.toml").world == read_scenario("usual-care").world


@pytest.mark.parametrize("cut", CUTS)
def test_every_cut_is_a_scenario_that_usual_care_is_compared_with(tmp_path, cut):
    made = ec.new_scenario(tmp_path / "mine.toml", cut=cut)
    scenario = read_scenario(made.path)
    assert scenario == made.scenario.but(cite=scenario.cite, note=scenario.note)
    assert scenario.shocks
    assert {shock.from_week for shock in scenario.shocks} == {13}
    assert made.text.count("[[shock]]") == len(scenario.shocks)


def test_visits_are_cut_as_deep_as_asked_and_no_deeper_than_the_world_goes(tmp_path):
    shocks = ec.new_scenario(tmp_path / "third.toml", depth=1 / 3).scenario.shocks
    like = {shock.acts_on: shock.value for shock in read_scenario("service-cutback").shocks}
    assert {one.acts_on: round(one.value, 2) for one in shocks} == pytest.approx(like)
    deep = ec.new_scenario(tmp_path / "deep.toml", depth=0.8)
    assert len(deep.scenario.shocks) == len(shocks)
    for shock in deep.scenario.shocks:
        entry = catalogue()[shock.acts_on]
        assert entry.low <= shock.applied(entry.value) <= entry.high
    assert "the end of its range" in deep.text


def test_fewer_as_planned_is_fewer_than_that_as_made_and_who_is_not_cut_is_said(invoke):
    run = invoke("new", "mine.toml", "--scenario", "--depth", "0.333", "--yes")
    shown = " ".join(invoke("show", "mine.toml").stdout.split())
    for said in (run.stdout, shown):
        assert "a third fewer as planned is a quarter fewer as made" in said
        assert "Visits of support workers are not cut." in said
    support = invoke("new", "s.toml", "--scenario", "--cut", "support", "--yes")
    assert "Visits of psychiatrists and co-ordinators are not cut." in support.stdout


@pytest.mark.parametrize("depth", ["0.8", "0.9"])
def test_where_ranges_end_before_the_depth_the_lines_are_named_with_the_depth_they_reach(
    invoke, tmp_path, depth
):
    run = invoke("new", "mine.toml", "--scenario", "--depth", depth, "--yes")
    shown = " ".join(invoke("show", "mine.toml").stdout.split())
    text = (tmp_path / "mine.toml").read_text()
    for said in (run.stdout, shown, text):
        assert f"Ranges end before depth {depth}: " in said
        assert (
            "service.psychiatrist.interval_weeks stops at 40 weeks, the end of its range, as at "
            "depth 0.525" in said
        )
    assert "# 19 to 40 weeks, the end of its range, as at depth 0.525" in text
    assert "share of planned visits cut, as far as ranges go (see the note)" in text


def test_what_is_at_the_end_of_its_range_already_is_not_cut(tmp_path):
    made = ec.new_scenario(tmp_path / "mine.toml", base="staff-turnover", cut="turnover", depth=2)
    assert "service.leaving stays at 0.4 1/year, the end of its range" in made.summary()
    twice = ec.new_scenario(tmp_path / "twice.toml", cut="turnover", depth=2)
    assert "service.leaving stops at 0.4 1/year, the end of its range, as at depth 1" in twice.text
    assert "Ranges end" not in ec.new_scenario(tmp_path / "once.toml", cut="turnover").summary()


def test_all_drop_ins_can_close(tmp_path):
    (shock,) = ec.new_scenario(tmp_path / "mine.toml", cut="drop-ins", depth=1).scenario.shocks
    assert (shock.acts_on, shock.value) == ("event.closure", 1)


def test_a_cut_on_top_of_another_says_both_and_is_compared_with_what_neither_has_touched(
    invoke, tmp_path
):
    (tmp_path / "cuts").mkdir()
    invoke("new", "ours.toml", "--scenario", "--cut", "staff", "--depth", "0.1", "--yes")
    ours = (tmp_path / "ours.toml").read_text().partition("[[shock]]")[0]
    (tmp_path / "ours.toml").write_text(ours)
    invoke("new", "cuts/one.toml", "--scenario", "--base", "ours.toml", "--yes")
    words = ("--cut", "drop-ins", "--from-week", "0", "--yes")
    run = invoke("new", "two.toml", "--scenario", "--base", "cuts/one.toml", *words)
    assert run.stdout.splitlines()[-1] == (
        "Next:    egocohort compare ours.toml cuts/one.toml two.toml"
    )
    assert "Visits of support workers are not cut." in read_scenario(tmp_path / "two.toml").note
    assert read_scenario(tmp_path / "two.toml").title == (
        "From week 13 on psychiatrists and co-ordinators see people less often; and from week 0 on "
        "drop-ins close"
    )


def test_a_base_with_other_staff_than_what_it_extends_is_compared_with_alone(invoke, tmp_path):
    (tmp_path / "ours.toml").write_text(
        'id = "ours"\ntitle = "Ours"\nextends = "service-cutback"\n'
        "[world.staff]\ncpn = { fte = [1.0] }\n"
    )
    run = invoke("new", "mine.toml", "--scenario", "--base", "ours.toml", "--yes")
    assert run.stdout.splitlines()[-1] == "Next:    egocohort compare ours.toml mine.toml"


def test_when_and_whom_are_written_as_said(tmp_path):
    made = ec.new_scenario(
        tmp_path / "mine.toml", cut="discharge", depth=1, from_week=4, lasts=26,
        whom="site=2,diagnosis=bipolar,partner=no,share=0.5",
    )  # fmt: skip
    (shock,) = made.scenario.shocks
    assert (shock.from_week, shock.weeks, shock.value) == (4, 26, 2)
    who = shock.who
    assert (who.site, who.diagnosis, who.has_partner, who.share) == ((2,), ("bipolar",), False, 0.5)


def test_it_asks_what_is_not_given(invoke, monkeypatch, tmp_path):
    monkeypatch.setattr("sys.stdin", io.StringIO("discharge-push\ndrop-ins\n0.25\n4\nsite=2\n"))
    run = invoke("new", "mine.toml", "--scenario", "--json")
    assert run.returncode == 0
    assert "share of ties to groups and places that end" in run.stderr
    told = json.loads(run.stdout)
    values = {name: one["value"] for name, one in told["answers"].items()}
    assert values == {
        "base": "discharge-push", "cut": "drop-ins", "depth": 0.25, "from_week": 4,
        "whom": "site=2",
    }  # fmt: skip
    assert all(name in run.stderr for name in list_scenarios())
    assert told["next"] == "egocohort compare usual-care discharge-push mine.toml"


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("base", list_scenarios())
def test_a_cut_of_any_shipped_scenario_can_be_compared_with_it(tmp_path, base, cut):
    made = ec.new_scenario(tmp_path / "mine.toml", base=base, cut=cut)
    usual, mine = read_scenario(base), read_scenario(made.path)
    assert mine.shocks[: len(usual.shocks)] == usual.shocks
    assert len(mine.shocks) > len(usual.shocks)
    assert mine == made.scenario.but(cite=mine.cite, note=mine.note)
    comparison_of([usual, mine], seed=1)


def test_a_file_may_be_the_base_wherever_it_lies_and_its_own_values_are_what_is_cut(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    for folder in ("bases", "cuts"):
        (tmp_path / folder).mkdir()
    (tmp_path / "bases" / "ours.toml").write_text(
        'id = "ours"\ntitle = "Ours"\nextends = "usual-care"\n'
        '[parameters]\n"service.coordinator.capacity" = 10\n'
    )
    made = ec.new_scenario("cuts/mine.toml", base="bases/ours.toml", cut="staff", depth=0.1)
    assert 'extends = "../bases/ours.toml"' in made.text
    assert "# 10 to 9 contacts a week" in made.text
    assert read_scenario("cuts/mine.toml").parameters == {"service.coordinator.capacity": 10}
    deeper = ec.new_scenario("cuts/deeper.toml", base="bases/ours.toml", cut="staff", depth=0.4)
    assert "# 10 to 8 contacts a week per FTE at work, the end of its range" in deeper.text


def test_a_base_is_not_written_over_and_may_have_any_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = 'id = "ours"\ntitle = "Ours"\nextends = "usual-care"\n'
    (tmp_path / 'our "own".toml').write_text(text)
    made = ec.new_scenario("mine.toml", base='our "own".toml')
    assert len(read_scenario("mine.toml").shocks) == len(made.scenario.shocks)
    (tmp_path / "base.toml").write_text(text)
    with pytest.raises(InputError, match="is what it is to be a change of"):
        ec.new_scenario("base.toml", base="base.toml", force=True)
    assert (tmp_path / "base.toml").read_text() == text


def test_the_command_that_is_told_next_runs(invoke, tmp_path):
    words = ("--yes", "--scenario", "--from-week", "60", "--for", "site=2,team=2")
    first, *_, last = invoke("new", "late.toml", *words).stdout.splitlines()
    assert first == "Written: late.toml"
    command = last.removeprefix("Next:    egocohort ").split()
    assert command[-4:] == ["--weeks", "112", "--teams", "7"]
    spec = asked_comparison(command[1:3], weeks=112, teams=7, seed=1)
    assert len(spec.places) == 7


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--base", "usual-cre"), 'did you mean "usual-care"'),
        (("--base", "nothing.toml"), "nothing.toml: no such file"),
        (("--cut", "visit"), 'did you mean "visits"'),
        (("--depth", "1"), "share of planned visits cut, so less than 1"),
        (("--cut", "staff", "--depth", "1"), "share of capacity cut, so less than 1"),
        (("--cut", "drop-ins", "--depth", "1.5"), "groups and places that end, so at most 1"),
        (("--depth", "deep"), "must be a number"),
        (("--cut", "staff", "--for", "diagnosis=bipolar"), "for --cut staff is of staff"),
        (("--for", "sit=2"), 'did you mean "site"'),
        (("--for", "site=9"), "there is no site 9"),
        (("--for", "site=x"), "it is a number from 1"),
        (("--for", "site=inf"), "it is a number from 1"),
        (("--for", "team=nan"), "it is a number from 1"),
        (("--cut", "drop-ins", "--for", "diagnosis=flu"), "it is psychosis, schizophrenia"),
        (("--cut", "drop-ins", "--lasts", "4"), "drop-ins close once"),
        (("--sd", "4"), "--sd is of a study; leave it or --scenario out"),
    ],
)
def test_bad_input_is_one_message_and_nothing_is_written(invoke, tmp_path, words, message):
    run = invoke("new", "mine.toml", "--scenario", "--yes", *words)
    assert run.returncode == 2
    assert message in run.stderr
    assert not list(tmp_path.iterdir())


def test_options_of_a_cut_are_not_of_a_study(invoke):
    run = invoke("new", "--for", "site=2", "--yes")
    assert run.returncode == 2
    assert "--for is of a scenario; give --scenario too" in run.stderr


def test_a_file_that_is_there_is_kept(tmp_path):
    ec.new_scenario(tmp_path / "mine.toml")
    with pytest.raises(InputError, match="already exists"):
        ec.new_scenario(tmp_path / "mine.toml", cut="staff")
    with pytest.raises(InputError, match=r"mine\.toml would be right"):
        ec.new_scenario(tmp_path / "mine.txt")


def test_options_and_questions_are_the_same():
    assert [one.name for one in CUT_QUESTIONS] == list(OF_CUTS)
