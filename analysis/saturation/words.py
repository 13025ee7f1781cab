"""Saturation in words: codes, rules, numbers of people, and a sentence for COREQ."""

from __future__ import annotations

import numpy as np

from analysis.saturation.code_table import CodeRow
from analysis.saturation.coreq import coreq
from analysis.saturation.estimates import Estimate
from analysis.saturation.operating import Operating
from analysis.saturation.result import Needed, SaturationResult

__all__ = ["saturation_in_words"]

TOGETHER = 5
TELLING, MATTERS = 2.5, 0.05
"""A difference is shown from so many of its Monte Carlo errors, and this share of a code, on."""


def saturation_in_words(result: SaturationResult) -> str:
    """The whole of it."""
    how = (
        "simulated studies" if result.simulated else "draws of stated prevalences; no world needed"
    )
    parts = [
        result.study.title,
        f"{len(result.codes)} codes, {result.replicates} {how}, seed {result.seed}",
        "", *_numbers(result), "", *_codes(result), *_absent(result), *_together(result),
    ]  # fmt: skip
    if result.rules:
        parts += ["", *_rules(result)]
    parts += ["", "For the report (COREQ items 12 and 22):", f"  {coreq(result)}"]
    if result.notes:
        parts += ["", *(f"Note: {one}." for one in result.notes)]
    return "\n".join(
        [
            *parts, "",
            "Codes of the world presuppose the themes of the founding paper. Whether data suffice "
            "is the analysts' judgement.",
            "Simulated people: this informs a plan and is no evidence.",
        ]
    )  # fmt: skip


def _numbers(result: SaturationResult) -> list[str]:
    asked, most = result.asked, int(result.curve.people[-1])
    lines = []
    if result.frequent:
        lines.append(
            f"{_people(result.every_code, most)} see every one of the {len(result.frequent)} codes "
            f"of prevalence {asked.prevalence_above:g} or more with chance {asked.chance:g} "
            f"({_interval(result.every_code, most)})"
        )
    lines.append(
        f"{_people(result.share, most)} see {100 * asked.share_wanted:g} % of all codes on average "
        f"({_interval(result.share, most)})"
    )
    for n in result.sizes:
        curve, at = result.curve, n - 1
        lines.append(
            f"{n} people see {100 * curve.share[at]:.1f} % of the codes "
            f"(MCSE {100 * curve.share_mcse[at]:.1f}; nine studies of ten between "
            f"{100 * curve.low[at]:.0f} and {100 * curve.high[at]:.0f} %); every frequent one with "
            f"chance {curve.all_seen[at]:.2f} (MCSE {curve.all_mcse[at]:.3f})"
        )
    return lines + _both(result)


def _people(one: Needed, most: int) -> str:
    return f"N = {one.n} people" if one.n is not None else f"N > {most}: more people than simulated"


def _interval(one: Needed, most: int) -> str:
    low, high = (f">{most}" if n is None else str(n) for n in (one.low, one.high))
    exact = f">{most}" if one.exact is None else str(one.exact)
    return (
        f"95 % Monte Carlo interval {low} to {high}; {exact} if people and codes were independent"
    )


def _both(result: SaturationResult) -> list[str]:
    """What satisfies the qualitative strand and the quantitative one."""
    if result.plan is None:
        return []
    found = result.plan.found
    if result.for_both is None or found is None or found.answer is None:
        what = "the plan" if found is None or found.answer is None else "every frequent code"
        return [f"Both strands: no number of people looked at satisfies {what}"]
    return [
        f"Both strands: N = {result.for_both} people; the plan needs {found.answer:.0f} "
        f"({max(found.low, 0):.0f} to {found.high:.0f}), the codes {result.every_code.n}"
    ]


def _codes(result: SaturationResult) -> list[str]:
    width = max(len(row.code.name) for row in result.codes) + 2
    heads = "".join(f"{f'seen at {n} (MCSE)':>22}{'closed form':>13}" for n in result.sizes)
    head = f"{'code':<{width}}{'has it (MCSE)':>16}{'can tell':>10}{'detected':>10}{heads}"
    wanted = f"n for {result.asked.chance:g}"
    lines = [f"{head}{wanted:>12}"]
    for row in sorted(result.codes, key=lambda one: -one.per_person.value):
        lines.append(f"{row.code.name:<{width}}{_code(row)}")
    return [
        *lines,
        "has it: share of the people enrolled; can tell: at an interview that was held; "
        f"n for {result.asked.chance:g}: by the closed form",
    ]


def _code(row: CodeRow) -> str:
    stated = row.code.prevalence
    share = _with_error(row.prevalence) if stated is None else f"{stated:.3f} (stated)"
    line = f"{share:>16}{row.within_reach.value:>10.3f}{row.code.detection:>10.2f}"
    for _, simulated, exact in row.at:
        line += f"{_with_error(simulated):>22}{exact:>13.3f}"
    return line + f"{'never' if row.needed is None else row.needed:>12}"


def _absent(result: SaturationResult) -> list[str]:
    """Codes rarer among those interviewed than among all enrolled, then those more frequent."""
    last = result.study.waves.weeks[-1]
    rows = [
        one
        for one in result.by_wave
        if one.week == last
        and abs(one.difference.value) > TELLING * one.difference.mcse
        and abs(one.difference.value) > MATTERS * one.among_all.value
    ]
    if last == 0 or not rows:
        return []
    rows = sorted(rows, key=lambda one: one.difference.value / max(one.among_all.value, 1e-9))
    lines = [
        "",
        f"Codes and who stays away, week {last}: among all enrolled, among those interviewed",
    ]
    for one in rows:
        lines.append(
            f"  {one.code}: {one.among_all.value:.3f}, {one.among_interviewed.value:.3f} "
            f"(difference {one.difference.value:+.3f}, MCSE {one.difference.mcse:.4f})"
        )
    return lines


def _together(result: SaturationResult) -> list[str]:
    close = [one for one in result.pairs if one.phi != 0][:TOGETHER]
    if not result.simulated or not close:
        return []
    return [
        "", "Go together most (phi; share with both, if independent)",
        *(
            f"  {one.first}, {one.second}: {one.phi:.2f}; {one.both.value:.3f}, "
            f"{one.if_independent:.3f}"
            for one in close
        ),
    ]  # fmt: skip


def _rules(result: SaturationResult) -> list[str]:
    lines = ["Stopping rules (MCSE)"]
    for one in result.rules:
        lines += [f"  {one.rule.name}", *(f"    {line}" for line in _rule(one, result))]
    return lines


def _rule(one: Operating, result: SaturationResult) -> list[str]:
    low, middle, high = (f"{n:.0f}" if np.isfinite(n) else "never" for n in one.people_at)
    lines = [
        f"stops after {one.people.value:.1f} people on average ({one.people.mcse:.2f}); "
        f"median {middle}, nine studies of ten {low} to {high}",
        f"has then seen {100 * one.share.value:.1f} % of the codes ({100 * one.share.mcse:.1f}); "
        f"nine studies of ten {100 * one.share_at[0]:.0f} to {100 * one.share_at[2]:.0f} %",
        f"too early, below {100 * result.asked.share_wanted:g} %: in "
        f"{100 * one.too_early.value:.1f} % of studies ({100 * one.too_early.mcse:.1f})",
        f"its own data would say {100 * one.said_seen.value:.0f} % seen (Chao2), coverage "
        f"{one.said_coverage.value:.3f}",
    ]
    if one.stops.value < 1:
        lines.insert(1, f"never stops in {100 * (1 - one.stops.value):.1f} % of studies")
    return lines


def _with_error(one: Estimate) -> str:
    return f"{one.value:.3f} ({one.mcse:.3f})"
