"""The ways in which services reach people, in whole lives: each does what it says, and only then.

All of them are on; what is switched off, as in `first_edition.toml`, never happens.
"""

import numpy as np
import pytest

from sim.world.kinds import Cause, Event, Group
from sim.world.run import Place, begin_team, live, run_in
from sim.world.state import LEDGER
from sim.world.streams import key_of

HERE, KEY = Place(1, 1), key_of(3)
NEW = (
    Event.TREATMENT_STOP, Event.TREATMENT_RESTART, Event.WARNING, Event.NOTICED, Event.AVERTED,
    Event.CRISIS, Event.DISCHARGE_HOSPITAL,
)  # fmt: skip
FEWER_VISITS = [
    {"acts_on": f"service.{line}.{what}", "how": how, "value": value, "from_week": 0}
    for line in ("psychiatrist", "coordinator")
    for what, how, value in (
        ("interval_weeks", "multiply", 1.5),
        ("longest_weeks", "multiply", 1.5),
        ("capacity", "set", 8),
    )
]
SWITCHES = {
    "treatment.stop": (Event.TREATMENT_STOP, Event.TREATMENT_RESTART),
    "early.warning": (Event.WARNING, Event.NOTICED, Event.AVERTED),
    "crisis.hazard_well": (),
}


@pytest.fixture(scope="module")
def lived(world_of):
    """Two years of a team of 288 with these parameters, from a run-in of a year."""

    def life(parameters, stop=104, shock=None, **world):
        scenario = world_of(parameters=parameters, shock=shock, **world)
        return live(scenario, HERE, run_in(scenario, HERE, KEY), KEY, stop)

    return life


@pytest.fixture(scope="module")
def on(lived):
    """The life with everything on."""
    return lived({})


def weeks_of(history, *events):
    """(ego, week) of some events, in order."""
    rows = history.events[np.isin(history.events["event"], events)]
    return [(int(row["ego"]), int(row["week"])) for row in rows]


def test_off_there_is_nothing_of_it(lived, first_edition):
    history = lived(first_edition)
    egos = history.team.egos
    assert not np.isin(history.events["event"], NEW).any()
    for name in ("crises", "hospital_days", "acute_care_left", "warning_left", "caught", "stayed"):
        assert not egos[name].any(), name
    assert egos["treated"].all()


def admissions_a_year(world_of, parameters):
    """Of people admitted twice or more, lately too, and of all others, over two years."""
    scenario = world_of(parameters=parameters)
    admitted, people = np.zeros(2), np.zeros(2)
    for replicate in range(6):
        key = key_of(5, replicate)
        first = run_in(scenario, HERE, key)
        last = live(scenario, HERE, first, key, 104).team.egos
        before, alive = first.egos["admissions"], first.egos["alive"] > 0
        often = (before > 0) & (first.egos["past_admissions"] + before >= 2)
        for k, who in enumerate((often & alive, ~often & alive)):
            admitted[k] += (last["admissions"] - before)[who].sum() / 2
            people[k] += who.sum()
    return admitted / people


def test_who_was_admitted_repeatedly_is_admitted_again_if_people_differ(world_of):
    often, others = admissions_a_year(world_of, {})
    assert often > 2 * others
    alike = {"ego.frailty_log_sd": 0, "ego.frailty_log_sd_bipolar": 0, "crisis.proneness": 0}
    often, others = admissions_a_year(world_of, alike)
    assert often < 1.8 * others


def test_on_all_of_it_happens(on):
    assert set(NEW) <= set(on.events["event"].tolist())


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_way_switched_off_never_happens(switch, lived):
    nobody_off = {"start.off_treatment": 0} if switch == "treatment.stop" else {}
    history = lived({switch: 0} | nobody_off)
    assert not weeks_of(history, *SWITCHES[switch])
    assert weeks_of(history, Event.CRISIS)
    if switch == "crisis.hazard_well":  # then every crisis falls into an episode
        began = weeks_of(history, Event.EPISODE_START)
        crises = set(weeks_of(history, Event.CRISIS))
        ill = {ego for ego, _ in began} | set(np.flatnonzero(history.team.egos["acute"]).tolist())
        assert len(crises) > 10
        assert sum(ego in ill for ego, _ in crises) > 0.8 * len(crises)


def test_stops_and_restarts_take_turns(on):
    last = {}
    for row in on.events[np.isin(on.events["event"], NEW[:2])]:
        assert last.get(int(row["ego"])) != row["event"]
        last[int(row["ego"])] = row["event"]
    treated = on.team.egos["treated"]
    alive = on.team.egos["alive"] > 0
    for ego, event in last.items():
        assert not alive[ego] or treated[ego] == (event == Event.TREATMENT_RESTART)


def test_an_announced_episode_starts_or_is_averted(on):
    warned = {}
    starts = 0
    for row in on.events:
        ego, week = int(row["ego"]), int(row["week"])
        if row["event"] == Event.WARNING:
            assert ego not in warned
            warned[ego] = week
        elif row["event"] == Event.EPISODE_START and ego in warned:
            assert 2 <= week - warned.pop(ego) <= 10
            starts += 1
        elif row["event"] == Event.AVERTED:
            assert week - warned.pop(ego) <= 10
        elif row["event"] == Event.DEATH:
            warned.pop(ego, None)
    assert starts > 50
    left = on.team.egos["warning_left"]
    assert sorted(warned) == np.flatnonzero(left > 0).tolist()


def test_days_in_hospital_add_up(on):
    egos = on.team.egos
    stays = len(weeks_of(on, Event.ADMISSION))
    left = len(weeks_of(on, Event.DISCHARGE_HOSPITAL))
    assert abs(stays - left) <= 0.1 * stays
    assert (egos["hospital_days"] >= egos["admissions"] - 1).all()
    days = egos["hospital_days"].sum() / egos["admissions"].sum()
    assert 20 < days < 50
    assert (egos["ward_days"] <= 7).all()
    assert not egos["ward_days"][egos["alive"] == 0].any()


def test_coercion_follows_an_admission_in_its_week(on):
    admitted = set(weeks_of(on, Event.ADMISSION))
    coerced = weeks_of(on, Event.COERCION)
    assert len(coerced) > 5
    assert set(coerced) <= admitted


def test_admissions_come_by_one_way_alone(lived, on):
    crises = set(weeks_of(on, Event.CRISIS))
    assert set(weeks_of(on, Event.ADMISSION)) <= crises
    without = lived({"crisis.hazard": 0, "crisis.hazard_well": 0})
    started = set(weeks_of(without, Event.EPISODE_START))
    assert set(weeks_of(without, Event.ADMISSION)) <= started


def test_who_is_discharged_comes_back_the_week_after_a_crisis(lived):
    history = lived({"service.discharge": 0.5, "service.referral": 0.1})
    back = set(weeks_of(history, Event.REFERRAL))
    seen = 0
    off = set()
    for row in history.events:
        ego, week = int(row["ego"]), int(row["week"])
        if row["event"] == Event.DISCHARGE:
            off.add(ego)
        elif row["event"] == Event.REFERRAL:
            off.discard(ego)
        elif row["event"] == Event.CRISIS and ego in off and week < 103:
            seen += 1
            assert (ego, week + 1) in back or history.team.egos["alive"][ego] == 0
    assert seen > 3


def test_a_higher_hazard_of_stopping_stops_everybody_sooner(lived):
    fixed = {f"treatment.{name}": 0 for name in ("stop_trust", "stop_overdue", "stop_severity")}
    fixed |= {"crisis.hazard": 0, "crisis.hazard_well": 0, "early.warning": 0}
    first = []
    for stop in (0.1, 0.5):  # restarts never: who is off stays off
        shock = [
            {"acts_on": "treatment.stop", "how": "set", "value": stop, "from_week": 0},
            {"acts_on": "illness.onset_multiplier", "how": "set", "value": 0, "from_week": 0},
        ]
        history = lived(fixed | {"treatment.stop": 0, "treatment.restart": 0.2}, shock=shock)
        found = {}
        for ego, week in weeks_of(history, Event.TREATMENT_STOP):
            found.setdefault(ego, week)
        first.append(found)
    few, many = first
    assert len(many) > len(few) > 10
    assert all(many[ego] <= week for ego, week in few.items())


def test_need_does_not_shrink_with_the_offer(lived):
    fixed = {"illness.onset_multiplier": 0}
    usual, cut = lived(fixed, stop=52), lived(fixed, stop=52, shock=FEWER_VISITS)
    needed, wanted = (
        [history.team.ledger[:, LEDGER[name]].sum() for history in (usual, cut)]
        for name in ("needed", "wanted")
    )
    assert needed[0] == needed[1] > 0
    assert wanted[1] < 0.9 * wanted[0]
    assert cut.team.egos["enough"].mean() < usual.team.egos["enough"].mean() - 0.05


def test_needed_units_are_the_ledgers(on):
    alive = on.team.egos["alive"] > 0
    assert (on.team.egos["needed"][alive] >= on.team.egos["kept"][alive] * 0.1).all()
    before = on.team.egos["needed"].sum(dtype=float)
    year = on.team.ledger[:, LEDGER["needed"]].sum()  # the run-in is in the egos' totals alone
    assert 0.6 * before < year < 0.75 * before


def test_insecurity_rises_when_visits_stop_and_wellbeing_falls_with_its_weight(lived):
    fixed = {"crisis.hazard": 0, "illness.onset_multiplier": 0}
    usual = lived(fixed, stop=40).team.egos
    cut = lived(fixed, stop=40, shock=FEWER_VISITS).team.egos
    alive = usual["alive"] > 0
    assert cut["insecurity"][alive].mean() > usual["insecurity"][alive].mean() + 0.01
    felt = lived(fixed | {"wellbeing.insecurity": 1}, stop=40).team.egos
    assert felt["wellbeing"][alive].mean() < usual["wellbeing"][alive].mean() - 0.1


def test_taking_over_raises_what_lay_people_give(lived):
    loads = []
    for share in (0, 1):
        team = lived({"takeover.share": share, "takeover.floor": 0.01}, shock=FEWER_VISITS).team
        group = team.column("group")
        lay = (group >= 0) & (group <= Group.FRIEND)
        loads.append(team.column("load")[lay].mean())
    assert loads[1] > loads[0]


def test_a_new_worker_takes_over_a_share_of_trust(world_of):
    shock = [{"acts_on": "service.reassignment", "how": "set", "value": 0.4, "from_week": 0}]
    trust = []
    for carried in (0, 0.5, 1):
        scenario = world_of(parameters={"trust.carried": carried}, shock=shock, runin_weeks=8)
        team = begin_team(scenario, HERE, KEY, 0)
        history = live(scenario, HERE, team, KEY, 13)
        changed = history.events["cause"] == Cause.REASSIGNMENT
        egos = history.events["ego"][changed & (history.events["event"] == Event.TIE_ENDED)]
        lines = history.team.lines[egos, 1]
        met = lines["slot"] >= 0
        now = history.team.column("trust")[egos[met], lines["slot"][met]]
        trust.append((np.abs(now - lines["parted"][met])).mean())
    assert trust[0] > trust[1] > trust[2]


def test_a_week_in_hospital_thins_contact(lived):
    met = []
    for share in (0, 1):
        egos = lived({"crisis.hazard": 0.1, "crisis.contact": share}, stop=26).team.egos
        met.append(egos["contacts"].sum())
    assert met[0] < met[1]
