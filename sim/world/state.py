"""The state of a team: every column declared once, with type, unit and meaning.

A team is six arrays: records of `egos` (E,), `lines` (E, 3), `posts` (P,) and `ties` (E, S/8), the
ties in blocks of eight slots, each column of a block eight numbers side by side; `diary` (D, P,
64), a ring of weeks ahead; `ledger` (3, L), which counts the service's work.

Blocks of eight are what the compiler turns into single vector instructions, and an ego's loops run
over the blocks it uses, so that adding slots changes neither a byte nor the time of a week.
"""

import hashlib
from dataclasses import dataclass, field

import numpy as np

from sim.world.memory import aligned_empty

F, I = np.float32, np.int32  # noqa: E741  # one letter, as in dtype strings

EGO_COLUMNS: tuple[tuple[str, type, str], ...] = (
    # who
    ("address", np.uint32, "site 6 bits | team 14 bits | ego 12 bits"),
    ("site", I, "site (trust), from 0"),
    ("team", I, "team within the site, from 0"),
    ("male", I, "1 male, 0 female"),
    ("age", I, "years at the start of the study"),
    ("non_white", I, "0/1"),
    ("diagnosis", I, "code of kinds.Diagnosis"),
    ("household", I, "code of kinds.Household"),
    ("years_ill", I, "years since the onset of illness, at the start of the study"),
    ("past_admissions", I, "admissions before the run-in"),
    ("blocks", I, "blocks of eight slots in use"),
    ("dormant", I, "ties out of touch"),
    ("bipolar", F, "1: bipolar-like hazard of episodes, 0: schizophrenia-like"),
    ("stigma", F, "felt stigma, z"),
    ("sociability", F, "z"),
    ("propensity", F, "propensity to trust, z"),
    ("need", F, "need for services, z"),
    ("constrictor", F, "1: constricts in an episode"),
    ("diversifier", F, "1: looks wider when support falls short"),
    ("self_capacity", F, "severity managed without help, 0-1"),
    ("base_severity", F, "severity between episodes, 0-1"),
    ("base_capacity", F, "effort units a week when well"),
    ("frailty", F, "multiplier on the hazard of episodes"),
    ("prone", F, "multiplier on the hazard of crises"),
    ("base_wellbeing", F, "own level and team effect, SD"),
    ("censorship", F, "factor of felt stigma on disclosure"),
    ("set_kin", F, "latent ties tended to"),
    ("set_friend", F, "latent ties tended to"),
    ("set_weak", F, "latent ties tended to"),
    ("set_outside", F, "latent ties tended to"),
    ("set_object", F, "latent ties tended to"),
    # state
    ("alive", F, "0/1"),
    ("on_caseload", F, "0/1"),
    ("employed", F, "0/1"),
    ("settled", F, "0/1: housing is settled"),
    ("upheaval", F, "weeks left of the upheaval that an event of life brings"),
    ("acute", F, "in an episode, 0/1"),
    ("episode", F, "episodes begun so far"),
    ("weeks_well", F, "weeks since the last episode ended"),
    ("onset_hazard_so_far", F, "cumulative hazard since the last episode"),
    ("weeks_since_onset", F, "weeks; 9999 if none yet"),
    ("progress", F, "weeks of recovery gained in this episode"),
    ("duration", F, "weeks of recovery this episode needs"),
    ("peak", F, "severity this episode adds, 0-1"),
    ("severity", F, "0-1"),
    ("capacity", F, "effort units this week"),
    ("share", F, "share of the needed relational work that can be done, 0-1"),
    ("level", F, "withdrawal, 0-1"),
    ("constricting", F, "0/1"),
    ("core", F, "importance of the least member of the core"),
    ("guilt", F, "0-1"),
    ("remorse", F, "memory of one's behaviour, to be felt after recovery"),
    ("care", F, "acts a week given to kin, running mean"),
    ("unmet", F, "need not met by help this week, 0-1"),
    ("understood", F, "understood help this week, running mean"),
    ("engagement", F, "activities and groups attended, running mean"),
    ("groups", F, "groups and hobbies attended, running mean"),
    ("churn", F, "ties lately ended"),
    ("wellbeing", F, "latent, SD"),
    ("service_trust", F, "trust in services at large, 0-1"),
    ("overload", F, "perceived overload of staff, 0-1"),
    ("trusted_visits", F, "units of visits this week, times trust in the worker"),
    ("challenged", F, "visits of trusted workers, running mean"),
    ("workers_met", F, "team workers met lately, a fading count"),
    ("emotional", F, "function met, running mean"),
    ("practical", F, "function met, running mean"),
    ("illness", F, "function met, running mean"),
    ("advocacy", F, "function met, running mean"),
    ("distraction", F, "function met, running mean"),
    # treatment, warning, crisis
    ("treated", F, "0/1: takes the treatment that keeps episodes away"),
    ("weeks_treated", F, "weeks since treatment was taken up"),
    ("weeks_off", F, "weeks since treatment was stopped"),
    ("weeks_since_kept", F, "weeks since any visit was kept or a day spent in hospital"),
    ("usual_interval", F, "weeks between visits in usual care, on the line with the most"),
    ("worker_trust", F, "trust in the better known of psychiatrist and co-ordinator, 0-1"),
    ("overdue", F, "doublings of the usual interval since a visit was kept, 0 to 2"),
    ("warning_left", F, "weeks until the episode that announces itself; 0 if none does"),
    ("noticed", F, "0/1: somebody has noticed the signs"),
    ("caught", F, "0/1: seen coming and acted upon, until the episode ends"),
    ("stayed", F, "0/1: has been in acute care in this episode"),
    ("in_crisis", F, "0/1: a crisis began this week"),
    ("acute_care_left", F, "days in hospital still to come after this week"),
    ("ward_days", F, "days of this week in hospital"),
    # whom one can count on
    ("insecurity", F, "having nobody to count on, 0-1, running mean"),
    ("seen", F, "units of visits kept this week"),
    ("needed_lately", F, "units of visits needed a week, running mean"),
    ("kept_lately", F, "units of visits kept a week, running mean"),
    ("enough", F, "kept over needed, lately: how far visits come often enough"),
    ("staff_usual", F, "help a week staff used to give, slow running mean"),
    ("staff_lately", F, "help a week staff give, running mean"),
    ("lay_help", F, "help a week of partner, kin and friends, running mean"),
    # running totals since the start, differenced by the study
    ("needed", F, "service contacts needed, whatever is offered (units)"),
    ("crises", F, "crises"),
    ("hospital_days", F, "days in hospital"),
    ("contacts", F, "weeks x alters in contact, people"),
    ("kept", F, "service contacts kept (units)"),
    ("cancelled", F, "service contacts cancelled by the service (units)"),
    ("missed", F, "service contacts missed by the ego (units)"),
    ("requested", F, "service contacts wanted (units)"),
    ("forgone", F, "service contacts forgone out of concern for staff (units)"),
    ("admissions", F, "admissions"),
    ("directive", F, "visits this week where advice had to be taken"),
    ("impact", F, "steps in wellbeing from endings this week"),
)
EGO = np.dtype([(name, kind) for name, kind, _ in EGO_COLUMNS], align=True)

LINE_COLUMNS: tuple[tuple[str, type, str], ...] = (
    ("entitled", I, "1: the ego has this line while on the caseload"),
    ("post", I, "post that serves the line; -1 if none"),
    ("slot", I, "tie slot of the present worker; -1 if none"),
    ("nominal", I, "week the next visit is due by the schedule"),
    ("booked", I, "week the next visit stands in the diary; -9999 if none"),
    ("postponed", I, "1: the present booking was counted as postponed"),
    ("usual", F, "weeks between visits when stable, in usual care; 0 if not entitled"),
    ("usual_acute", F, "weeks between visits in an episode, in usual care"),
    ("parted", F, "trust in the last worker when they parted; 0 if none"),
)
LINE = np.dtype([(name, kind) for name, kind, _ in LINE_COLUMNS], align=True)

POST_COLUMNS: tuple[tuple[str, type, str], ...] = (
    ("address", np.uint32, "site 6 bits | team 14 bits | post 12 bits"),
    ("role", I, "code of kinds.Role"),
    ("line", I, "code of kinds.Line"),
    ("fte", F, "whole-time equivalents"),
    ("incumbent", I, "number of the worker in post, from 0; counts up at each replacement"),
    ("vacant_until", I, "week the vacancy is filled; -9999 if filled"),
    ("sick_until", I, "first week back at work"),
    ("quality", F, "understanding the worker brings, around the role's"),
    ("room", F, "visit units left this week"),
)
POST = np.dtype([(name, kind) for name, kind, _ in POST_COLUMNS], align=True)

CHANGING_COLUMNS: tuple[tuple[str, str], ...] = (
    ("active", "0/1"),
    ("dormant", "0/1: out of touch, revivable"),
    ("trust", "0-1"),
    ("closeness", "0-1"),
    ("strain", "0-1"),
    ("load", "what the alter has been carrying, 0-1"),
    ("imbalance", "one-sidedness, 0-1"),
    ("openness", "how much the alter has been told, 0-1"),
    ("support", "help a week, running mean"),
    ("given", "acts a week given by the ego, running mean"),
    ("anticipated", "help a week the ego counts on"),
    ("importance", "0-1, to the ego"),
    ("recent", "contact, running mean, 0-1"),
    ("known", "weeks of acquaintance"),
)
FIXED_COLUMNS: tuple[tuple[str, str], ...] = (
    # traits of the tie, fixed at birth
    ("strength", "z; lowers the hazard of ending"),
    ("understanding", "0-1"),
    ("affection", "0-1"),
    ("demand", "chance of a request per contact"),
    ("alter_load", "responsibilities of their own, 0-1"),
    ("disclosable", "factor on disclosure: intrusiveness, secrets"),
    ("salience", "uniform; the persistent propensity to be named"),
    ("care_duty", "0/1"),
    ("willingness", "factor on trust gain: weariness of new workers"),
    ("f_emotional", "0/1: can give it"),
    ("f_practical", "0/1: can give it"),
    ("f_illness", "0/1: can give it"),
    ("f_advocacy", "0/1: can give it"),
    ("f_distraction", "0/1: can give it"),
    ("human", "0/1"),
    ("kinship", "1 for partner and kin"),
    ("sociable", "1 for groups and hobbies, which beget weak ties"),
    # parameters of the group, refreshed when a shock starts or ends
    ("contact_rate", "chance a week"),
    ("end_rate", "1/year, strength included"),
    ("episode_effect", "log hazard ratio"),
    ("upkeep", "effort units a week"),
    ("obligation", "0-1"),
    ("withdrawal", "share of contact lost"),
    ("ask_rate", "asks a week per unit of need"),
    ("offer_rate", "offers a week per unit of what is seen"),
    ("presence", "help per contact"),
    ("reciprocity", "0-1"),
    ("dormancy_rate", "1/year"),
    ("floor", "disclosure whatever the trust, 0-1"),
    ("guilt_weight", "0-1"),
    ("daring", "1 / weeks until the ego dares to disclose"),
    ("gain", "trust gained per good contact"),
    ("expectation_speed", "share of the gap a week"),
    ("importance_weight", "weight of anticipated support"),
)
WEEK_COLUMNS: tuple[tuple[str, str], ...] = (
    ("visited", "units of a kept visit this week"),
    ("contacted", "0/1 this week"),
    ("helped", "help this week"),
    ("disclosed", "0/1 this week"),
    ("asked_back", "request of the alter this week, 0/1"),
    ("granted", "request met this week, 0/1"),
)
TIE_COLUMNS = CHANGING_COLUMNS + FIXED_COLUMNS + WEEK_COLUMNS
MARK_COLUMNS: tuple[tuple[str, str], ...] = (
    ("identity", "(birth week + 4096) * 32 + channel; initial ties: ordinal * 32 + group"),
    ("kind", "code of kinds.Kind"),
    ("group", "code of kinds.Group; -1 for a free slot"),
    ("post", "post of a team worker; -1 otherwise"),
    ("incumbent", "number of the worker in that post; -1 otherwise"),
    ("born", "week the tie began; -9999 before the start of the run"),
)


SCRATCH_COLUMNS = ("row", "outside", "asked", "worth", "offered", "u0", "u1", "u2")
"""Room for one week's arithmetic beside what it works on; not part of the state.

Columns take turns: `worth` first holds the uniform that decides on help, then its worth, and `row`
that of giving. From the exchange of words until fates are settled `u2` is the uniform of a tie's
fate. What was asked and offered stays until the end of the week, to be looked at.
"""

LANES = 8
"""Slots in a block."""

# A cache line holds two columns of eight: one that the week writes, and one that the same rule
# reads; then those that it does not. No two that it writes lie side by side: the compiler would
# make one vector of both, wait for both to be in memory, and take it apart for the next rule.
BLOCK = (
    "active", "upkeep", "trust", "gain", "closeness", "affection", "strain", "human",
    "load", "alter_load", "imbalance", "reciprocity", "given", "kinship",
    "anticipated", "expectation_speed", "importance", "importance_weight", "known", "daring",
    "visited", "withdrawal", "contacted", "understanding", "helped", "presence",
    "disclosed", "disclosable", "asked_back", "demand", "granted", "obligation",
    "outside", "contact_rate", "asked", "ask_rate", "offered", "offer_rate",
    "u0", "floor", "u1", "guilt_weight", "u2", "end_rate", "worth", "f_emotional",
    "row", "f_practical", "f_illness", "f_advocacy", "f_distraction", "sociable",
    "episode_effect", "dormancy_rate", "identity", "group",
    "support", "strength", "openness", "salience", "recent", "care_duty", "dormant", "willingness",
    "kind", "post", "incumbent", "born",
)  # fmt: skip
"""The columns of a block of eight slots, in the order in which they lie in memory."""

TIES = np.dtype(
    [(name, I if name in dict(MARK_COLUMNS) else F, (LANES,)) for name in BLOCK], align=True
)

EGO_DRAWS = (
    "death", "discharge", "referral", "change",
    "onset", "severity_1", "severity_2", "severity_3",
    "wellbeing_0", "wellbeing_1", "wellbeing_2", "wellbeing_3",
    "partner", "kin", "friend", "weak",
    "outside", "object", "young", "severity_0",
    "keep", "crisis", "notice", "act",
    "befalls", "what",
)  # fmt: skip
"""Uniforms of an ego's week, four to a stream; two of events of life."""

SIDE_BY_SIDE = (
    "on_caseload", "usual_interval", "weeks_since_kept", "overdue", "worker_trust",
    "treated", "weeks_treated", "bipolar", "weeks_off", "turns",
    "acute", "constricting", "progress", "understood", "duration",
    "weeks_well", "onset_hazard_so_far", "frailty", "risk", "care", "demand", "hazard",
    "upheaval", "warning_left",
    "base_severity", "severity", "peak", "next_severity", "engagement", "happens",
)  # fmt: skip
"""Copies of columns of eight egos, and what is made of them: a week of illness of all eight."""

DRAWS = np.dtype(
    [("address", np.uint32, (LANES,))]
    + [(name, F, (LANES,)) for name in (*EGO_DRAWS, "fates", *SIDE_BY_SIDE)]
)
"""Scratch: the draws of eight egos, made side by side; whether a tie's fate changed; and copies."""

DIARY_COLUMNS = ("booked units", "on leave 0/1", "uniform that rounds the booking limit")
DIARY_WEEKS = 64
BOOKED, LEAVE, ROUNDING = range(3)

LEDGER_COLUMNS = (
    "capacity_gross", "capacity_net", "wanted", "booked", "kept", "missed", "cancelled",
    "postponed", "urgent", "urgent_unmet", "forgone", "displaced", "needed",
)  # fmt: skip
LEDGER = {name: number for number, name in enumerate(LEDGER_COLUMNS)}

WEEKLY_COLUMNS = (
    "wellbeing", "severity", "acute", "guilt", "capacity", "share", "n_partner", "n_kin",
    "n_friend", "n_weak", "n_professional", "n_object", "contacts", "kept", "cancelled", "missed",
)  # fmt: skip

EVENT = np.dtype(
    [
        ("week", I),
        ("ego", I),
        ("event", I),
        ("identity", I),
        ("kind", I),
        ("cause", I),
        ("post", I),
    ],
    align=True,
)


@dataclass(eq=False)
class Team:
    """The state of one team between two weeks.

    Attributes
    ----------
    week : int
        The next week to be lived; the study starts at week 0, the run-in is negative.
    egos, lines, posts, ties, diary, ledger : ndarray
        As the module describes.
    """

    week: int
    egos: np.ndarray
    lines: np.ndarray
    posts: np.ndarray
    ties: np.ndarray
    diary: np.ndarray
    ledger: np.ndarray = field(
        default_factory=lambda: np.zeros((3, len(LEDGER_COLUMNS)), np.float64)
    )

    def copy(self) -> "Team":
        """An independent copy, from which another scenario can go on."""
        arrays = (self.egos, self.lines, self.posts, self.ties, self.diary, self.ledger)
        return Team(self.week, *(_copied(array) for array in arrays))

    @property
    def slots(self) -> int:
        """Slots per ego, S."""
        return self.ties.shape[1] * LANES

    def column(self, name: str) -> np.ndarray:
        """A column of the ties as a table, (E, S)."""
        return self.ties[name].reshape(self.egos.size, self.slots)

    def digest(self) -> str:
        """sha256 of the whole state, the same whatever the number of slots."""
        digest = hashlib.sha256()
        for array in (self.egos, self.lines, self.posts):
            for name in array.dtype.names or ():
                digest.update(np.ascontiguousarray(array[name]).tobytes())
        used = self.column("group") >= 0
        for name, *_ in TIE_COLUMNS + MARK_COLUMNS:
            digest.update(self.column(name)[used].tobytes())
        for row in used:
            digest.update(np.flatnonzero(row).astype(np.int32).tobytes())
        digest.update(self.diary.tobytes())
        digest.update(self.ledger.tobytes())
        return digest.hexdigest()


def _copied(array: np.ndarray) -> np.ndarray:
    """A copy, byte by byte: NumPy copies records column by column, four times as slowly."""
    fresh = aligned_empty(array.shape, array.dtype)
    fresh.reshape(-1).view(np.uint8)[:] = array.reshape(-1).view(np.uint8)
    return fresh


def free_blocks(n_egos: int, slots: int) -> np.ndarray:
    """Ties of egos who have none: all slots free."""
    free = np.zeros(1, TIES)
    for name, _ in MARK_COLUMNS:
        free[name] = -1
    ties = aligned_empty((n_egos, slots // LANES), TIES)
    ties.view(np.uint8).reshape(*ties.shape, TIES.itemsize)[:] = free.view(np.uint8)
    return ties


def empty_team(week: int, n_egos: int, n_posts: int, slots: int) -> Team:
    """A team with nobody in it yet, all slots free."""
    return Team(
        week,
        np.zeros(n_egos, EGO),
        np.zeros((n_egos, 3), LINE),
        np.zeros(n_posts, POST),
        free_blocks(n_egos, slots),
        np.zeros((len(DIARY_COLUMNS), n_posts, DIARY_WEEKS), np.float32),
    )
