"""The whole of the protocol texts, as sections and as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from analysis.pages.blocks import Section, as_markdown
from analysis.pages.ethics import ethics
from analysis.pages.references import References
from analysis.pages.render import text
from analysis.planning.found import PlanResult
from analysis.planning.report.protocol.difference import target_difference
from analysis.planning.report.protocol.facts import Facts, facts_of
from analysis.planning.report.protocol.honesty import honesty
from analysis.planning.report.protocol.participants import expected_flow
from analysis.planning.report.protocol.programs import model_to_run
from analysis.planning.report.protocol.sample_size import sample_size
from analysis.planning.report.protocol.sensitivity import if_assumptions_are_off
from analysis.planning.report.protocol.simulation import simulation_study
from analysis.planning.report.protocol.written import written
from analysis.planning.validity.words import barred_in_words
from analysis.trials.flow import Flow
from sim.study.spec import Study

__all__ = ["Protocol", "Strand", "protocol_of"]

HEAD = "planning/report/protocol/head.md.j2"

Strand = Callable[[References], Section]
"""Writes the section of another strand of the study, citing from the document's references."""


class Protocol(NamedTuple):
    """Texts for the protocol of one study.

    Attributes
    ----------
    study : Study
    sections : tuple of Section
    flow : Flow or None
        What the picture of participants shows; None of a number that is not to be used.
    unit : str
        What clusters are called.
    """

    study: Study
    sections: tuple[Section, ...]
    flow: Flow | None
    unit: str

    @property
    def markdown(self) -> str:
        """The sections under the study's title."""
        head = text(HEAD, {"study": self.study})
        return f"{head}\n\n{as_markdown(self.sections)}\n"


def protocol_of(result: PlanResult, more: Sequence[Strand] = ()) -> Protocol:
    """Every section that the plan has something to say for.

    Parameters
    ----------
    result
        Of one number of people.
    more
        Other strands of the same study, such as its saturation; they stand before the simulation
        study.

    Raises
    ------
    sim.errors.InputError
        If the plan is about several numbers of people.
    """
    facts = facts_of(result)
    if result.is_barred:
        refused = written("refused", facts, barred=barred_in_words(result))
        return _told(facts, [refused, *_strands(facts, more)], None)
    sections = [
        sample_size(facts), target_difference(facts), if_assumptions_are_off(facts),
        expected_flow(facts), *_strands(facts, more),
        model_to_run(facts), simulation_study(facts), honesty(facts), ethics(facts.in_world),
    ]  # fmt: skip
    return _told(facts, sections, facts.flow)


def _told(facts: Facts, sections: Sequence[Section | None], flow: Flow | None) -> Protocol:
    """The sections there are, and what they cite."""
    all_told = [*sections, facts.references.section()]
    there = tuple(one for one in all_told if one is not None)
    return Protocol(facts.study, there, flow, facts.unit)


def _strands(facts: Facts, more: Sequence[Strand]) -> list[Section]:
    """Their sections; where a strand of the study is not at hand, what writes it."""
    found = [one(facts.references) for one in more]
    told = written("saturation", facts) if "saturation" in facts.study.asked else None
    if told is not None and told.title not in [one.title for one in found]:
        found.append(told)
    return found
