"""The section on saturation of a protocol or report: items 12 and 22 of COREQ."""

from __future__ import annotations

from analysis.pages.blocks import Block, Paragraph, Section, Table, as_markdown
from analysis.pages.ethics import ethics
from analysis.pages.references import References
from analysis.saturation.estimates import Estimate
from analysis.saturation.operating import Operating
from analysis.saturation.result import Needed, SaturationResult
from analysis.saturation.words import coreq
from sim.data.provenance import version

__all__ = ["coreq_markdown", "saturation_section"]


def saturation_section(result: SaturationResult, references: References) -> Section:
    """What was looked for, how many people it takes, when rules would stop, and what it is not."""
    blocks: list[Block] = [
        Paragraph(_codes(result, references), "Codes."),
        Paragraph(_people(result), "Number of participants."),
        *_rules(result, references),
        *_strands(result),
        Paragraph(coreq(result), "For the report."),
        Paragraph(_judgement(references), "What this is not."),
        *(Paragraph(f"{one[0].upper()}{one[1:]}.", "Note.") for one in result.notes),
    ]
    return Section("Saturation", blocks)


def coreq_markdown(result: SaturationResult) -> str:
    """The section as a document of its own, with its references."""
    references = References()
    section = saturation_section(result, references)
    again = Paragraph(
        f"`egocohort saturation` of the study file, with `--seed {result.seed}` and version "
        f"{version()}, makes every figure of this page again."
    )
    sections = [
        section, ethics(result.simulated), Section("To make it again", [again]),
        references.section(),
    ]  # fmt: skip
    return (
        f"# {result.study.title}\n\n"
        "Text for the protocol and the report, made by egocohort from the study file "
        f"`{result.study.id}`. SYNTHETIC: every figure comes from simulated people.\n\n"
        f"{as_markdown(sections)}\n"
    )


def _codes(result: SaturationResult, references: References) -> str:
    stated = sum(row.code.prevalence is not None for row in result.codes)
    lived = len(result.codes) - stated
    parts = []
    if lived:
        parts.append(f"{lived} events and states of simulated lives")
    if stated:
        parts.append(f"{stated} with a prevalence stated in the study file")
    asked = result.asked
    times = "once" if asked.seen_in == 1 else f"in {asked.seen_in} people"
    return (
        f"{len(result.codes)} codes were named in advance: {' and '.join(parts)}. A code that "
        f"applies comes up in an interview and is recognised with chance {asked.detection:g} "
        f"{'unless stated otherwise ' if asked.detection_of else ''}(assumed), and counts as seen "
        f"when it has come up {times}. {result.replicates:,} studies were simulated. Items 12 and "
        f"22 of COREQ {references.cite('coreq2007')} ask for the number of participants and "
        "whether saturation was discussed."
    )


def _people(result: SaturationResult) -> str:
    curve, asked = result.curve, result.asked
    said = []
    for n in result.sizes:
        at = n - 1
        said.append(
            f"{n} participants showed {100 * curve.share[at]:.1f} % of the codes (MCSE "
            f"{100 * curve.share_mcse[at]:.1f}; nine studies of ten between "
            f"{100 * curve.low[at]:.0f} and {100 * curve.high[at]:.0f} %)"
            + (
                f" and every one of the {len(result.frequent)} codes of prevalence "
                f"{asked.prevalence_above:g} or more in {100 * curve.all_seen[at]:.0f} % of "
                f"studies (MCSE {100 * curve.all_mcse[at]:.1f})"
                if result.frequent
                else ""
            )
            + "."
        )
    most = int(curve.people[-1])
    if result.frequent:
        said.append(
            f"For {100 * asked.chance:g} % of studies to show every such code it takes "
            f"{_needed(result.every_code, most)}."
        )
    said.append(
        f"For {100 * asked.share_wanted:g} % of all codes on average it takes "
        f"{_needed(result.share, most)}."
    )
    return " ".join(said)


def _needed(one: Needed, most: int) -> str:
    if one.n is None:
        return f"more than the {most} people simulated"
    high = f"more than {most}" if one.high is None else f"{one.high}"
    return f"{one.n} people (95 % Monte Carlo interval {one.low} to {high})"


def _rules(result: SaturationResult, references: References) -> list[Block]:
    if not result.rules:
        return []
    wanted = 100 * result.asked.share_wanted
    cite = references.cite("guest2020")
    head = ["rule", "median people (5 to 95 %)", "share of the codes then, % (MCSE)",
            f"stopped below {wanted:g} %, % of studies (MCSE)"]  # fmt: skip
    return [
        Paragraph(
            f"Stopping rules with a base and a run, as Guest, Namey and Chen have them {cite}, "
            f"applied to each of the {result.replicates:,} simulated studies:",
            "When to stop.",
        ),
        Table(head, [_rule(one) for one in result.rules]),
    ]


def _rule(one: Operating) -> list[str]:
    low, middle, high = (f"{n:.0f}" if n < float("inf") else "never" for n in one.people_at)
    return [
        one.rule.name, f"{middle} ({low} to {high})", _percent(one.share),
        _percent(one.too_early),
    ]  # fmt: skip


def _percent(one: Estimate) -> str:
    return f"{100 * one.value:.1f} ({100 * one.mcse:.1f})"


def _strands(result: SaturationResult) -> list[Block]:
    """The number that satisfies the quantitative strand too."""
    if result.plan is None:
        return []
    found = result.plan.found
    if result.for_both is None or found is None or found.answer is None:
        said = "No number of people looked at satisfies the plan and every frequent code."
    else:
        said = (
            f"The plan needs {found.answer:.0f} people ({max(found.low, 0):.0f} to "
            f"{found.high:.0f}, 95 % Monte Carlo interval), the codes {result.every_code.n}: "
            f"{result.for_both} satisfy both."
        )
    return [Paragraph(said, "Both strands.")]


def _judgement(references: References) -> str:
    return (
        "Codes of the simulated world presuppose the themes of the founding paper "
        f"{references.cite('brooks2020')}; they say how soon those would be met again and not "
        "what else there is, and a code once seen is no theme understood. Many qualitative "
        "researchers hold that a number of people fixed beforehand is inherently problematic "
        f"{references.cite('sim2018')}. These figures inform how much recruitment to leave open; "
        "whether the data suffice is for the analysts to judge."
    )
