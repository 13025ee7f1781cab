import pickle

import pytest
from pydantic import ValidationError

from sim.errors import InputError
from sim.world import scenario
from sim.world.scenario import list_scenarios, parse_scenario, read_scenario

SHOCK = '[[shock]]\nacts_on = "tie.friend.end_rate"\nhow = "multiply"\nvalue = 2\nfrom_week = 3\n'
CAPACITY = SHOCK.replace("tie.friend.end_rate", "service.psychiatrist.capacity").replace("2", "0.5")
EPISODE = '[[shock]]\nacts_on = "event.episode"\nhow = "force"\nfrom_week = 8\n'


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Put files of the test in place of those shipped."""
    monkeypatch.setattr(scenario, "shipped", lambda: tmp_path)

    def ship(name, text=""):
        (tmp_path / f"{name}.toml").write_text(f'id = "{name}"\ntitle = "T"\n{text}')

    return ship


@pytest.fixture
def refusal(read):
    """The message with which a scenario's text is refused."""

    def refused(text):
        with pytest.raises(InputError) as caught:
            read(text)
        message = str(caught.value)
        assert len(message.splitlines()) <= 2
        assert "pydantic" not in message
        return message

    return refused


def test_a_bare_scenario_is_the_usual_world(read):
    got = read("")
    assert (got.id, got.title, got.parameters, got.shocks) == ("mine", "Mine", {}, ())
    assert got.world.teams_per_site == (2, 2, 2, 2, 2)
    assert (got.world.egos_per_team, got.world.runin_weeks, got.world.horizon_weeks) == (
        288,
        52,
        52,
    )
    assert got.world.staff.by_role() == {
        "psychiatrist": (0.7, 0.7),
        "cpn": (1.0, 1.0, 1.0, 1.0, 1.0),
        "care_coordinator": (1.0, 0.6),
        "support_worker": (0.8, 0.8),
    }


def test_parameters_may_be_written_with_or_without_quotes(read):
    text = '[parameters]\n"tie.friend.end_rate" = 0.5\nservice.sickness = 0\n'
    assert read(text).parameters == {"tie.friend.end_rate": 0.5, "service.sickness": 0.0}


def test_a_shock_says_on_what_how_when_and_on_whom(read):
    (shock,) = read(
        SHOCK + "weeks = 9\nwho = { site = 2, diagnosis = ['bipolar'], share = 1 }"
    ).shocks
    assert (shock.acts_on, shock.how, shock.value) == ("tie.friend.end_rate", "multiply", 2.0)
    assert (shock.from_week, shock.from_study_week, shock.weeks) == (3, None, 9)
    assert (shock.who.site, shock.who.diagnosis, shock.who.share) == ((2,), ("bipolar",), 1.0)


def test_a_forced_event_needs_no_value(read):
    assert read(EPISODE).shocks[0].value == 1.0


def test_a_world_may_be_small(read):
    text = "[world]\nteams_per_site = [1]\negos_per_team = 24\n[world.staff.cpn]\nfte = [0.5, 1]\n"
    world = read(text).world
    assert (world.teams_per_site, world.egos_per_team) == ((1,), 24)
    assert world.staff.cpn.posts == 2
    assert world.staff.by_role()["psychiatrist"] == (0.7, 0.7)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('titel = "T"', 'mine.toml, line 3, titel: unknown key "titel"; did you mean "title"?'),
        (
            "[parameters]\ntie.frend.end_rate = 1",
            "line 4, parameters.tie.frend.end_rate: there is no",
        ),
        ("[parameters]\ntie.friend.end_rate = 2", "2 is out of range: must be 0 to 1 (1/year)"),
        (
            '[parameters]\n"tie.friend.end_rate" = "2"',
            "line 4, parameters.tie.friend.end_rate: tie.f",
        ),
        ('cite = ["broks2020"]', 'there is no source "broks2020"; did you mean "brooks2020"?'),
        (SHOCK + "how_long = 3\n", "line 8, shock 1 how_long: unknown key"),
        (
            SHOCK + SHOCK.replace("value", "valu"),
            'line 11, shock 2 valu: unknown key "valu"; did you',
        ),
        (SHOCK.replace("value = 2\n", ""), 'shock 1: has no value; how = "multiply" needs one'),
        (SHOCK.replace("value = 2", 'value = "2"'), 'shock 1 value: must be a number, not "2"'),
        (SHOCK.replace("value = 2", "value = inf"), "must be a finite number"),
        (SHOCK.replace('"multiply"', '"multply"'), 'did you mean "multiply"?'),
        (
            SHOCK.replace("value = 2", "value = 6"),
            "with this shock: tie.friend.end_rate = 1.2 is out",
        ),
        (
            SHOCK.replace("multiply", "add").replace("2", "-1"),
            "= -0.8 is out of range: must be 0 to 1",
        ),
        (SHOCK.replace("multiply", "set").replace("2", "-1"), "= -1 is out of range"),
        (
            SHOCK.replace("friend", "freind"),
            'shock 1 acts_on: nothing is called "tie.freind.end_rate"',
        ),
        (SHOCK.replace("multiply", "force"), 'is a parameter, which cannot be forced; use "set"'),
        (EPISODE.replace("force", "set") + "value = 1", 'event, which cannot be set; use "force"'),
        (EPISODE.replace("episode", "epsode"), 'did you mean "event.episode"?'),
        (EPISODE + "value = 2", "leave value out"),
        (EPISODE + "weeks = 2", "happens once; leave weeks out"),
        (
            EPISODE.replace("episode", "closure") + "value = 1.5",
            "must be more than 0 and at most 1",
        ),
        (EPISODE + 'who = { role = "cpn" }', "egos, who have no role"),
        (SHOCK.replace("= 3", "= -3"), "shock 1 from_week: -3 is out of range: must be at least 0"),
        (SHOCK.replace("= 3", "= 1.5"), "shock 1 from_week: must be a whole number, not 1.5"),
        (SHOCK + "weeks = 0", "shock 1 weeks: 0 is out of range: must be at least 1"),
        (SHOCK + "from_study_week = 0", "both from_week and from_study_week"),
        (SHOCK.replace("from_week = 3", ""), "does not say when it starts"),
        (SHOCK + "who = { sites = 1 }", 'who.sites: unknown key "sites"; did you mean "site"?'),
        (SHOCK + "who = { site = 9 }", "who.site: there is no site 9; the world has 5 sites"),
        (
            SHOCK + "who = { site = 1, team = 3 }",
            "there is no team 3; these sites have 2 teams",
        ),
        (SHOCK + "who = { site = 0 }", "0 is out of range: must be at least 1"),
        (SHOCK + "who = { site = [] }", "who.site: is empty"),
        (SHOCK + "who = { share = 1.2 }", "who.share: 1.2 is out of range: must be at most 1"),
        (
            SHOCK + 'who = { diagnosis = "bipolr" }',
            'no diagnosis "bipolr"; did you mean "bipolar"?',
        ),
        (SHOCK + 'who = { role = "nurse" }', 'no role "nurse"; known: psychiatrist, cpn'),
        (SHOCK + 'who = { role = "cpn" }', "belongs to egos, whom cpn cannot select"),
        (SHOCK + 'who = { has_partner = "yes" }', 'must be true or false, not "yes"'),
        (SHOCK + "who = 3", "shock 1 who: must be a table of keys and values, not 3"),
        (CAPACITY + "who = { share = 0.5 }", "belongs to staff posts, which share cannot select"),
        (CAPACITY + "who = { has_partner = false }", "which has_partner cannot select"),
        (CAPACITY + 'who = { role = "cpn" }', 'says nothing of role "cpn"'),
        (CAPACITY.replace("from_week", "from_study_week"), "no baseline interview; use from_week"),
        ("[world]\nscale = 0", "line 4, world.scale: 0 is out of range: must be more than 0"),
        ("[world]\nteams_per_site = []", "world.teams_per_site: must not be empty"),
        ("[world]\negos_per_team = 4000\nscale = 2", "make more, smaller teams"),
        ("[world.staff.cpn]\nposts = 3\nfte = [1, 1]", "posts = 3, but fte lists 2"),
        ("[world.staff.nurse]\nfte = [1]", 'world.staff.nurse: unknown key "nurse"; known: psych'),
        ("[world.staff.cpn]\nfte = [1.5]", "1.5 is out of range: must be at most 1"),
        ("shock = 3", "must be a table"),
        ("title = ", "not valid TOML"),
        ('extends = "../none.toml"', "line 3, extends: no such file"),
        ('extends = "usual-caer"', 'line 3, extends: there is no scenario "usual-caer"'),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_would_be_right(refusal, text, said):
    message = refusal(text)
    assert "mine.toml" in message
    assert said in message


def test_an_id_must_do_as_the_name_of_a_folder(refusal):
    message = refusal('id = "../x"\ntitle = "T"')
    assert message.startswith('mine.toml, line 1, id: "../x" cannot name a folder of results')


def test_a_file_that_is_missing_or_is_no_text_is_refused(tmp_path, small):
    with pytest.raises(InputError, match="no such file"):
        read_scenario(tmp_path / "none.toml", small)
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        read_scenario(tmp_path / "bytes.toml", small)


def test_a_role_may_be_named_where_the_parameter_is_of_that_role(read):
    interval = SHOCK.replace("tie.friend.end_rate", "service.psychiatrist.interval_weeks")
    assert read(interval + 'who = { role = "psychiatrist" }').shocks
    shared = SHOCK.replace("tie.friend.end_rate", "service.coordinator.interval_weeks")
    assert read(shared + 'who = { role = ["cpn", "care_coordinator"] }').shocks
    with pytest.raises(InputError, match="whom cpn cannot select"):
        read(shared + 'who = { role = "cpn" }')


def test_shocks_that_meet_are_checked_together(refusal, read):
    assert "= 1.2 is out of range" in refusal(SHOCK + SHOCK.replace("value = 2", "value = 3"))
    after = SHOCK.replace("= 3\n", "= 5\n").replace("value = 2", "value = 3")
    assert len(read(SHOCK + "weeks = 2\n" + after).shocks) == 2
    elsewhere = "who = { site = 2 }\n"
    assert len(read(SHOCK + "who = { site = 1 }\n" + after + elsewhere).shocks) == 2


def test_a_shock_may_be_in_range_only_because_of_one_before_it(read):
    lower = SHOCK.replace("multiply", "set").replace("value = 2", "value = 0.05")
    assert len(read(lower + SHOCK.replace("value = 2", "value = 6")).shocks) == 2


def test_a_child_adds_to_its_parent(shipped, read):
    shipped(
        "parent",
        'cite = ["N1"]\n[parameters]\ntie.friend.end_rate = 0.3\nservice.sickness = 0.02\n'
        "[world]\nscale = 0.5\nrunin_weeks = 8\n[world.staff.cpn]\nfte = [1]\n" + SHOCK,
    )
    got = read(
        'extends = "parent"\ncite = ["N2", "N1"]\n[parameters]\ntie.friend.end_rate = 0.1\n'
        "[world]\nrunin_weeks = 4\n[world.staff.psychiatrist]\nfte = [0.5]\n" + EPISODE
    )
    assert got.parameters == {"service.sickness": 0.02, "tie.friend.end_rate": 0.1}
    assert [shock.acts_on for shock in got.shocks] == ["tie.friend.end_rate", "event.episode"]
    assert (got.world.scale, got.world.runin_weeks, got.world.horizon_weeks) == (0.5, 4, 52)
    assert (got.world.staff.cpn.fte, got.world.staff.psychiatrist.fte) == ((1.0,), (0.5,))
    assert got.cite == ("N1", "N2")


def test_what_a_parents_shock_does_to_the_child_is_named_in_the_parent(shipped, read):
    shipped("parent", SHOCK)
    with pytest.raises(InputError, match=r"parent\.toml, line 6, shock 1 value: with this shock"):
        read('extends = "parent"\n[parameters]\ntie.friend.end_rate = 0.6')


def test_a_path_is_relative_to_the_file_that_names_it(write, small, tmp_path):
    (tmp_path / "deep").mkdir()
    write("[world]\nscale = 0.25\n", "base.toml")
    child = write('extends = "../base.toml"\n', "deep/child.toml")
    assert read_scenario(child, small).world.scale == 0.25


def test_a_circle_is_refused(write, small):
    write('extends = "b.toml"', "a.toml")
    path = write('extends = "a.toml"', "b.toml")
    with pytest.raises(InputError, match=r"a\.toml.*circle: b\.toml -> a\.toml -> b\.toml"):
        read_scenario(path, small)


def test_shipped_scenarios_are_found_by_name(shipped, small):
    shipped("usual-care")
    shipped("parameters")
    assert list_scenarios() == ["usual-care"]
    assert read_scenario("usual-care", small).id == "usual-care"
    with pytest.raises(InputError, match='no scenario "usual-caer"; did you mean "usual-care"'):
        read_scenario("usual-caer", small)
    with pytest.raises(InputError, match='no scenario "parameters"'):
        read_scenario("parameters", small)


def test_every_shipped_scenario_can_be_read():
    for name in list_scenarios():
        assert read_scenario(name).id == name


def test_the_hash_is_of_what_moves_the_world(read):
    plain = read(SHOCK)
    assert plain.hash == read('id = "other"\ntitle = "O"\nnote = "n"\n' + SHOCK).hash
    assert plain.hash == read(SHOCK.replace("value = 2", "value = 2.0")).hash
    others = [
        "",
        SHOCK + "weeks = 5",
        SHOCK + "who = { site = 1 }",
        SHOCK.replace("= 2", "= 2.0000000000000004"),
        "[world]\nscale = 0.5\n" + SHOCK,
        "[parameters]\nservice.sickness = 0.05\n" + SHOCK,
    ]
    assert len({plain.hash, *[read(text).hash for text in others]}) == 7


def test_the_hash_is_the_same_tomorrow(read):
    world = "[world]\nteams_per_site = [1]\negos_per_team = 24\n"
    hashed = read(world + SHOCK).hash
    assert hashed == "a1dfb1deb2dcc33a5aaabad549e52b549cdcd863d274f16b81eff83d50449175"


def test_a_scenario_cannot_be_changed_and_can_be_a_key(read):
    got = read(SHOCK)
    with pytest.raises(ValidationError):
        got.id = "x"
    got.parameters["x"] = 1.0
    assert got.parameters == {}
    assert {got: 1}[read(SHOCK)] == 1


def test_a_scenario_survives_pickling_and_its_own_formats(read, small, tmp_path):
    text = (
        'note = "with \\"quotes\\" and\\nlines"\ncite = ["N1"]\n'
        + "[parameters]\nservice.sickness = 0.01\n"
        + SHOCK
        + "who = { site = [1, 2], share = 0.1, has_partner = true }\n"
        + EPISODE.replace("from_week", "from_study_week")
    )
    got = read(text)
    assert pickle.loads(pickle.dumps(got)) == got
    assert parse_scenario(got.resolved(), known=small) == got
    (tmp_path / "again.toml").write_text(got.to_toml())
    assert read_scenario(tmp_path / "again.toml", small) == got


def test_a_shock_past_the_end_of_the_run_is_refused(read):
    got = read(SHOCK + EPISODE)
    got.check_horizon(9)
    with pytest.raises(InputError, match=r"shock 2 on event.episode starts in week 8, but the run"):
        got.check_horizon(8)
