"""Uptake, adherence and decay of shocks: closed forms, nesting, what is told and what stays."""

import numpy as np
import pytest

from sim.errors import InputError
from sim.world.agents import CohortModel
from sim.world.kinds import Cause, Channel, Event
from sim.world.phases.births import tie_identity
from sim.world.run import Place, live, run_in
from sim.world.scenario import read_scenario
from sim.world.schedule import Egos, Posts, Schedule
from sim.world.streams import key_of
from sim.world.uptake import (
    EIGHTHS,
    NEVER,
    eighths_left,
    takes_up,
    weeks_of_falls,
    weeks_stayed,
)

HERE, KEY = Place(1, 1), key_of(5)
N = 20_000
EVENLY = ((np.arange(N) + 0.5) / N).astype(np.float32)
RATE, INTERVAL = "tie.friend.end_rate", "service.psychiatrist.interval_weeks"
CAPACITY = "service.psychiatrist.capacity"


# closed forms


@pytest.mark.parametrize("uptake", [0.0, 0.2, 0.8, 1.0])
def test_a_share_of_those_offered_takes_it_up(uptake):
    assert takes_up(EVENLY, uptake).mean() == pytest.approx(uptake, abs=1 / N)


@pytest.mark.parametrize("adherence", [0.02, 0.5, 0.86, 0.999])
@pytest.mark.parametrize("week", [0, 1, 13, 52, 104])
def test_a_constant_hazard_leaves_the_stated_share_after_a_year(adherence, week):
    staying = weeks_stayed(EVENLY, adherence) > week
    assert staying.mean() == pytest.approx(adherence ** (week / 52), abs=2 / N)


def test_everybody_attends_for_a_week_and_nobody_stops_who_need_not():
    assert weeks_stayed(EVENLY, 1e-9).min() == 1
    assert (weeks_stayed(EVENLY, 1.0) == NEVER).all()
    nearly = weeks_stayed(EVENLY, 1 - 1e-9)
    assert (nearly > 52).all()
    assert (nearly < NEVER).all()


def test_more_uptake_and_adherence_keep_all_who_were_there():
    u = np.random.default_rng(3).random(1000).astype(np.float32)
    for less, more in ((0.1, 0.4), (0.4, 0.41), (0.41, 1.0)):
        assert takes_up(u, more)[takes_up(u, less)].all()
        assert (weeks_stayed(u, more) >= weeks_stayed(u, less)).all()


@pytest.mark.parametrize("half_life", [1, 6, 13, 52])
def test_an_effect_fades_with_its_half_life(half_life):
    weeks = np.arange(20 * half_life)
    left = eighths_left(weeks, weeks_of_falls(half_life)) / EIGHTHS
    assert (np.diff(left) <= 0).all()
    assert left[-1] == 0
    # the area under exponential decay, each eighth rounded to a week
    assert left.sum() == pytest.approx(half_life / np.log(2), abs=0.5)
    if half_life >= 13:
        assert np.abs(left - 0.5 ** (weeks / half_life)).max() < 1.5 / EIGHTHS
        assert left[half_life] == pytest.approx(0.5, abs=0.5 / EIGHTHS)


def test_without_decay_nothing_is_left_and_before_the_end_all_is():
    falls = weeks_of_falls(None)
    assert eighths_left(np.array([-5, -1, 0, 1, 99]), falls).tolist() == [8, 8, 0, 0, 0]


# intervals of a schedule


def choices_of(take, stay):
    return lambda index, address: np.array([take, stay], np.float32)


def segments(scenario, known, n=4, choices=None, start=-4, stop=40):
    at = np.ones(n, int)
    egos = Egos(np.arange(n), at, at, -at, 0 * at)
    posts = Posts(np.array([0, 1]), at[:2], at[:2])
    return list(Schedule(scenario, known).segments(egos, posts, start, stop, choices=choices))


def shock(acts_on, how, value, rest):
    return f'[[shock]]\nacts_on = "{acts_on}"\nhow = "{how}"\nvalue = {value}\n{rest}\n'


def by_week(found, path):
    """(E, weeks) values of a parameter, from week 0."""
    field = path.replace(".", "_")
    weeks = [np.tile(s.params[field][s.ego_profile], (s.stop - s.start, 1)) for s in found]
    return np.concatenate(weeks)[-found[0].start :].T


def stay_for(weeks, adherence):
    """A uniform of somebody who stays for that many weeks."""
    return adherence ** ((weeks - 0.5) / 52)


def test_each_has_the_parameter_while_attending(read, small):
    said = shock(INTERVAL, "set", 8, "from_week = 2\nuptake = 0.5\nadherence = 0.5")
    stay = [stay_for(weeks, 0.5) for weeks in (3, 3, 10, 90)]
    found = segments(read(said), small, choices=choices_of([0.4, 0.6, 0.1, 0.2], stay))
    held = by_week(found, INTERVAL) == 8
    spans = [np.flatnonzero(one) for one in held]
    assert [(one.min(), one.max()) if one.size else None for one in spans] == [
        (2, 4), None, (2, 11), (2, 39),
    ]  # fmt: skip
    told = [(one.start, e.name, e.egos.tolist(), e.value) for one in found for e in one.events]
    assert told == [
        (2, "uptake.declined", [False, True, False, False], 1.0),
        (2, "uptake.took_up", [True, False, True, True], 1.0),
        (5, "uptake.stopped", [True, False, False, False], 1.0),
        (12, "uptake.stopped", [False, False, True, False], 1.0),
    ]


def test_who_stays_to_the_end_of_a_shock_has_not_stopped(read, small):
    said = shock(INTERVAL, "set", 8, "from_week = 2\nweeks = 6\nadherence = 0.5")
    stay = [stay_for(weeks, 0.5) for weeks in (3, 6, 7, 90)]
    found = segments(read(said), small, choices=choices_of([0] * 4, stay))
    assert (by_week(found, INTERVAL) == 8).sum(axis=1).tolist() == [3, 6, 6, 6]
    stopped = [one.egos.tolist() for s in found for one in s.events if "stopped" in one.name]
    assert stopped == [[True, False, False, False]]


@pytest.mark.parametrize(("how", "value"), [("set", 8), ("multiply", 2), ("add", 4)])
def test_what_is_left_fades_in_eighths_of_the_effect(read, small, how, value):
    said = shock(INTERVAL, how, value, "from_week = 2\nweeks = 5\ndecay = 4")
    (values,) = {tuple(row) for row in by_week(segments(read(said), small), INTERVAL).tolist()}
    left = (np.array(values) - 4) / 4 * EIGHTHS
    assert left[:7].tolist() == [0, 0, *[8] * 5]
    assert left[7:].tolist() == eighths_left(np.arange(33), weeks_of_falls(4)).tolist()


def test_profiles_are_no_more_than_levels(read, small):
    n = 300
    said = shock(INTERVAL, "set", 8, "from_week = 2\nadherence = 0.01\ndecay = 9")
    stay = (np.arange(n) + 0.5) / n
    found = segments(read(said), small, n, choices_of([0] * n, stay), stop=104)
    assert max(len(one.params) for one in found) == 1 + EIGHTHS
    totals = by_week(found, INTERVAL)
    mean = (totals[:, 2 + 52] - 4).mean() / 4
    hazard, fade = -np.log(0.01), np.log(2) / (9 / 52)  # a year, both
    lasting = np.exp(-hazard) + hazard / (fade - hazard) * (np.exp(-hazard) - np.exp(-fade))
    assert mean == pytest.approx(lasting, abs=0.01)


def test_a_shock_on_posts_may_fade(read, small):
    said = shock(CAPACITY, "multiply", 0.5, "from_week = 2\nweeks = 5\ndecay = 4")
    found = segments(read(said), small)
    values = [s.params["service_psychiatrist_capacity"][s.post_profile[0]] for s in found]
    assert values[:2] == [21, 10.5]
    assert values[2:] == sorted(values[2:])
    assert values[-1] == 21


@pytest.mark.parametrize("start", [0, 4, 9, 13, 21, 30])
def test_a_run_may_start_while_some_have_stopped(read, small, start):
    said = shock(RATE, "add", 0.2, "from_week = 2\nadherence = 0.1\ndecay = 6\nuptake = 0.8")
    said += '[[shock]]\nacts_on = "event.link"\nhow = "force"\nfrom_week = 4\nadherence = 0.1\n'
    stay = [stay_for(weeks, 0.1) for weeks in (1, 5, 9, 60)]
    asked = choices_of([0.1, 0.2, 0.9, 0.3], stay)
    whole = segments(read(said), small, choices=asked, start=0)
    rest = segments(read(said), small, choices=asked, start=start)
    every = np.concatenate([np.tile(s.params["tie_friend_end_rate"][s.ego_profile],
                                    (s.stop - s.start, 1)) for s in rest])  # fmt: skip
    assert every.tolist() == by_week(whole, RATE).T[start:].tolist()

    def told(found):
        return [(s.start, e.name, e.egos.tolist(), e.value) for s in found for e in s.events]

    assert told(rest) == [one for one in told(whole) if one[0] >= start]


def test_an_offer_needs_its_choices(read, small):
    with pytest.raises(ValueError, match="is an offer; pass choices="):
        segments(read(shock(RATE, "set", 0.5, "from_week = 2\nuptake = 0.5")), small)


# what a file may say


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (shock(RATE, "set", 0.5, "from_week = 2\nuptake = 1.2"), r"shock 1 uptake.*1\.2"),
        (shock(RATE, "set", 0.5, "from_week = 2\nuptake = -0.1"), r"shock 1 uptake.*-0\.1"),
        (shock(RATE, "set", 0.5, "from_week = 2\nadherence = 0"), "shock 1 adherence"),
        (shock(RATE, "set", 0.5, "from_week = 2\nadherence = 1.5"), r"shock 1 adherence.*1\.5"),
        (shock(RATE, "set", 0.5, "from_week = 2\nweeks = 3\ndecay = 0"), "shock 1 decay"),
        (
            shock(RATE, "set", 0.5, "from_week = 2\ndecay = 4"),
            "has decay but no end to decay from; give weeks or adherence too",
        ),
        (
            shock(CAPACITY, "set", 8, "from_week = 2\nuptake = 0.5"),
            "shock 1 uptake: .* belongs to staff posts, whom nothing is offered; leave uptake out",
        ),
        (
            shock(CAPACITY, "set", 8, "from_week = 2\nadherence = 0.5"),
            "shock 1 adherence: .* belongs to staff posts",
        ),
        (
            shock("event.episode", "force", 1, "from_week = 2\nuptake = 0.5"),
            "shock 1 uptake: event.episode happens to people, who are not asked; leave uptake out",
        ),
        (
            shock("event.closure", "force", 0.5, "from_week = 2\nadherence = 0.5"),
            "shock 1 adherence: event.closure happens to people",
        ),
        (
            shock("event.link", "force", 1, "from_week = 2\nadherence = 0.5\ndecay = 4"),
            "shock 1 decay: event.link is an event, which leaves no effect to decay",
        ),
    ],
)
def test_what_makes_no_sense_is_said(read, text, message):
    with pytest.raises(InputError, match=message):
        read(text)


def test_all_who_stay_for_good_are_the_same_world(read):
    plain = shock(RATE, "set", 0.5, "from_week = 2")
    stated = read(plain.rstrip() + "\nuptake = 1\nadherence = 1.0\n")
    assert stated.hash == read(plain).hash
    assert stated.resolved()["shock"] == read(plain).resolved()["shock"]
    assert not stated.shocks[0].is_offer
    assert read(plain.rstrip() + "\nuptake = 0.9\n").hash != stated.hash


def test_a_scenario_with_offers_survives_the_way_to_a_file_and_back(read, small, tmp_path):
    said = shock(RATE, "set", 0.5, "from_week = 2\nweeks = 9\nuptake = 0.5\nadherence = 0.4")
    scenario = read(said.rstrip() + "\ndecay = 2.5\n")
    path = tmp_path / "again.toml"
    path.write_text(scenario.to_toml())
    assert read_scenario(path, small) == scenario


# whole lives


def lived(world_of, uptake=1.0, adherence=1.0, stop=40):
    shocks = read_scenario("network-intervention").shocks
    offers = [s.model_copy(update={"uptake": uptake, "adherence": adherence}) for s in shocks]
    said = [one.model_dump(mode="json", exclude_none=True) for one in offers]
    small = world_of(shock=said, egos_per_team=60, runin_weeks=8)
    return live(small, HERE, run_in(small, HERE, KEY), KEY, stop)


def who_of(history, event):
    rows = history.events[history.events["event"] == event]
    return dict(zip(rows["ego"].tolist(), rows["week"].tolist(), strict=True))


def linked(history):
    born = history.events[history.events["event"] == Event.TIE_BEGAN]
    return set(born["ego"][born["identity"] == tie_identity(4, Channel.LINK_GROUP)].tolist())


@pytest.fixture(scope="module")
def some_decline(world_of):
    return lived(world_of, 0.6, 0.3)


def test_those_who_take_it_up_are_linked_and_nobody_else(some_decline, world_of):
    took, declined = who_of(some_decline, Event.TOOK_UP), who_of(some_decline, Event.DECLINED)
    assert set(took.values()) | set(declined.values()) == {4}
    assert set(took) == linked(some_decline)
    everybody = lived(world_of)
    assert who_of(everybody, Event.TOOK_UP) == {}
    assert set(took) | set(declined) == linked(everybody)
    assert not set(took) & set(declined)
    assert 0.3 < len(took) / (len(took) + len(declined)) < 0.9


def test_more_uptake_links_all_who_were_linked(some_decline, world_of):
    more = lived(world_of, 0.8, 0.6)
    assert linked(some_decline) < linked(more)
    stopped, later = who_of(some_decline, Event.STOPPED), who_of(more, Event.STOPPED)
    assert stopped
    assert all(stopped[ego] <= week for ego, week in later.items() if ego in linked(some_decline))


def test_who_stops_has_no_tie_of_the_link_left_and_had_at_most_two(some_decline):
    events, team = some_decline.events, some_decline.team
    stopped = who_of(some_decline, Event.STOPPED)
    theirs = [tie_identity(4, one) for one in (Channel.LINK_GROUP, Channel.LINK_ACTIVITY)]
    given_up = 0
    for ego, week in stopped.items():
        ends = events[(events["ego"] == ego) & (events["event"] == Event.TIE_ENDED)]
        ends = ends[np.isin(ends["identity"], theirs)]
        assert len(ends) == 2
        assert (ends["week"] <= week).all()
        given_up += int((ends["cause"][ends["week"] == week] == Cause.GIVEN_UP).sum())
        assert not np.isin(team.column("identity")[ego], theirs).any()
    assert given_up > len(stopped)
    staying = linked(some_decline) - set(stopped) - set(np.flatnonzero(team.egos["alive"] == 0))
    assert np.isin(team.column("identity")[sorted(staying)], theirs).any()


def test_all_take_up_and_nobody_stops_is_the_run_of_before(world_of):
    bare = read_scenario("network-intervention").shocks[0]
    said = {"acts_on": bare.acts_on, "how": "force", "from_week": 4, "who": {"share": 0.5}}
    small = world_of(shock=[said], egos_per_team=60, runin_weeks=8)
    before = live(small, HERE, run_in(small, HERE, KEY), KEY, 12)
    now = lived(world_of, stop=12)
    assert now.team.digest() == before.team.digest()
    assert now.events.tobytes() == before.events.tobytes()


OFFERS = [
    {"acts_on": "event.link", "how": "force", "from_week": 2, "uptake": 0.8, "adherence": 0.01},
    {
        "acts_on": "tie.friend.contact_rate", "how": "add", "value": 0.2, "from_week": 1,
        "weeks": 9, "uptake": 0.6, "adherence": 0.05, "decay": 3,
    },
]  # fmt: skip


def test_weeks_lived_in_pieces_and_the_twin_end_with_the_same_bytes(world_of):
    scenario = world_of(shock=OFFERS, egos_per_team=24, runin_weeks=4)
    team = run_in(scenario, HERE, KEY)
    whole = live(scenario, HERE, team, KEY, 24)
    pieces = [live(scenario, HERE, team, KEY, 7)]
    for stop in (8, 13, 24):
        pieces.append(live(scenario, HERE, pieces[-1].team, KEY, stop))
    twin = CohortModel.from_team(team, scenario, HERE, KEY)
    twin.live(24)
    assert pieces[-1].team.digest() == whole.team.digest() == twin.to_team().digest()
    events = np.concatenate([piece.events for piece in pieces])
    assert events.tolist() == whole.events.tolist() == twin.event_table().tolist()
    assert {Event.TOOK_UP, Event.DECLINED, Event.STOPPED} <= set(events["event"].tolist())


def test_the_shipped_intervention_is_an_offer_that_some_decline(world_of):
    (offer,) = read_scenario("network-intervention").shocks
    assert offer.is_offer
    assert who_of(lived(world_of, offer.uptake, offer.adherence, stop=8), Event.DECLINED)
