"""The section on saturation of a protocol or report: items 12 and 22 of COREQ."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.pages.blocks import Section, as_markdown, section_of
from analysis.pages.ethics import ethics
from analysis.pages.references import References
from analysis.pages.render import Filters, text
from analysis.saturation.estimates import Estimate
from analysis.saturation.operating import Operating
from analysis.saturation.result import SaturationResult
from sim.data.provenance import version

__all__ = ["coreq", "coreq_markdown", "saturation_section"]

FILTERS: Filters = {"people": lambda count: f"{count:,}"}
OF_SIZE = ("share", "share_mcse", "low", "high", "all_seen", "all_mcse")
"""Of the curve: what is said of a number of people."""


def saturation_section(result: SaturationResult, references: References) -> Section:
    """What was looked for, how many people it takes, when rules would stop, and what it is not."""
    stated = sum(row.code.prevalence is not None for row in result.codes)
    return section_of(
        _said(
            "coreq",
            result,
            cite=references.cite,
            stated=stated,
            lived=len(result.codes) - stated,
            sizes=[_at(result, n) for n in result.sizes],
            most=int(result.curve.people[-1]),
            lowest=_lowest(result),
            rules=[_rule(one) for one in result.rules],
        )
    )


def coreq(result: SaturationResult) -> str:
    """Two sentences for the items on sample size and saturation of COREQ (Tong et al. 2007)."""
    return _said("for_the_report", result)


def coreq_markdown(result: SaturationResult) -> str:
    """The section as a document of its own, with its references."""
    references = References()
    head = _said("coreq_head", result, study=result.study)
    section = saturation_section(result, references)
    again = section_of(_said("again", result, seed=result.seed, version=version()))
    told = [section, ethics(result.simulated), again, references.section()]
    sections = [one for one in told if one is not None]
    return f"{head}\n\n{as_markdown(sections)}\n"


def _said(template: str, result: SaturationResult, **more: object) -> str:
    """A text of this folder; each may say what `for_the_report` says."""
    known = {"result": result, "first": _at(result, result.sizes[0]), "median": _median(result)}
    return text(f"saturation/{template}.md.j2", known | more, FILTERS)


def _at(result: SaturationResult, n: int) -> Mapping[str, object]:
    """What n people show."""
    return {"n": n, **{name: getattr(result.curve, name)[n - 1] for name in OF_SIZE}}


def _median(result: SaturationResult) -> str | None:
    """People at whom the first rule stops; all simulated where it stops in few studies."""
    if not result.rules:
        return None
    return f"{min(result.rules[0].people_at[1], float(result.curve.people[-1])):.0f}"


def _lowest(result: SaturationResult) -> str | None:
    """The lower end of the interval of the plan's number of people, where it has one."""
    found = result.plan.found if result.plan else None
    return f"{max(found.low, 0):.0f}" if found else None


def _rule(one: Operating) -> list[str]:
    low, middle, high = (f"{n:.0f}" if n < float("inf") else "never" for n in one.people_at)
    return [
        one.rule.name, f"{middle} ({low} to {high})", _percent(one.share),
        _percent(one.too_early),
    ]  # fmt: skip


def _percent(one: Estimate) -> str:
    return f"{100 * one.value:.1f} ({100 * one.mcse:.1f})"
