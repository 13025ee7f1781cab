"""Ties that hang together, in whole lives, as they are by default."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.study.attributes import attributes_of
from sim.study.interpreters import answers
from sim.study.interview import ERROR_FREE, draw_maps
from sim.study.members import StudyLives, follow_ties
from sim.study.seen import gather
from sim.world.kinds import FIRST_PROFESSIONAL, LAST_PROFESSIONAL, Cause, Event, Group, Kind
from sim.world.parameters import catalogue
from sim.world.rules.lifetimes import death_rate
from sim.world.run import Place, Watched, begin_team, live, run_in
from sim.world.state import EVENT
from sim.world.streams import key_of

KEY = key_of(7)
WEEKS = np.array([0, 52, 104, 156], np.int32)
KIN = (Kind.PARENT, Kind.SIBLING, Kind.CHILD, Kind.OTHER_KIN)


class Lived:
    """Three years of some teams of 288: ties at four interviews, answers on them, and events."""

    def __init__(self, scenario, teams):
        histories = []
        for number in range(1, teams + 1):
            place = Place(1, number)
            team = run_in(scenario, place, KEY)
            everybody = np.arange(team.egos.size, dtype=np.int32)
            watched = Watched(everybody, np.tile(WEEKS, (team.egos.size, 1)))
            histories.append(live(scenario, place, team, KEY, 157, watched=watched))
        self.params = catalogue().record(scenario.parameters)
        everybody = [np.arange(one.egos.shape[0]) for one in histories]
        self.egos, self.ties = gather(histories, everybody)
        self.events = np.concatenate([one.events for one in histories])
        self.exists = self.ties["group"] >= 0
        self.at = np.argwhere(self.exists)
        weeks = np.tile(WEEKS, (self.egos.shape[0], 1))
        sample = SimpleNamespace(
            address=self.egos["address"][:, 0], egos=self.egos, members=self.ties, weeks=weeks
        )
        followed = follow_ties(sample, StudyLives(np.zeros(0, int), np.zeros(0, EVENT)))
        alters = attributes_of(sample, followed, self.params, KEY)
        self.alters = alters[followed.in_slot[self.exists]]
        self.answers = answers(self.egos, self.ties, weeks, self.at, self.alters, self.params, KEY)
        self.kind = self.ties["kind"][self.exists]
        self.ego_age = (self.egos["age"] + WEEKS / 52)[self.at[:, 0], self.at[:, 1]]

    def of(self, *kinds):
        """Which of the rows of answers are of these kinds."""
        return np.isin(self.kind, kinds)


@pytest.fixture(scope="module")
def lived(world_of):
    return Lived(world_of(), 2)


@pytest.fixture(scope="module")
def many(world_of):
    return Lived(world_of(), 12)


def test_nobody_has_two_mothers_or_two_fathers_but_by_step_parents(lived):
    place = lived.ties["identity"] >> 5
    parents = lived.exists & (lived.ties["kind"] == Kind.PARENT)
    assert parents.sum(axis=2).max() <= 3
    assert set(place[parents].tolist()) <= {0, 1, 2}
    rows = lived.of(Kind.PARENT)
    of_rows = place[lived.exists][rows]
    male = lived.alters["male"][rows]
    assert (male[of_rows == 0] == 0).all()
    assert (male[of_rows == 1] == 1).all()
    assert 0.2 < male[of_rows == 2].mean() < 0.8


def test_ages_of_kin_are_possible(lived):
    age, known = lived.answers["age"], lived.answers["years_known"]
    between = age - lived.ego_age
    assert (between[lived.of(Kind.PARENT)] >= 18).all()
    assert (between[lived.of(Kind.CHILD)] <= -19 + 1e-3).all()
    assert (age[lived.of(Kind.CHILD)] >= 18 - 1e-3).all()
    assert (age[lived.of(Kind.YOUNG_KIN)] <= 18 + 1 + 3).all()
    family = lived.of(*KIN, Kind.YOUNG_KIN)
    assert (known[family] <= np.minimum(age, lived.ego_age)[family] + 0.03).all()


def test_nobody_has_been_known_for_too_long(lived):
    age, known = lived.answers["age"], lived.answers["years_known"]
    both = np.minimum(age, lived.ego_age)
    partners, friends = lived.of(Kind.PARTNER), lived.of(Kind.FRIEND, Kind.PEER)
    assert (both - known)[partners].min() >= 16 - 0.03
    assert (both - known)[friends].min() >= 4 - 0.03
    assert known[lived.of(Kind.PET)].max() <= 18 + 1 + 3
    things = lived.of(Kind.PLACE, Kind.HOBBY, Kind.OBJECT)
    assert (lived.ego_age - known)[things].min() >= 4 - 0.03


def test_no_worker_of_the_team_was_known_before_being_one(lived):
    of_team = lived.ties["post"][lived.exists] >= 0
    known = lived.ties["known"][lived.exists][of_team] / 52
    since = lived.answers["age"][of_team] - known
    assert since.min() >= 22 - 2  # who came during the run-in is 22 or more at its end
    assert (lived.ego_age[of_team] - known).min() >= -0.05
    assert known.max() > 5


def test_everybody_grows_older_by_the_calendar(lived):
    by_tie = {}
    for (person, wave, slot), age in zip(lived.at, lived.answers["age"], strict=True):
        tie = lived.ties[person, wave, slot]
        if tie["human"] > 0 and tie["post"] < 0:
            by_tie.setdefault((person, int(tie["identity"])), []).append(WEEKS[wave] / 52 - age)
    assert max(np.ptp(born) for born in by_tie.values()) < 0.03


def test_no_later_kin_are_parents_or_brothers_or_grown_children(lived):
    began = lived.events[lived.events["event"] == Event.TIE_BEGAN]
    kin = began[np.isin(began["kind"], KIN)]
    assert kin.size > 20
    assert set(kin["kind"].tolist()) == {Kind.OTHER_KIN}


def test_only_people_and_pets_die_and_only_of_age(lived):
    ended = lived.events[lived.events["event"] == Event.TIE_ENDED]
    died = np.unique(ended["kind"][ended["cause"] == Cause.BEREAVEMENT])
    staff = [kind for kind in Kind if FIRST_PROFESSIONAL <= kind.group <= LAST_PROFESSIONAL]
    assert {Kind.PARENT, Kind.PET, Kind.FRIEND} <= set(died.tolist())
    assert set(died.tolist()) & {*staff, Kind.PLACE, Kind.HOBBY, Kind.OBJECT} == set()


def test_ties_of_the_start_are_tilted_in_all_parts_of_strength(world_of):
    """Mean strength of survivors is the slope; of affection and functions their shares of it."""
    names = ("strength_affection", "strength_functions", "strength_slope")
    loading, more, slope = (catalogue()[f"tie.friend.{name}"].value for name in names)
    scenario = world_of(parameters={"tie.peer_strength": 0, "tie.friend.latent_mean": 12})
    team = begin_team(scenario, Place(1, 1), KEY, 0)
    friends = team.column("group") == Group.FRIEND
    strength, affection = (team.column(name)[friends] for name in ("strength", "affection"))
    error = 4 / np.sqrt(friends.sum())
    p = catalogue().record(scenario.parameters)[0]
    fond = (affection - p["tie_friend_affection"]) / p["tie_affection_sd"]
    assert strength.mean() == pytest.approx(slope, abs=error)
    assert strength.std() == pytest.approx(1, abs=error)
    assert fond.mean() == pytest.approx(loading * slope, abs=error)
    names = ("emotional", "practical", "illness", "advocacy", "distraction")
    gives = np.array([p[f"tie_friend_gives_{name}"] for name in names])
    can = sum(team.column(f"f_{name}")[friends] for name in names)
    able = (can - gives.sum()) / np.sqrt((gives * (1 - gives)).sum())
    assert able.mean() == pytest.approx(more * slope, abs=error)
    assert np.corrcoef(strength, fond)[0, 1] == pytest.approx(loading, abs=error)


@pytest.mark.verify
@pytest.mark.parametrize("kind", [Kind.PARENT, Kind.OTHER_KIN, Kind.FRIEND, Kind.PET])
def test_as_many_die_as_their_ages_say(kind, many):
    """Deaths in three years against the sum of hazards, ages and ties as at each interview."""
    ended = many.events[many.events["event"] == Event.TIE_ENDED]
    died = ((ended["kind"] == kind) & (ended["cause"] == Cause.BEREAVEMENT)).sum()
    active = many.ties["active"][many.exists] > 0
    rows = many.of(kind) & active
    years = np.where(np.isin(many.at[rows, 1], (0, 3)), 0.5, 1) * 157 / 156
    ages = many.answers["age"][rows].astype(np.float32)
    rate = [death_rate(kind, age, many.params[0]) for age in ages]
    expected = float(np.sum(rate * years))
    assert died == pytest.approx(expected, abs=4 * np.sqrt(expected))


@pytest.mark.verify
def test_of_friends_the_inner_are_kept_more_than_the_outer(many):
    people, waves = many.egos.shape
    maps = draw_maps(
        many.egos, many.ties, np.ones((people, waves), bool), np.zeros(people, bool), many.params,
        KEY, ERROR_FREE,
    )  # fmt: skip
    alive = many.egos["alive"][:, -1] > 0
    named = maps.recorded[:, 0] & alive[:, None]
    last = np.where(maps.recorded[:, -1], many.ties["identity"][:, -1], -1)
    kept = (many.ties["identity"][:, 0][:, :, None] == last[:, None, :]).any(axis=2)

    def share(group, circle=None):
        of = named & (many.ties["group"][:, 0] == group)
        return kept[of if circle is None else of & (maps.circle[:, 0] == circle)].mean()

    assert share(Group.FRIEND, 1) - share(Group.FRIEND, 3) > 0.06
    assert share(Group.WEAK) > share(Group.FRIEND, 3)
    pets = maps.recorded[:, 0] & (many.ties["kind"][:, 0] == Kind.PET)
    assert 0.35 < pets.any(axis=1).mean() < 0.55
    assert 0.45 < (maps.circle[:, 0][pets] == 1).mean() < 0.70
    on_map = maps.recorded[:, 0] & (many.ties["human"][:, 0] > 0)
    weak = many.ties["group"][:, 0] == Group.WEAK
    assert 0.06 < (on_map & weak).sum() / on_map.sum() < 0.12


@pytest.mark.verify
def test_as_many_have_children_and_as_many_kin_as_published(many):
    kind, place = many.ties["kind"][:, 0], many.ties["identity"][:, 0] >> 5
    own = (kind == Kind.YOUNG_KIN) & (place == 0)
    assert 0.34 < ((kind == Kind.CHILD) | own).any(axis=1).mean() < 0.43
    active = many.ties["active"][:, 0] > 0
    kin = (many.ties["group"][:, 0] == Group.KIN) & active
    assert kin.sum(axis=1).mean() == pytest.approx(3.71, abs=0.15)
