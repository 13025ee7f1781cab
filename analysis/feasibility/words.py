"""Feasibility in words, the answer first."""

from __future__ import annotations

from analysis.feasibility.result import CriterionAt, FeasibilityResult
from analysis.pages.render import text

__all__ = ["chance_in_words", "feasibility_in_words", "feasibility_markdown"]


def feasibility_markdown(result: FeasibilityResult) -> str:
    """The section of a protocol."""
    return text("feasibility/feasibility.md.j2", _facts(result)) + "\n"


def feasibility_in_words(result: FeasibilityResult) -> str:
    """The whole of it as plain text, with a table of sizes."""
    said = text("feasibility/feasibility.md.j2", _facts(result)).split("\n\n")[1:]
    return "\n\n".join(
        [result.study.title, *said, _table(result), "By exact formulas: nothing was simulated."]
    )


def chance_in_words(result: FeasibilityResult) -> str:
    """The first sentences."""
    return text("feasibility/feasibility.md.j2", _facts(result)).split("\n\n")[1]


def _facts(result: FeasibilityResult) -> dict[str, object]:
    return {
        "own": result.own,
        "asked": result.asked,
        "level": result.asked.level,
        "criteria": list(zip(result.own.criteria, result.needed, strict=True)),
        "worst": max(result.own.criteria, key=_misleads),
    }


def _misleads(one: CriterionAt) -> float:
    return max(one.errors)


def _table(result: FeasibilityResult) -> str:
    head = f"{'people':>8}  {'go':>5}  {'amber':>5}  {'stop':>5}  {'worst wrong go':>15}  "
    lines = [head + f"{'SD seen, times the true':>25}"]
    for one in result.sizes:
        wrong = max(each.errors.wrong_go for each in one.criteria)
        sd = f"{one.sd.low:.2f} to {one.sd.high:.2f}" if one.sd else ""
        go, amber, stop = one.together
        shares = f"{go:>5.2f}  {amber:>5.2f}  {stop:>5.2f}  {wrong:>15.2f}"
        lines.append(f"{one.n:>8}  {shares}  {sd:>25}".rstrip())
    return "\n".join(lines)
