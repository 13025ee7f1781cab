"""A simulated study on one screen, as text and as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures.maps import CLASS_LABELS, SYNTHETIC_NOTE
from analysis.measures import study as measures
from analysis.measures.founding_paper import founding_paper
from egocohort.terminal.output import columns

if TYPE_CHECKING:
    from egocohort.results.bundle_content import StudyTables

__all__ = ["as_text", "measured", "true_losses"]


def true_losses(study: StudyTables) -> list[measures.Loss]:
    """Count the true ties lost up to the last wave, or for a year where the study is longer."""
    return measures.ties_lost(
        study.arrow("truth/ties"), measures.weeks_followed(study.arrow("truth/estimands"))
    )


def measured(study: StudyTables) -> dict[str, Any]:
    """The measures as plain data: flow, table_one, retention, ties_lost."""
    found: dict[str, Sequence[Any]] = {
        "flow": measures.flow_of_people(study.arrow("flow")),
        "table_one": measures.table_one(study.arrow("persons"), study.arrow("alters")),
        "retention": measures.retention(study.arrow("attrition")),
        "ties_lost": true_losses(study),
    }
    return {name: [row._asdict() for row in rows] for name, rows in found.items()}


def as_text(title: str, study: StudyTables, manifest: Mapping[str, Any]) -> str:
    """The summary for people: who took part, the maps, retention, ties lost."""
    weeks = measures.weeks_followed(study.arrow("truth/estimands"))
    parts = [
        f"{title}\n{SYNTHETIC_NOTE}",
        f"Who took part\n{_people(study, manifest)}",
        f"The first maps, members per person\n{_maps(study)}",
        f"Ties alive at baseline that ended within {weeks} weeks (ties_ended in truth/estimands)\n"
        f"{_ties(study)}",
    ]
    return "\n\n".join(parts)


def _people(study: StudyTables, manifest: Mapping[str, Any]) -> str:
    rows = []
    reasons = measures.code_labels("flow", "reason")
    flow = measures.flow_of_people(study.arrow("flow"))
    for one in flow:
        name = f"{one.stage}, wave {one.wave}" if one.wave else one.stage
        arms = ", ".join(f"{arm} {n}" for arm, n in one.by_arm.items())
        why = ", ".join(f"{reasons.get(reason, reason)} {n}" for reason, n in one.reasons.items())
        lost = f"lost {one.lost}" + (f": {why}" if why else "") if one.lost else ""
        rows.append((name, str(one.reached), "; ".join(filter(None, (arms, lost)))))
    short = measures.fewer_than_wanted(flow, manifest)
    return "\n".join(filter(None, (short, columns(rows, right=(1,)))))


def _maps(study: StudyTables) -> str:
    rows = [("", "simulated", "founding paper")]
    for one in measures.table_one(study.arrow("persons"), study.arrow("alters")):
        if one.part == "members":
            rows.append((one.label, f"{one.mean:.2f}", f"{one.paper_mean:.2f}"))
    sizes = measures.map_sizes(study.arrow("egos"))
    paper = founding_paper().size
    simulated = f"{sizes.min()} to {sizes.max()}" if sizes.size else "none"
    printed = f"{paper['smallest'].count} to {paper['largest'].count}"
    rows.insert(2, ("smallest and largest map", simulated, printed))
    return columns(rows, right=(1, 2))


def _ties(study: StudyTables) -> str:
    causes = measures.code_labels("truth/ties", "end_cause")
    rows = []
    for one in true_losses(study):
        share = f"{one.share:.0%}" if one.alive else "none"
        why = ", ".join(f"{causes.get(cause, cause)} {n}" for cause, n in one.causes.items())
        rows.append((CLASS_LABELS[one.tie_class], share, f"{one.ended} of {one.alive}", why))
    return columns(rows, right=(1, 2))
