"""My service: about ten local counts become a baseline world, with a check of what it hits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.compare.service import SERVICE_COUNTS, WITHIN, ServiceCounts, fitted_service
from egocohort.study_files.in_turn import answered_in_turn
from egocohort.study_files.questions import Answer, Interviewer, Proposal, StudyQuestion
from egocohort.study_files.written import AnsweredFile, free_toml, id_from
from sim.errors import typed
from sim.files.whole import write_whole
from sim.world.kinds import ROLES
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario, parse_scenario, read_scenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.side_by_side import Progress

__all__ = ["SERVICE_QUESTIONS", "NewService", "write_service"]

REPLICATES = 40
FULL_TIME = {"psychiatrist": 1.4, "cpn": 5.0, "care_coordinator": 1.6, "support_worker": 1.6}
PROPOSED = {
    **FULL_TIME, "caseload": 265.0, "vacancies": 6.0, "missed": 14.0, "visits": 4500.0,
    "admissions": 38.0, "bed_days": 2200.0,
}  # fmt: skip
"""What usual care has, about, at the end of a year: for who does not know a count of their own."""
OF_PEOPLE = ("visits", "admissions", "bed_days")
"""What more people have more of: proposed for the caseload that is given."""
UNITS = {
    "caseload": "people", "vacancies": "% of time", "missed": "% of visits", "visits": "a year",
    "admissions": "a year", "bed_days": "a year",
}  # fmt: skip
MOST_TIME, WEEKS = 40.0, 52
SURE = 2
"""Monte Carlo standard errors beyond a tenth from which on a count is not as asked."""

SERVICE_QUESTIONS = (
    *(
        StudyQuestion(role, f"Full-time equivalents of {role.replace('_', ' ')}s in one team?",
                      float, 0, MOST_TIME)
        for role in ROLES
    ),
    StudyQuestion("caseload", "People on the caseload of one team?", float, 20, 2000),
    StudyQuestion("vacancies", "% of staff time that is vacant?", float, 0.5, 40),
    StudyQuestion("missed", "% of visits that people miss?", float, 1, 60),
    StudyQuestion("visits", "Visits kept in a year, of one team?", float, 50, 100_000),
    StudyQuestion("admissions", "Admissions in a year, of one team's people?", float, 1, 5000),
    StudyQuestion("bed_days", "Days in hospital in a year, of one team's people?", float, 10, 1e6),
)  # fmt: skip


@dataclass(frozen=True)
class NewService(AnsweredFile):
    """A baseline world that was written, beside the counts it was asked for.

    Attributes
    ----------
    scenario : sim.world.scenario.Scenario
        As it is read.
    counts : analysis.compare.service.ServiceCounts
        What one team of it counts in a year.
    """

    scenario: Scenario
    counts: ServiceCounts

    @property
    def next(self) -> str:
        """How to cut it."""
        return typed("egocohort", "new", "my-cut.toml", "--scenario", "--base", self.path)

    @property
    def title(self) -> str:
        """Which file it is."""
        return f"The service of {self.path.as_posix()}"

    @property
    def _rows(self) -> list[dict[str, Any]]:
        rows = []
        for name in SERVICE_COUNTS:
            asked, world = float(self.answers[name].value), self.counts.value[name]
            mcse = self.counts.mcse[name]
            rows.append({
                "count": name, "unit": UNITS[name], "asked": asked, "world": world,
                "mcse": mcse, "within": _within(world - asked, WITHIN * asked, mcse),
            })  # fmt: skip
        return rows

    @property
    def headline(self) -> str:
        """Which counts the world has, and which it cannot have."""
        off = [row["count"].replace("_", " ") for row in self._rows if row["within"] == "no"]
        if not off:
            return f"No count is clearly more than {100 * WITHIN:.0f} % off what was asked."
        return (
            f"Clearly not within {100 * WITHIN:.0f} % of what was asked: {', '.join(off)}. "
            "What it says of these is not of your service."
        )

    def summary(self) -> str:
        """The table of counts, what was turned, and how to cut it."""
        from egocohort.terminal.output import columns

        cells = [
            (f"  {row['count'].replace('_', ' ')}", f"{row['asked']:g}", f"{row['world']:.4g}",
             f"{row['mcse']:.2g}" if isfinite(row["mcse"]) else "",
             row["within"], row["unit"])
            for row in self._rows
        ]  # fmt: skip
        table = columns([("", "asked", "world", "MCSE", "within", ""), *cells], right=(1, 2, 3))
        return "\n".join([
            f"Written: {self.path}", table, self.headline,
            f"Next:    {self.next}",
        ])  # fmt: skip

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`counts` (asked and found) and `answers` (with where each comes from)."""
        import pandas as pd

        return {"counts": pd.DataFrame(self._rows), **super().tables}

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data."""
        from egocohort.results.plain import finite

        found: dict[str, Any] = finite({
            "synthetic": True, "file": str(self.path), "scenario": self.scenario.id,
            "answers": self._said,
            "counts": self._rows, "parameters": self.scenario.parameters,
        })  # fmt: skip
        return found


def write_service(
    path: str | Path,
    given: Mapping[str, Any],
    *,
    seed: int = 1,
    replicates: int = REPLICATES,
    threads: int = 1,
    force: bool = False,
    ask: Interviewer | None = None,
    progress: Progress | None = None,
) -> NewService:
    """Ask what is not given, fit, and write; see `egocohort.api.policy.new_service`."""
    file = free_toml(path, "scenario", force=force)
    answers = answered_in_turn(SERVICE_QUESTIONS, _proposal, given, ask)
    counts = {name: float(one.value) for name, one in answers.items()}
    begun = _begun(id_from(file), counts, str(file))
    asked = {name: counts[name] for name in SERVICE_COUNTS}
    scenario, found = fitted_service(
        begun, asked, replicates=replicates, seed=seed, threads=threads, progress=progress
    )
    text = _text(scenario)
    write_whole(file, text.encode())
    return NewService(file, text, answers, scenario, found)


def _proposal(name: str, answers: Mapping[str, Answer]) -> Proposal:
    about = "about what usual care has"
    if name in OF_PEOPLE:
        people = float(answers["caseload"].value)
        share = people / PROPOSED["caseload"]
        return Proposal(round(PROPOSED[name] * share), "assumed", f"{about} for {people:g} people")
    return Proposal(PROPOSED[name], "assumed", about)


def _begun(name: str, counts: Mapping[str, float], where: str) -> Scenario:
    """The world with what can be set at once: staff, caseload, vacancies, visits missed."""
    known = catalogue()
    usual = read_scenario("usual-care")
    staff = {role: {"fte": _posts(counts[role])} for role in ROLES}
    vacant, leaving = counts["vacancies"] / 100, known["service.leaving"].value
    empty = WEEKS * vacant / (leaving * (1 - vacant))
    gap = known["service.vacancy_weeks"]
    parameters = {
        "service.vacancy_weeks": round(min(max(empty, gap.low), gap.high), 2),
        "service.missed": min(max(counts["missed"] / 100, known["service.missed"].low),
                              known["service.missed"].high),
    }  # fmt: skip
    world = usual.world.model_dump(mode="json") | {
        "egos_per_team": round(
            counts["caseload"] * usual.world.egos_per_team / PROPOSED["caseload"]
        ),
        "staff": staff,
    }
    return parse_scenario(
        {"id": name, "title": f"The service of {name}", "world": world, "parameters": parameters},
        where,
    )


def _within(off: float, reach: float, mcse: float) -> str:
    """Whether a count is as asked: `yes`, `no`, or `not clear` from so few teams."""
    if abs(off) <= reach:
        return "yes"
    return "no" if abs(off) > reach + SURE * mcse else "not clear"


def _posts(time: float) -> list[float]:
    """Full posts, and one part-time for the rest."""
    n = ceil(round(time, 6))
    whole = [1.0] * (n - 1)
    return [*whole, round(time - len(whole), 4)] if n else []


def _text(scenario: Scenario) -> str:
    note = (
        "# A baseline world made from local counts: compare scenarios that extend it with it.\n"
        "# [parameters] are fitted to the counts; every other parameter is that of usual care.\n\n"
    )
    return note + scenario.to_toml()
