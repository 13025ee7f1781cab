"""The whole of the protocol texts, as sections and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from analysis.planning.flow import Flow
from analysis.planning.found import PlanResult
from analysis.planning.protocol.blocks import Paragraph, Section, as_markdown
from analysis.planning.protocol.difference import target_difference
from analysis.planning.protocol.facts import Facts, facts_of
from analysis.planning.protocol.participants import expected_flow
from analysis.planning.protocol.sample_size import sample_size
from analysis.planning.protocol.sensitivity import if_assumptions_are_off
from analysis.planning.protocol.simulation import simulation_study
from sim.data.provenance import version
from sim.study.given import GIVEN
from sim.study.spec import Study

__all__ = ["Protocol", "protocol_of"]


class Protocol(NamedTuple):
    """Texts for the protocol of one study.

    Attributes
    ----------
    study : Study
    sections : tuple of Section
    flow : Flow
        What the picture of participants shows.
    unit : str
        What clusters are called.
    """

    study: Study
    sections: tuple[Section, ...]
    flow: Flow
    unit: str

    @property
    def markdown(self) -> str:
        """The sections under the study's title."""
        return (
            f"# {self.study.title}\n\n"
            "Texts for the protocol, made by egocohort from the plan in the study file "
            f"`{self.study.id}`. SYNTHETIC: every figure comes from simulated people.\n\n"
            f"{as_markdown(self.sections)}\n"
        )


def protocol_of(result: PlanResult, more: Sequence[Section] = ()) -> Protocol:
    """Every section that the plan has something to say for.

    Parameters
    ----------
    result
        Of one number of people.
    more
        Sections of other strands of the same study, such as its saturation; they stand before the
        simulation study.

    Raises
    ------
    sim.errors.InputError
        If the plan is about several numbers of people.
    """
    facts = facts_of(result)
    sections = [
        sample_size(facts), target_difference(facts), if_assumptions_are_off(facts),
        expected_flow(facts), *more,
        simulation_study(facts), _honesty(facts), _ethics(), facts.references.section(),
    ]  # fmt: skip
    written = tuple(one for one in sections if one is not None)
    return Protocol(facts.study, written, facts.flow, facts.unit)


def _honesty(facts: Facts) -> Section:
    """Which of the numbers rest on nothing, and what the program itself warns of."""
    given, used = facts.plan.sources, _used(facts)
    bare = [one for one in used if one not in given]
    assumed = [one for one in used if "assumed" in given.get(one, "")]
    said = [
        ("Assumed, whole or in part", assumed), ("Without a source in the study file", bare),
    ]  # fmt: skip
    lines = [
        Paragraph(f"{', '.join(one.replace('_', ' ') for one in names)}.", f"{what}:")
        for what, names in said
        if names
    ]
    found = facts.result.found
    notes = [*facts.result.notes, *(found.notes if found else ())]
    lines += [Paragraph(f"{one[0].upper()}{one[1:]}.", "Note.") for one in notes]
    lines.append(
        Paragraph(
            f"`egocohort plan` of the study file, with `--seed {facts.result.seed}` and version "
            f"{version()}, makes every figure of this page again."
        )
    )
    return Section("What the figures rest on", lines)


def _used(facts: Facts) -> list[str]:
    """The numbers this plan rests on, by the names of `[plan.sources]`."""
    panel, stays = facts.panel, facts.study.participation
    drops = any(min(one) < 1 for one in stays.retention.values())
    depends = drops and any(one != "MCAR" for one in stays.mechanism.values())
    used = {
        "sd": True, "correlation": bool(facts.flow.weeks), "recruitment": True, "retention": True,
        "slope_sd": panel.slope_sd > 0, "trend": any(panel.trend), "effect": bool(panel.effect),
        "icc": bool(panel.clusters), "cluster_size": bool(panel.clusters),
        "mechanism": drops, "odds_ratio": depends,
    }  # fmt: skip
    return [one for one in GIVEN if used.get(one)]


def _ethics() -> Section:
    return Section(
        "For the ethics committee",
        [
            Paragraph(
                "The people behind these figures are simulated by a computer program. Nobody was "
                "approached for them and nobody's data were used. The figures follow from the "
                "assumptions named above; they are no evidence about patients, about services, or "
                "about what the study will find."
            )
        ],
    )
