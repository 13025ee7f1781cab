"""What a world may never do, whatever its parameters: lose a tie, invent a visit, leave its bounds.

Worlds are small and short, with a dozen parameters drawn anywhere in their catalogue ranges, the
ends included. A handful in the fast tests; many more under `make verify`.
"""

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.world.kinds import (
    CLASS_OF_GROUP,
    GROUP_OF_KIND,
    Cause,
    Event,
    Group,
    Household,
    Kind,
    Line,
)
from sim.world.parameters import catalogue
from sim.world.phases import layout as c
from sim.world.rules.lifetimes import death_rate
from sim.world.run import Place, live, run_in
from sim.world.state import (
    BOOKED,
    DIARY_WEEKS,
    EGO_COLUMNS,
    LANES,
    LEDGER,
    MARK_COLUMNS,
    POST_COLUMNS,
    TIE_COLUMNS,
)
from sim.world.streams import key_of

HERE = Place(1, 1)
WEEKS = 30
ENTRIES = [entry for entry in catalogue().values() if entry.high > entry.low]
ELSEWHERE = ("naming.", "scale.", "correlation.")  # not of the state, or not free of each other
STATE = [entry for entry in ENTRIES if not entry.path.startswith(ELSEWHERE)]
BUSY = [  # every forced event, twice, so that rare paths are taken
    {"acts_on": "event.episode", "how": "force", "value": 1, "from_week": 2, "who": {"share": 0.4}},
    {
        "acts_on": "event.link", "how": "force", "value": 1, "from_week": 4,
        "uptake": 0.8, "adherence": 0.1,
    },
    {"acts_on": "event.closure", "how": "force", "value": 0.5, "from_week": 8},
    {"acts_on": "event.episode", "how": "force", "value": 1, "from_week": 20},
    {
        "acts_on": "tie.friend.ask_rate", "how": "multiply", "value": 0.9, "from_week": 6,
        "weeks": 10, "uptake": 0.7, "adherence": 0.2, "decay": 3,
    },
]  # fmt: skip

FOUND_OR_LOST = {
    Event.WORK_LOST: ("work", False), Event.WORK_FOUND: ("work", True),
    Event.HOME_LOST: ("home", False), Event.HOME_FOUND: ("home", True),
}  # fmt: skip
"""Of which of two things an event is, and whether the ego has it then."""

within = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(1e-12, 1))  # less than any file may say
some_parameters = st.dictionaries(st.sampled_from([e.path for e in STATE]), within, max_size=14)


def in_range(chosen):
    """Shares of the way from the low to the high end as values."""
    entries = {path: catalogue()[path] for path in chosen}
    return {path: e.low + chosen[path] * (e.high - e.low) for path, e in entries.items()}


def check_world(world_of, parameters, seed, stop=WEEKS):
    """Live a small world week by week and check everything."""
    scenario = world_of(parameters=parameters, shock=BUSY, egos_per_team=10, runin_weeks=3)
    key = key_of(seed)
    begun = team = run_in(scenario, HERE, key)
    units = [scenario_value(scenario, f"service.{line.name.lower()}.units") for line in Line]
    check_state(team, units)
    events = []
    while team.week < stop:
        before = team
        history = live(scenario, HERE, team, key, team.week + 1)
        team = history.team
        events.extend(history.events)
        check_state(team, units)
        check_ledger(before, team)
    check_events(begun, team, events)


def scenario_value(scenario, path):
    return scenario.parameters.get(path, catalogue()[path].value)


# the state at the end of a week


def check_state(team, units):
    check_bounds(team)
    check_slots(team)
    check_households(team)
    check_lines(team)
    check_diary(team, units)


def bounded(columns):
    """Names of the columns said to lie in [0, 1]."""
    return [name for name, *_, said in columns if re.search(r"\b0[-/]1\b", said)]


def check_bounds(team):
    for array, columns in ((team.egos, EGO_COLUMNS), (team.posts, POST_COLUMNS)):
        for name, *_ in columns:
            assert np.isfinite(array[name].astype(float)).all(), name
    for name, *_ in TIE_COLUMNS:
        assert np.isfinite(team.column(name)).all(), name
    for name in bounded(EGO_COLUMNS):
        assert ((team.egos[name] >= 0) & (team.egos[name] <= 1)).all(), name
    chances = ["contact_rate", "demand", "presence", "contacted", "withdrawal", "gain"]
    for name in [*bounded(TIE_COLUMNS), *chances]:
        assert ((team.column(name) >= 0) & (team.column(name) <= 1)).all(), name
    assert (np.abs(team.egos["wellbeing"]) <= 6).all()
    assert (team.posts["room"] >= 0).all()


def check_slots(team):
    used, egos = team.column("group") >= 0, team.egos
    active, dormant = team.column("active"), team.column("dormant")
    assert np.array_equal(active + dormant, used.astype(float))
    for name, *_ in TIE_COLUMNS:  # a birth counts on it, but for what it sets
        if name != "known":
            assert not team.column(name)[~used].any(), name
    for name, *_ in MARK_COLUMNS:
        assert (team.column(name)[~used] == -1).all(), name
    for row, mine in zip(team.column("identity"), used, strict=True):
        assert len(set(row[mine].tolist())) == mine.sum()
    highest = [(np.flatnonzero(row).max(initial=-1) // LANES) + 1 for row in used]
    assert np.array_equal(egos["blocks"], highest)
    assert np.array_equal(egos["dormant"], dormant.sum(axis=1))
    assert not used[egos["alive"] == 0].any()
    assert ((team.column("group") == Group.PARTNER).sum(axis=1) <= 1).all()
    for name in ("contacted", "helped", "disclosed", "asked_back", "granted", "visited"):
        assert not team.column(name)[dormant > 0].any(), name  # no support, no contact


def check_households(team):
    """Who lives with a partner or parents has them, and meets them no less than others do."""
    group, kind = team.column("group"), team.column("kind")
    in_touch = team.column("active") > 0
    for household, theirs in (
        (Household.PARTNER, group == Group.PARTNER),
        (Household.PARENTS, kind == Kind.PARENT),
    ):
        live_so = team.egos["household"] == household
        assert (theirs & in_touch)[live_so].any(axis=1).all()
        at_home = team.column("contact_rate")[theirs & live_so[:, None]]
        apart = team.column("contact_rate")[theirs & ~live_so[:, None]]
        assert at_home.size == 0 or apart.size == 0 or at_home.min() >= apart.max() - 1e-6


def check_lines(team):
    off = team.egos["on_caseload"] == 0
    assert (team.lines["post"][off] == -1).all()
    assert not off[team.egos["alive"] > 0].all() or not (team.lines["post"] >= 0).any()
    for (e, line), here in np.ndenumerate(team.lines):
        if here["post"] < 0:
            assert here["slot"] == -1
            assert here["booked"] == c.NEVER
            continue
        assert team.posts["line"][here["post"]] == line
        assert here["entitled"] == 1
        assert here["booked"] == c.NEVER or here["booked"] >= team.week
        if here["slot"] >= 0:
            tie = {name: team.column(name)[e, here["slot"]] for name, _ in MARK_COLUMNS}
            assert tie["group"] == Group.PSYCHIATRIST + line
            assert tie["post"] == here["post"]
            assert tie["incumbent"] == team.posts["incumbent"][here["post"]]
    workers = (team.column("post") >= 0).sum(axis=1)
    assert np.array_equal(workers, (team.lines["slot"] >= 0).sum(axis=1))


def check_diary(team, units):
    standing = np.zeros((team.posts.size, DIARY_WEEKS))
    for (_, line), here in np.ndenumerate(team.lines):
        if here["booked"] != c.NEVER:
            standing[here["post"], here["booked"] % DIARY_WEEKS] += units[line]
    ahead = (team.week + np.arange(47)) % DIARY_WEEKS
    assert team.diary[BOOKED][:, ahead] == pytest.approx(standing[:, ahead], abs=1e-4)
    assert standing.sum() == pytest.approx(standing[:, ahead].sum())


def check_ledger(before, after):
    rows = dict(zip(LEDGER, after.ledger.T, strict=True))
    assert (after.ledger >= before.ledger).all()
    assert (rows["kept"] + rows["missed"] <= rows["capacity_net"] + 1e-6).all()
    spent = rows["kept"] + rows["missed"] + rows["cancelled"] + rows["urgent_unmet"]
    assert spent == pytest.approx(rows["wanted"])
    assert (rows["displaced"] <= rows["cancelled"]).all()
    for name in ("kept", "missed", "cancelled"):
        mine = (after.egos[name] - before.egos[name]).sum()
        assert mine >= 0
    kept = (after.egos["kept"] - before.egos["kept"]).sum()
    assert kept == pytest.approx((after.ledger - before.ledger)[:, LEDGER["kept"]].sum(), abs=1e-3)


# the flows over the whole run


def ties_of(team):
    """(ego, identity) of every tie, with whether it is dormant and its kind."""
    found = {}
    for e, s in np.argwhere(team.column("group") >= 0):
        at = int(e), int(team.column("identity")[e, s])
        found[at] = int(team.column("dormant")[e, s]), int(team.column("kind")[e, s])
    return found


def check_events(begun, ended, events):
    ties = ties_of(begun)
    started = classes(ties)
    formed, lost, ever, deaths = Counter(), Counter(), set(ties), set()
    weeks = [event["week"] for event in events]
    assert weeks == sorted(weeks)
    assert all(begun.week <= week < ended.week for week in weeks)
    for event in events:
        at, kind = (int(event["ego"]), int(event["identity"])), int(event["kind"])
        what = Event(int(event["event"]))
        if what == Event.TIE_BEGAN:
            assert at not in ever  # an address is used once
            ever.add(at)
            ties[at] = 0, kind
            formed[class_of(kind)] += 1
        elif what == Event.TIE_ENDED:
            assert Cause(int(event["cause"])) != Cause.NONE
            dormant, was = ties.pop(at)  # it was there, and ends once
            assert was == kind
            lost[class_of(kind)] += 1
        elif what in (Event.TIE_DORMANT, Event.TIE_REVIVED):
            dormant, was = ties[at]
            assert dormant == (what == Event.TIE_REVIVED)
            ties[at] = 1 - dormant, was
        elif what == Event.DEATH:
            assert at[0] not in deaths
            deaths.add(at[0])
    assert ties == ties_of(ended)
    alive = classes(ties)
    for one in set(started) | set(formed) | set(lost) | set(alive):
        assert started[one] + formed[one] - lost[one] == alive[one]
    check_causes(events, deaths)
    assert deaths == set(np.flatnonzero(ended.egos["alive"] < begun.egos["alive"]).tolist())


MORTAL = {kind for kind in Kind if death_rate(kind, np.float32(60), catalogue().record()[0]) > 0}
"""Kinds of alters that die: people but for professionals, and pets."""


def check_causes(events, deaths):
    """Causes go with the kinds of ties they can end."""
    for event in events:
        if event["event"] != Event.TIE_ENDED:
            continue
        cause, kind = Cause(int(event["cause"])), Kind(int(event["kind"]))
        if cause == Cause.EGO_DIED:
            assert int(event["ego"]) in deaths
        if cause in (Cause.DISCHARGE, Cause.TURNOVER, Cause.REASSIGNMENT):
            assert event["post"] >= 0
        if cause == Cause.CLOSURE:
            assert kind in (Kind.GROUP, Kind.PLACE)
        if cause == Cause.BEREAVEMENT:
            assert kind in MORTAL
        if cause == Cause.GIVEN_UP:
            assert GROUP_OF_KIND[kind] == Group.OBJECT
        if cause == Cause.MOVED:
            assert kind == Kind.NEIGHBOUR
        if cause == Cause.JOB_LOST:
            assert kind == Kind.ACQUAINTANCE
    check_turns(events)


def check_turns(events):
    """Work and homes are lost and found in turn, and what a move or lost work ends, ends then."""
    last = {}
    for event in events:
        what, ego, week = Event(int(event["event"])), int(event["ego"]), int(event["week"])
        if what in FOUND_OR_LOST:
            which, has = FOUND_OR_LOST[what]
            assert last.get((ego, which), (None, not has))[1] != has
            last[ego, which] = week, has
        elif what == Event.MOVE:
            last[ego, "move"] = week, True
        cause = Cause(int(event["cause"]))
        if what == Event.TIE_ENDED and cause == Cause.JOB_LOST:
            assert last[ego, "work"] == (week, False)
        if what == Event.TIE_ENDED and cause == Cause.MOVED:
            assert week in [last.get((ego, why), (None,))[0] for why in ("move", "home")]


def class_of(kind):
    return CLASS_OF_GROUP[GROUP_OF_KIND[kind]]


def classes(ties):
    return Counter(class_of(kind) for _, kind in ties.values())


def test_the_usual_world(world_of):
    check_world(world_of, {}, 0)


def test_a_world_in_which_life_happens(world_of):
    busy = {"life.switch": 1, "life.move": 0.5, "life.move_unsettled": 6, "life.work_lost": 1}
    busy |= {"life.home_lost": 0.3, "life.move_friends": 1, "life.work_ties": 1}
    busy |= {"ego.employed_share": 0.5, "household.daily": 1, "tie.kin.end_rate": 0.6}
    check_world(world_of, busy, 3, stop=104)


@pytest.mark.parametrize("end", [0.0, 1.0])
def test_worlds_at_the_ends_of_their_ranges(end, world_of):
    """One parameter group at a time at its low or high end."""
    for first in sorted({entry.path.split(".")[0] for entry in STATE}):
        chosen = {e.path: end for e in STATE if e.path.split(".")[0] == first}
        check_world(world_of, in_range(chosen), 1, stop=12)


@settings(max_examples=12, deadline=None, derandomize=True, database=None)
@given(some_parameters, st.integers(0, 2**64 - 1))
def test_worlds_anywhere_in_their_ranges(world_of, chosen, seed):
    check_world(world_of, in_range(chosen), seed)


@pytest.mark.verify
@settings(max_examples=600, deadline=None)
@given(some_parameters, st.integers(0, 2**64 - 1))
def test_many_worlds_anywhere_in_their_ranges(world_of, chosen, seed):
    check_world(world_of, in_range(chosen), seed)


STAFF_TIES = {
    f"tie.{line}.{what}": catalogue()[f"tie.{line}.{what}"].high
    for line in ("psychiatrist", "coordinator", "support_worker")
    for what in ("end_rate", "dormancy_rate", "first_anticipated", "importance_weight")
}


def test_ties_to_staff_that_end_or_sleep_by_themselves(world_of):
    """Off by default; the line of service then goes on without the tie, in the twin as well."""
    from sim.world.agents import CohortModel, first_difference

    check_world(world_of, STAFF_TIES, 5)
    scenario = world_of(parameters=STAFF_TIES, egos_per_team=24, runin_weeks=0)
    team = run_in(scenario, HERE, key_of(5))
    model = CohortModel.from_team(team, scenario, HERE, key_of(5))
    history = live(scenario, HERE, team, key_of(5), 26)
    own = np.isin(history.events["cause"], [Cause.DRIFT, Cause.EGO_CUT, Cause.ALTER_CUT])
    assert (history.events["post"][own] >= 0).any()
    model.live(26)
    assert first_difference(history.team, model.to_team()) is None


# what more of a cause can never make less of


def events_of(history, event):
    return history.events[history.events["event"] == event]


def first_weeks(history, event, field="ego"):
    """The week of the first such event of each ego, or post."""
    found = {}
    for one in events_of(history, event):
        found.setdefault(int(one[field]), int(one["week"]))
    return found


def pair(world_of, parameter, values, stop=52, **fixed):
    """Two lives of one team from one start, which differ in one parameter from week 0 on."""
    histories = []
    for value in values:
        shock = [{"acts_on": parameter, "how": "set", "value": value, "from_week": 0}]
        world = {"egos_per_team": 120, "runin_weeks": 4}
        scenario = world_of(parameters=fixed, shock=shock, **world)
        team = run_in(scenario, HERE, key_of(3))
        histories.append(live(scenario, HERE, team, key_of(3), stop))
    return histories


@pytest.mark.parametrize(
    ("parameter", "values", "event", "field"),
    [
        ("illness.death_rate", (0.015, 0.03), Event.DEATH, "ego"),
        ("service.leaving", (0.1, 0.4), Event.WORKER_LEFT, "post"),
        ("illness.onset_multiplier", (0.5, 2), Event.EPISODE_START, "ego"),
    ],
)
def test_a_raised_hazard_strikes_nobody_later(parameter, values, event, field, world_of):
    fixed = {"illness.demand_onset": 0}  # the hazard then hangs on nothing that others change
    less, more = pair(world_of, parameter, values, stop=260, **fixed)
    few, many = first_weeks(less, event, field), first_weeks(more, event, field)
    assert len(many) > len(few) > 0
    assert all(many[who] <= week for who, week in few.items())


def fates(world_of, parameter, values, **fixed):
    """The ties that ended in one week, and those that ended or fell dormant, in two lives."""
    found = []
    for history in pair(world_of, parameter, values, stop=1, **fixed):
        ended, slept = (
            {(int(one["ego"]), int(one["identity"])) for one in events_of(history, event)}
            for event in (Event.TIE_ENDED, Event.TIE_DORMANT)
        )
        found.append((ended, ended | slept))
    return found


@pytest.mark.parametrize("group", ["kin", "friend", "weak", "object"])
def test_a_raised_hazard_of_ending_spares_no_tie(group, world_of):
    (few, gone), (many, more_gone) = fates(world_of, f"tie.{group}.end_rate", (0.1, 0.6))
    assert few < many
    assert gone < more_gone


def test_a_raised_hazard_of_dormancy_ends_and_spares_no_tie(world_of):
    many_friends = {"tie.friend.latent_mean": 12, "tie.friend.formation": 1}
    (few, gone), (many, more_gone) = fates(
        world_of, "tie.friend.dormancy_rate", (0.01, 0.3), **many_friends
    )
    assert few == many
    assert gone < more_gone


def test_a_wider_closure_strikes_whoever_the_narrower_one_strikes(world_of):
    struck = []
    for share in (0.3, 0.8):
        shock = [{"acts_on": "event.closure", "how": "force", "value": share, "from_week": 0}]
        scenario = world_of(shock=shock, egos_per_team=60, runin_weeks=4)
        history = live(scenario, HERE, run_in(scenario, HERE, key_of(3)), key_of(3), 1)
        closed = history.events[history.events["cause"] == Cause.CLOSURE]
        struck.append({(int(one["ego"]), int(one["identity"])) for one in closed})
    assert struck[0] < struck[1]
    assert len(struck[0]) > 10


NEVER_AGAIN = {
    "illness.death_rate": Event.DEATH,
    "service.discharge": Event.DISCHARGE,
    "illness.onset_multiplier": Event.EPISODE_START,
    "illness.coercion_share": Event.COERCION,
    "constriction.switch": Event.CONSTRICTION,
    "life.switch": Event.MOVE,
}


@pytest.mark.parametrize("parameter", NEVER_AGAIN)
def test_what_is_switched_off_never_happens(parameter, world_of):
    values = (0, catalogue()[parameter].value or 1)
    unannounced = {"early.warning": 0}  # an episode announced before week 0 would still begin
    off, usual = pair(world_of, parameter, values, stop=104, **unannounced)
    assert events_of(usual, NEVER_AGAIN[parameter]).size > 0
    assert events_of(off, NEVER_AGAIN[parameter]).size == 0


def test_without_constriction_nobody_constricts_and_all_is_alike_until_somebody_would(world_of):
    off, usual = pair(world_of, "constriction.switch", (0, 1), **{"illness.coercion_share": 0})
    assert not off.team.egos["constricting"].any()
    first = events_of(usual, Event.CONSTRICTION)["week"].min()
    alike = [h.events[h.events["week"] < first].tobytes() for h in (off, usual)]
    assert alike[0] == alike[1]


@pytest.mark.parametrize("group", ["friend", "weak", "kin", "object", "outside", "partner"])
def test_ties_that_cannot_end_or_begin_do_not(group, world_of):
    fixed = {f"tie.{group}.end_rate": 0, f"tie.{group}.formation": 0, "illness.death_rate": 0}
    fixed |= {f"tie.{group}.{what}": 0 for what in ("dormancy_rate", "dormant_share")}
    fixed |= {"mortality.switch": 0, "life.switch": 0}
    scenario = world_of(parameters=fixed, egos_per_team=60, runin_weeks=0)
    start = run_in(scenario, HERE, key_of(3))
    history = live(scenario, HERE, start, key_of(3), 52)
    number = Group[group.upper()]
    before, after = (team.column("group") == number for team in (start, history.team))
    assert before.sum() > 10
    assert np.array_equal(before.sum(axis=1), after.sum(axis=1))
