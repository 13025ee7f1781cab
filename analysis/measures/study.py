"""What a bundle says of its study: who took part, the maps, retention, and the fate of ties.

The functions take tables by column name (pandas DataFrames, pyarrow Tables or dicts of arrays),
need neither pandas nor matplotlib, and return rows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt
from typing import Any, NamedTuple, Protocol

import numpy as np

from analysis.measures.founding_paper import founding_paper
from sim.data import codebook
from sim.world.kinds import TIE_CLASSES, WEEKS_A_YEAR

__all__ = [
    "CLASSES",
    "Z_95",
    "Change",
    "FlowRow",
    "Loss",
    "TableOneRow",
    "Visit",
    "changes_on_map",
    "code_labels",
    "fewer_than_wanted",
    "flow_of_people",
    "listed",
    "map_sizes",
    "members_by_class",
    "months_of_waves",
    "retention",
    "table_one",
    "ties_lost",
    "weeks_followed",
    "wilson",
]

CLASSES = ("partner", "other_kin", "friend", "professional", "object")
"""Groups of network members as Table 1 of the founding paper counts them."""

Z_95 = 1.959964


class Columns(Protocol):
    """A table whose columns are found by name."""

    def __getitem__(self, name: str) -> Any:
        """One column, all of whose values numpy can take."""


class TableOneRow(NamedTuple):
    """One line of Table 1.

    `n` and `paper_n` are people or members in all; `mean` and `paper_mean` are per
    participant (a share, for people). `source` is the id of the published figure.
    """

    part: str
    label: str
    n: int
    mean: float
    paper_n: int
    paper_mean: float
    source: str


class Visit(NamedTuple):
    """One wave: interviewed of those enrolled, 95 % Wilson interval, and why the rest were missed.

    `paper_share` is the founding paper's share at that wave, nan where it has none.
    """

    wave: int
    enrolled: int
    interviewed: int
    share: float
    low: float
    high: float
    reasons: dict[str, int]
    paper_share: float


class Loss(NamedTuple):
    """True ties of one class alive at each ego's baseline, and ended `weeks` after, by cause."""

    tie_class: str
    weeks: int
    alive: int
    ended: int
    share: float
    causes: dict[str, int]
    begun: int


class Change(NamedTuple):
    """Members of one class on two successive maps of the same people."""

    from_wave: int
    to_wave: int
    tie_class: str
    kept: int
    gone: int
    new: int


class FlowRow(NamedTuple):
    """People who reached a stage, those lost at it, and the reasons; wave 0 stands for none."""

    stage: str
    wave: int
    reached: int
    lost: int
    reasons: dict[str, int]
    by_arm: dict[str, int]


def texts(table: Columns, name: str) -> np.ndarray:
    """One column as text, "" where a value is missing."""
    return np.array([one if isinstance(one, str) else "" for one in listed(table[name])], object)


def numbers(table: Columns, name: str) -> np.ndarray:
    """One column as floats, nan where a value is missing."""
    return np.array([np.nan if one is None else one for one in listed(table[name])], np.float64)


def listed(column: Any) -> list[Any]:
    """Values of a column one by one; an Arrow column would load pandas to become an array."""
    return column.to_pylist() if hasattr(column, "to_pylist") else np.asarray(column).tolist()


def code_labels(table: str, column: str) -> dict[str, str]:
    """What the codes of a column of the codebook stand for."""
    return {str(code): label for code, label in codebook.table(table).column(column).values.items()}


def wilson(successes: float, n: float) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927, doi 10.1080/01621459.1927.10502953).

    (0, 1) when nobody was asked.
    """
    if n == 0:
        return 0.0, 1.0
    share, z2 = successes / n, Z_95 * Z_95
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(centre - half, 0.0), min(centre + half, 1.0)


def map_sizes(egos: Columns, wave: int = 1) -> np.ndarray:
    """Members on the map of each person interviewed at a wave, as integers."""
    return numbers(egos, "n_alters")[numbers(egos, "wave") == wave].astype(int)


def members_by_class(alters: Columns, wave: int = 1) -> dict[str, int]:
    """Members on all maps of a wave, counted by `CLASSES`."""
    at = numbers(alters, "wave") == wave
    classes, kinds = texts(alters, "tie_class")[at], texts(alters, "tie_kind")[at]
    found = Counter(classes.tolist())
    partners = int((kinds == "partner").sum())
    found |= {"partner": partners, "other_kin": found["kin"] - partners}
    return {one: found[one] for one in CLASSES}


def table_one(persons: Columns, alters: Columns) -> list[TableOneRow]:
    """Table 1 of the simulated study beside that of the founding paper.

    Returns
    -------
    list of TableOneRow
        Part "people", then part "members" at the first wave, the total first.
    """
    paper, n = founding_paper(), len(texts(persons, "ego_pid"))
    counts = {
        "male": int((texts(persons, "sex") == "male").sum()),
        "partner": int((numbers(persons, "has_partner") == 1).sum()),
        "non_white": int((texts(persons, "ethnicity") == "non_white").sum()),
    }
    members = members_by_class(alters)
    members = {"all": sum(members.values()), **members}
    rows = []
    for part, found, printed in (
        ("people", counts, paper.people),
        ("members", members, paper.members),
    ):
        for key, count in found.items():
            known = printed[key]
            paper_mean = known.count / paper.participants.count
            mean = count / n if n else float("nan")
            rows.append(
                TableOneRow(part, known.label, count, mean, known.count, paper_mean, known.source)
            )
    return rows


def retention(attrition: Columns) -> list[Visit]:
    """Who was interviewed at each wave, of all who enrolled."""
    paper = founding_paper()
    waves, reasons = numbers(attrition, "wave"), texts(attrition, "reason")
    attended = numbers(attrition, "attended") == 1
    rows = []
    for wave in np.unique(waves).astype(int).tolist():
        at = waves == wave
        enrolled, seen = int(at.sum()), int((at & attended).sum())
        missed = Counter(reasons[at & ~attended].tolist())
        printed = paper.interviewed.get(wave)
        paper_share = printed.count / paper.participants.count if printed else float("nan")
        interval = wilson(seen, enrolled)
        share = seen / enrolled
        rows.append(
            Visit(wave, enrolled, seen, share, *interval, dict(missed.most_common()), paper_share)
        )
    return rows


def ties_lost(ties: Columns, weeks: int = WEEKS_A_YEAR) -> list[Loss]:
    """What truly happened to ties in the weeks after each ego's baseline, by class and cause.

    Parameters
    ----------
    ties
        The table truth/ties. Ties of people who left the study count too: truth goes on.
    weeks
        How far to look. A tie alive at baseline began before week 0 or in it and had not ended.
    """
    classes, causes = texts(ties, "tie_class"), texts(ties, "end_cause")
    began, ended = numbers(ties, "began_week"), numbers(ties, "ended_week")
    alive = (began <= 0) & ~(ended <= 0)
    gone = alive & (ended <= weeks)
    born = (began > 0) & (began <= weeks)
    rows = []
    for one in TIE_CLASSES:
        of = classes == one
        n, lost = int((of & alive).sum()), int((of & gone).sum())
        by_cause = dict(Counter(causes[of & gone].tolist()).most_common())
        share = lost / n if n else float("nan")
        rows.append(Loss(one, weeks, n, lost, share, by_cause, int((of & born).sum())))
    return rows


def weeks_followed(estimands: Columns) -> int:
    """Weeks from baseline for which the summary follows ties: to the last wave, at most a year.

    Parameters
    ----------
    estimands
        The table truth/estimands, which then has the same share as `ties_lost`, as `ties_ended`.
    """
    weeks = numbers(estimands, "week")[texts(estimands, "estimand") == "ties_ended"]
    return int(weeks[weeks <= WEEKS_A_YEAR].max(initial=0))


def changes_on_map(egos: Columns, alters: Columns) -> list[Change]:
    """Members kept, gone and new between the successive interviews of the same people.

    A missed wave is bridged: the interview before it is compared with the one after, and counts
    under the wave of the later one.
    """
    members: dict[tuple[str, int], dict[str, str]] = {
        (person, int(wave)): {}
        for person, wave in zip(texts(egos, "ego_pid"), numbers(egos, "wave"), strict=True)
    }
    listed = zip(
        texts(alters, "ego_pid"),
        numbers(alters, "wave"),
        texts(alters, "alter_id"),
        texts(alters, "tie_class"),
        strict=True,
    )
    for person, wave, alter, tie_class in listed:
        members[person, int(wave)][alter] = tie_class
    total: Counter[tuple[int, int, str, str]] = Counter()
    for (person, before), (same, after) in pairwise(sorted(members)):
        if person == same:
            first, second = members[person, before], members[person, after]
            for alter, tie_class in (first | second).items():
                what = "kept" if alter in first and alter in second else "gone"
                what = "new" if alter not in first else what
                total[before, after, tie_class, what] += 1
    steps = sorted({key[:2] for key in total}, key=lambda step: (step[1], step[0]))
    return [
        Change(*step, one, *(total[*step, one, what] for what in ("kept", "gone", "new")))
        for step in steps
        for one in TIE_CLASSES
    ]


def flow_of_people(flow: Columns) -> list[FlowRow]:
    """The study's ledger of people, stage by stage, sites summed, in the order of the table."""
    waves = np.nan_to_num(numbers(flow, "wave"), nan=0.0)
    waves = np.where(waves < 0, 0, waves).astype(int)
    stages, arms = texts(flow, "stage"), texts(flow, "arm")
    outcomes, reasons = texts(flow, "outcome"), texts(flow, "reason")
    people = numbers(flow, "n_people").astype(int)
    rows = []
    for stage, wave in dict.fromkeys(zip(stages.tolist(), waves.tolist(), strict=True)):
        at = (stages == stage) & (waves == wave)
        reached, lost = at & (outcomes == "reached"), at & (outcomes == "lost")
        by_reason: Counter[str] = Counter()
        for reason, n in zip(reasons[lost].tolist(), people[lost].tolist(), strict=True):
            by_reason[reason] += n
        by_arm: Counter[str] = Counter()
        for arm, n in zip(arms[reached].tolist(), people[reached].tolist(), strict=True):
            if arm:
                by_arm[arm] += n
        by_reason = Counter({reason: n for reason, n in by_reason.items() if n})
        rows.append(
            FlowRow(
                stage,
                wave,
                int(people[reached].sum()),
                int(people[lost].sum()),
                dict(by_reason.most_common()),
                dict(sorted(by_arm.items())),
            )
        )
    return rows


def fewer_than_wanted(flow: Sequence[FlowRow], manifest: Mapping[str, Any]) -> str:
    """That a study has fewer people than its file wants, in a sentence; "" if it has them all.

    Parameters
    ----------
    flow
        From `flow_of_people`.
    manifest
        Of the bundle; of one that does not say what the study wants nothing is said.
    """
    recruitment = manifest.get("study", {}).get("resolved", {}).get("recruitment", {})
    wanted = recruitment.get("n", 0)
    enrolled = next((one.reached for one in flow if one.stage == "consented"), 0)
    if enrolled >= wanted:
        return ""
    return (
        f"{enrolled} of the {wanted} people wanted take part: of those who could be asked, no more "
        "were eligible and consented."
    )


def months_of_waves(egos: Columns) -> dict[int, int]:
    """Months since baseline at which each wave is due, by wave."""
    waves, months = (numbers(egos, name).astype(int).tolist() for name in ("wave", "month_target"))
    return dict(sorted(zip(waves, months, strict=True)))
