"""A simulated study on one screen, as text and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures.maps import CLASS_LABELS, SYNTHETIC_NOTE
from analysis.measures import study as measures
from analysis.measures.founding_paper import founding_paper
from egocohort.terminal.output import columns

if TYPE_CHECKING:
    from egocohort.results.simulation import Simulation

__all__ = ["as_data", "as_text"]


def as_data(simulation: Simulation) -> dict[str, Any]:
    """The summary as plain data: flow, table_one, retention, ties_lost."""
    found: dict[str, Sequence[Any]] = {
        "flow": measures.flow_of_people(simulation.arrow("flow")),
        "table_one": measures.table_one(simulation.arrow("persons"), simulation.arrow("alters")),
        "retention": measures.retention(simulation.arrow("attrition")),
        "ties_lost": simulation.losses(),
    }
    return {name: [row._asdict() for row in rows] for name, rows in found.items()}


def as_text(simulation: Simulation) -> str:
    """The summary for people: who took part, the maps, retention, ties lost."""
    replicate = "" if simulation.replicate is None else f", replicate {simulation.replicate}"
    weeks = measures.weeks_followed(simulation.arrow("egos"))
    parts = [
        f"{simulation.study} in {simulation.scenario}, seed {simulation.seed}{replicate}\n"
        f"{SYNTHETIC_NOTE}",
        f"Who took part\n{_people(simulation)}",
        f"The first maps, members per person\n{_maps(simulation)}",
        f"Ties alive at baseline that ended within {weeks} weeks (truth)\n{_ties(simulation)}",
    ]
    return "\n\n".join(parts)


def _people(simulation: Simulation) -> str:
    rows = []
    reasons = measures.code_labels("flow", "reason")
    for one in measures.flow_of_people(simulation.arrow("flow")):
        name = f"{one.stage}, wave {one.wave}" if one.wave else one.stage
        arms = ", ".join(f"{arm} {n}" for arm, n in one.by_arm.items())
        why = ", ".join(f"{reasons.get(reason, reason)} {n}" for reason, n in one.reasons.items())
        lost = f"lost {one.lost}" + (f": {why}" if why else "") if one.lost else ""
        rows.append((name, str(one.reached), "; ".join(filter(None, (arms, lost)))))
    return columns(rows, right=(1,))


def _maps(simulation: Simulation) -> str:
    rows = [("", "simulated", "founding paper")]
    for one in measures.table_one(simulation.arrow("persons"), simulation.arrow("alters")):
        if one.part == "members":
            rows.append((one.label, f"{one.mean:.2f}", f"{one.paper_mean:.2f}"))
    sizes = measures.map_sizes(simulation.arrow("egos"))
    paper = founding_paper().size
    simulated = f"{sizes.min()} to {sizes.max()}" if sizes.size else "none"
    printed = f"{paper['smallest'].count} to {paper['largest'].count}"
    rows.insert(2, ("smallest and largest map", simulated, printed))
    return columns(rows, right=(1, 2))


def _ties(simulation: Simulation) -> str:
    causes = measures.code_labels("truth/ties", "end_cause")
    rows = []
    for one in simulation.losses():
        share = f"{one.share:.0%}" if one.alive else "none"
        why = ", ".join(f"{causes.get(cause, cause)} {n}" for cause, n in one.causes.items())
        rows.append((CLASS_LABELS[one.tie_class], share, f"{one.ended} of {one.alive}", why))
    return columns(rows, right=(1, 2))
