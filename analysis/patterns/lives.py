"""The worlds one team is lived in: usual care, and what would have been.

All worlds of a team start from the same week 0 and share every draw, so a difference between two of
them is the effect of what sets them apart and of nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import numpy as np

from analysis.compare.ways import FEWEST_VISITS
from sim.study.interview import ERROR_FREE, REVISITED, Maps, draw_maps
from sim.study.seen import MEMBER
from sim.world.kinds import Group
from sim.world.parameters import catalogue
from sim.world.run import History, Place, Watched, live, run_in, widen
from sim.world.scenario import Scenario, parse_scenario, read_scenario
from sim.world.state import WEEKLY_COLUMNS, Team
from sim.world.streams import key_of

__all__ = ["FIRST_WEEK_ILL", "FRIEND", "GROUPS", "INFORMAL", "KIN", "OBJECT", "PEOPLE",
           "PROFESSIONAL", "WAVES", "WEEKS", "WORLDS", "Life", "TeamLives",
           "with_room"]  # fmt: skip

Found = TypeVar("Found")
PLACE = Place(1, 1)
STOP, SLOTS = 53, 48
WEEKS = (0, 7, 8, 9, 10, 13, 14, 20, 26, 27, 34, 39, 40, 52)
"""Weeks whose ends are kept, with all that passed in ties; neighbours for what follows on."""
ALWAYS = frozenset((0, 7, 8, 14, 26, 52))
"""Of them, those that maps and the choice of the newly ill need."""
WAVES = (0, 26, 52)
FIRST_WEEK_ILL = 8
KIN = (Group.KIN, Group.YOUNG_KIN)
PROFESSIONAL = (Group.PSYCHIATRIST, Group.COORDINATOR, Group.SUPPORT_WORKER, Group.OUTSIDE)
FRIEND, OBJECT = Group.FRIEND, Group.OBJECT
GROUPS = {
    "partner": (Group.PARTNER,), "kin": KIN, "friend": (FRIEND,), "weak": (Group.WEAK,),
    "professional": PROFESSIONAL, "object": (OBJECT,),
}  # fmt: skip
INFORMAL = (Group.PARTNER, *KIN, FRIEND, Group.WEAK)
PEOPLE = (*INFORMAL, *PROFESSIONAL)

_ILL = {"acts_on": "event.episode", "how": "force", "value": 1, "from_week": FIRST_WEEK_ILL,
        "who": {"share": 0.2}}  # fmt: skip


def _set(path: str, value: float) -> dict[str, Any]:
    return {"acts_on": path, "how": "set", "value": value, "from_week": 0}


WORLDS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "usual": (),
    "struck": (_ILL,),
    "unconstricted": (_ILL, _set("constriction.switch", 0)),
    "unrationed": (_set("service.self_ration", 0),),
    "friends-kept": (_set("tie.friend.end_rate", 0), _set("tie.weak.end_rate", 0)),
    "demand-unfelt": (_set("illness.demand_severity", 0), _set("illness.demand_onset", 0)),
    "unwearied": (_set("trust.turnover_weariness", 0),),
    "helped": (_set("tie.kin.offer_rate", 0.6), _set("tie.young_kin.offer_rate", 0.2)),
    "idle": (_set("tie.object.contact_rate", 0),),
    "linked": ({"acts_on": "event.link", "how": "force", "value": 1, "from_week": 4},),
    "first": ({"acts_on": "event.episode", "how": "force", "value": 1, "from_week": 4},),
    "cut": tuple(
        shock.model_dump(exclude_none=True, exclude_defaults=True)
        for shock in read_scenario("service-cutback").shocks
    ),
    "rare": FEWEST_VISITS,
    "changing": (_set("service.reassignment", 0.4),),
    "unchanging": (_set("service.reassignment", 0),),
    "undying": (_set("mortality.switch", 0),),
    "unheeded": (_set("early.act", 0),),
}
"""Shocks that make each world beside usual care: a fifth forced ill in week 8; so, and nobody able
to constrict; nobody rationing themselves; no friend or weak tie ended from within; what kin ask
unfelt; nobody wearied by new workers; kin offering twice as often; nothing done with things and
places; everybody linked to a group; everybody ill in week 4; visits and capacity cut from week 13;
visits as rare and as few as the ranges allow, about a quarter; workers changed often, and never,
beside those who leave; nobody's people dying of age; nothing done about signs that are noticed."""


@lru_cache(maxsize=256)
def _scenario(parameters: tuple[tuple[str, float], ...], world: str, egos: int) -> Scenario:
    data = read_scenario("usual-care").resolved()
    data["id"] = f"pattern-{world}"
    data["parameters"] = {**data.get("parameters", {}), **dict(parameters)}
    data["world"]["egos_per_team"] = egos
    data["shock"] = [dict(shock) for shock in WORLDS[world]]
    return parse_scenario(data)


class Life:
    """What happened to a team in one world, by tie, ego, week and event.

    Weeks are those of `WEEKS`; n egos, S slots.
    """

    def __init__(
        self,
        history: History,
        params: np.ndarray,
        key: np.ndarray,
        weeks: tuple[int, ...] = WEEKS,
        asked: set[int] | None = None,
    ) -> None:
        self.history, self._params, self._key = history, params, key
        self._at = {week: at for at, week in enumerate(weeks)}
        self._asked = set() if asked is None else asked
        self.events = history.events
        self._columns: dict[str, np.ndarray] = {}

    def tie(self, name: str, week: int) -> np.ndarray:
        """A column of state.TIES at the end of a week, (n, S)."""
        if name not in self._columns:
            self._columns[name] = self.history.column(name)
        self._asked.add(week)
        return self._columns[name][:, self._at[week]]

    def ego(self, name: str, week: int) -> np.ndarray:
        """A column of state.EGO at the end of a week, (n,)."""
        self._asked.add(week)
        return self.history.egos[name][:, self._at[week]]

    def weekly(self, name: str) -> np.ndarray:
        """A column of state.WEEKLY_COLUMNS, (n, 53)."""
        return self.history.weekly[:, :, WEEKLY_COLUMNS.index(name)]

    def lasting(self, name: str) -> np.ndarray:
        """Mean of a column of state.WEEKLY_COLUMNS from week 27 on, (n,)."""
        mean: np.ndarray = self.weekly(name)[:, 27:].mean(axis=1)
        return mean

    def lasting_wellbeing(self) -> np.ndarray:
        """Mean wellbeing from week 27 on, less the ego's own level, (n,)."""
        return self.lasting("wellbeing") - self.ego("base_wellbeing", 52)

    def alive(self, week: int = 52) -> np.ndarray:
        """Who is alive at the end of a week, (n,)."""
        return self.ego("alive", week) > 0

    def has(self, week: int, *groups: int) -> np.ndarray:
        """Active ties of some groups (all if none are named), (n, S)."""
        active = self.tie("active", week) > 0
        return active & np.isin(self.tie("group", week), groups) if groups else active

    def total(self, name: str, week: int, *groups: int) -> np.ndarray:
        """Sum of a column over active ties of some groups (all if none are named), (n,)."""
        found: np.ndarray = np.where(self.has(week, *groups), self.tie(name, week), 0).sum(axis=1)
        return found

    def stays(self, first: int, then: int) -> np.ndarray:
        """Which ties of one week are active in a later one, (n, S): by slot and identity."""
        same = self.tie("identity", first) == self.tie("identity", then)
        born = self.tie("born", first) == self.tie("born", then)
        return same & born & (self.tie("active", then) > 0)

    def is_kept(self, then: Team) -> np.ndarray:
        """Which ties of week 0 are active in a later state of the team, (n, S)."""
        slots = self.tie("identity", 0).shape[1]
        same = self.tie("identity", 0) == then.column("identity")[:, :slots]
        found: np.ndarray = same & (then.column("active")[:, :slots] > 0)
        return found

    def same(self, first: int, then: int) -> np.ndarray:
        """Which ties of one week are there in a later one, active or dormant, (n, S)."""
        held = self.tie("group", then) >= 0
        return held & (self.tie("identity", first) == self.tie("identity", then))

    @cached_property
    def error_free(self) -> Maps:
        """Maps of everybody at the three waves without errors."""
        return self._maps(ERROR_FREE)

    @cached_property
    def elicited(self) -> Maps:
        """Maps of everybody at the three waves as interviews would elicit them."""
        return self._maps(REVISITED)

    def _maps(self, how: int) -> Maps:
        at = [self._at[week] for week in WAVES]
        egos = np.ascontiguousarray(self.history.egos[:, at])
        n, slots = egos.shape[0], self.history.blocks.shape[2] * 8
        members = np.zeros((n, len(WAVES), slots), MEMBER)
        for name in MEMBER.names or ():
            for wave, week in enumerate(WAVES):
                members[name][:, wave] = self.tie(name, week)
        there, telephone = np.ones((n, len(WAVES)), bool), np.zeros(n, bool)
        return draw_maps(egos, members, there, telephone, self._params, self._key, how)


class OutgrownError(Exception):
    """One world needs more room for ties (the argument, in slots) than those lived before it."""


class TeamLives:
    """The worlds of one team, each lived when first asked for.

    Parameters
    ----------
    seed, replicate : int
    parameters : mapping of str to float
        What sets all of these worlds apart from the catalogue, from before week 0 on.
    egos : int
        People the team knows.
    same : bool
        Live usual care in place of every other world: what a contrast is without its cause.
    weeks : collection of int
        Weeks of `WEEKS` to keep; fewer are faster.
    slots : int
        Room for ties that all worlds share, so that theirs can be compared slot by slot.

    Attributes
    ----------
    asked : set of int
        Weeks that somebody has looked at.
    """

    def __init__(
        self,
        seed: int,
        replicate: int,
        parameters: Mapping[str, float] | None = None,
        egos: int = 288,
        same: bool = False,
        weeks: Collection[int] = WEEKS,
        slots: int = SLOTS,
    ) -> None:
        self.asked: set[int] = set()
        self._weeks = tuple(sorted(ALWAYS.union(weeks)))
        self.seed, self.replicate, self.same = seed, replicate, same
        self._key = key_of(seed, replicate)
        self._overrides = tuple(sorted((parameters or {}).items()))
        self._egos, self.slots = egos, slots
        self._begun: Team | None = None
        self._lives: dict[str, Life] = {}
        self._later: dict[tuple[str, int], Team] = {}

    @property
    def usual(self) -> Life:
        """Usual care."""
        return self.world("usual")

    @property
    def struck(self) -> Life:
        """A fifth fall ill in week 8."""
        return self.world("struck")

    def world(self, name: str) -> Life:
        """One of `WORLDS`."""
        name = "usual" if self.same else name
        if name not in self._lives:
            self._lives[name] = self._live(name)
        return self._lives[name]

    def later(self, name: str, week: int) -> Team:
        """One of `WORLDS` at the end of a week past the year, lived on from there."""
        name = "usual" if self.same else name
        if (name, week) not in self._later:
            scenario = _scenario(self._overrides, name, self._egos)
            begun = self.world(name).history.team
            self._later[name, week] = live(scenario, PLACE, begun, self._key, week + 1).team
        return self._later[name, week]

    def _live(self, name: str) -> Life:
        scenario = _scenario(self._overrides, name, self._egos)
        if self._begun is None:
            calm = _scenario(self._overrides, "usual", self._egos)
            self._begun = run_in(calm, PLACE, self._key, self.slots)
        team = self._begun
        n = team.egos.size
        weeks = np.tile(np.array(self._weeks, np.int32), (n, 1))
        watched = Watched(np.arange(n, dtype=np.int32), weeks, 0, STOP)
        history = live(scenario, PLACE, team, self._key, STOP, watched=watched)
        if history.team.slots > team.slots:
            if self._lives:
                raise OutgrownError(history.team.slots)
            self._begun = widen(team, history.team.slots - team.slots)
        params = catalogue().record(scenario.parameters)
        return Life(history, params, self._key, self._weeks, self.asked)

    @cached_property
    def newly_ill(self) -> np.ndarray:
        """Who is ill because of week 8 alone, (n,): well until then and all year in usual care."""
        calm, ill = self.usual, self.struck
        apart = (ill.ego("episode", 8) > calm.ego("episode", 8)) & calm.alive() & ill.alive()
        return apart & (calm.ego("acute", 7) == 0)

    @cached_property
    def still_ill(self) -> np.ndarray:
        """Of the newly ill, those ill at the end of week 14 and well then in usual care, (n,)."""
        both = (self.struck.ego("acute", 14) > 0) & (self.usual.ego("acute", 14) == 0)
        return self.newly_ill & both

    def out_of_hospital(self, week: int) -> np.ndarray:
        """Who spends no day of a week in hospital, ill or not, (n,)."""
        days = self.usual.ego("ward_days", week) + self.struck.ego("ward_days", week)
        free: np.ndarray = days == 0
        return free


def with_room(lived: Callable[[int], TeamLives], measured: Callable[[TeamLives], Found]) -> Found:
    """What is measured in the worlds of a team that is given slots; more if they turn out too few.

    Slots change no figure, only whether two worlds can be laid on one another.
    """
    slots = SLOTS
    while True:
        try:
            return measured(lived(slots))
        except OutgrownError as outgrown:
            (slots,) = outgrown.args
