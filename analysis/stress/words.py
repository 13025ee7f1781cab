"""A stress test in words, the answer first."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import stats

from analysis.pages.render import lines
from analysis.stress.answers import USABLE
from analysis.stress.code import Limits
from analysis.stress.compared import Invariant
from analysis.stress.conditions import BY_ARM, SAME_IN_ARMS
from analysis.stress.criteria import Demand
from analysis.stress.effect_words import planted_in_words
from analysis.stress.ladder_words import cleaning_in_words
from analysis.stress.result import StressResult
from analysis.stress.studies import StressSpec
from analysis.stress.verdicts import LEVEL, LOOKS, Judgement
from sim.errors import counted, typed
from sim.study.frame import people_to_ask
from sim.study.settings import ARM_SETTINGS

__all__ = [
    "BESIDE",
    "LARGE",
    "beside_in_words",
    "caveats",
    "failures_in_words",
    "held",
    "replay_command",
    "sentence",
    "shared_in_words",
    "short_of_people",
    "silent_sentences",
    "stress_answer",
    "stress_in_words",
]

TEMPLATE = "stress/stress.md.j2"
BESIDE = "Beside a right analysis of the same clean studies:"
LOST_COVERAGE = 0.90
MOST_LINES = 12
MOST_STUDIES = 100_000
"""That can be asked for."""
LARGE = 1000
"""Of a demand: what is larger says no more than that."""


def stress_answer(result: StressResult) -> str:
    """The answer in a sentence."""
    return " ".join(lines(TEMPLATE, "answer", _facts(result)))


def silent_sentences(result: StressResult) -> list[str]:
    """What fails without a word, each as a sentence."""
    return [sentence(one, result.spec) for one in result.silent]


def stress_in_words(result: StressResult) -> str:
    """The answer, silent failures, and a table of verdicts."""
    facts = _facts(result)
    parts = [
        stress_answer(result),
        "\n".join(planted_in_words(result)),
        "\n".join(lines(TEMPLATE, "silently", facts)),
        "\n".join(lines(TEMPLATE, "openly", facts)),
        _listed("Where the bias comes from:", result.whence),
        _table(result),
        _listed(BESIDE, beside_in_words(result)),
        _listed("Cleaned tables:", cleaning_in_words(result.cleaning)),
        failures_in_words(result),
        _invariances(result),
        "\n".join(one for macro in ("shared", "notes") for one in lines(TEMPLATE, macro, facts)),
    ]
    return "\n\n".join(one for one in parts if one)


def beside_in_words(result: StressResult) -> list[str]:
    """How wide and how precise each term is, beside a right analysis."""
    same = {one.trial.term for one in result.judged if one.is_same_everywhere}
    return lines(TEMPLATE, "beside", {"compared": result.beside, "same": same})


def caveats(result: StressResult) -> list[str]:
    """What the verdicts rest on and do not say."""
    return lines(TEMPLATE, "notes", _facts(result))


def shared_in_words(result: StressResult) -> list[str]:
    """How many worlds the studies are of, where some share one."""
    return lines(TEMPLATE, "shared", _facts(result))


def _listed(head: str, said: Sequence[str]) -> str:
    return "\n".join([head, *(f"  - {one}" for one in said)]) if said else ""


def sentence(one: Judgement, spec: StressSpec) -> str:
    """What is wrong, of a verdict that fails: what is found where what is true.

    Nothing is said of estimates where nothing is wrong with them.
    """
    trial, mean = one.trial, one.mean_estimate
    what = f"{spec.conditions[trial.condition]}, {trial.term}"
    if math.isnan(mean):
        return f"{what} has no usable answer in any of {counted(one.n, 'study')}"
    said = [_of_estimate(one)] if one.is_of_numbers else []
    coverage = one.of("coverage")
    if coverage is not None and "coverage" in one.broken:
        said.append(f"its interval misses that in {100 * (1 - coverage.value):.0f} % of studies")
    elif "bias" in one.broken and not one.is_same_everywhere:
        said += _later(one, spec)
    told = [name for name in one.broken if name in SAID]
    said += [
        _of_criterion(one, name)
        for name in told
        if name != "standard error" or not one.is_same_everywhere  # there is no spread beside it
    ]
    quiet = ", without a warning" if one.silent else ""
    return f"{what}{'' if one.is_of_numbers else ':'} {', and '.join(said)}{quiet}"


def _of_estimate(one: Judgement) -> str:
    found, true = _pair(one.mean_estimate, one.trial.truth.value)
    if one.is_same_everywhere:
        return f"is {found} in every study, whatever its data ({true} is true)"
    if one.is_biased:
        return f"is {found} on average where {true} is true"
    return f"is {found} on average ({true} is true)"


SAID = {
    "standard error": "its standard error is {value:.2f} times what it should be",
    "type I error": "it finds an effect in {percent:.0f} % of studies where there is none",
    "usable": "it has an answer in {percent:.0f} % of studies only",
    "warned": "it warns in {percent:.0f} % of studies that give no cause for it",
}


def _of_criterion(one: Judgement, name: str) -> str:
    criterion = one.of(name)
    assert criterion is not None  # noqa: S101
    return SAID[name].format(value=criterion.value, percent=100 * criterion.value)


def _later(one: Judgement, spec: StressSpec) -> list[str]:
    """From how many people on the bias brings coverage down."""
    bias = one.of("bias")
    if bias is None or not math.isfinite(bias.value) or bias.value == 0:
        return []
    z = float(stats.norm.ppf(0.975))
    grid = np.linspace(0, 4, 4001)
    covers = stats.norm.cdf(z - grid) - stats.norm.cdf(-z - grid)
    shift = float(grid[np.argmax(covers < LOST_COVERAGE)])
    case = next(each for each in spec.cases if each.condition == one.trial.condition)
    people = math.ceil(case.study.recruitment.n * (shift / abs(bias.value)) ** 2)
    return [
        f"from about {counted(max(people, 2), 'person')} on that bias brings coverage under .90"
    ]


def _pair(found: float, true: float) -> tuple[str, str]:
    """Two numbers with as many decimals as tell them apart."""
    gap = abs(found - true)
    after = 2 if gap == 0 else min(max(2, 1 - math.floor(math.log10(gap))), 5)
    return f"{found:.{after}f}", f"{true:.{after}f}"


def _facts(result: StressResult) -> dict[str, object]:
    open_ = [one for one in result.judged if one.verdict == "fails" and not one.silent]
    first = sorted(result.failed, key=lambda one: not one.silent)
    return {
        "code": result.spec.code.said,
        "must": [one for one in result.judged if one.trial.must],
        "conditions": result.must,
        "failed": [sentence(one, result.spec) for one in first],
        "faults": [one.fault for one in result.invariances if one.holds is False and one.fault],
        "undecided": result.undecided,
        "nearest": _nearest(result),
        "open": list(dict.fromkeys(name for one in result.undecided for name in one.open)),
        "silent": silent_sentences(result),
        "aloud": [sentence(one, result.spec) for one in open_],
        "n": result.replicates,
        "counted_n": counted(result.replicates, "study"),
        "lived": result.worlds,
        "effective": math.floor(result.effective),
        "most": result.most,
        "alike": _same_in_arms(result),
        "short": short_of_people(result.spec),
        "by_arm": BY_ARM,
        "worlds": max((one.replicates for one in result.truths), default=0),
    }


def _nearest(result: StressResult) -> str:
    """The undecided figure that most studies would be needed for, beside the edge of its zone."""
    found = [
        (_studies_that_tell(demand), one, demand)
        for one in result.undecided
        for demand in one.criteria
        if demand.name in one.open and abs(demand.value) < LARGE and demand.mcse > 0
    ]
    if not found:
        return ""
    studies, one, demand = max(found, key=lambda each: each[0])
    many = f"about {studies:,.0f}" if studies <= MOST_STUDIES else f"over {MOST_STUDIES:,}"
    return (
        f"{result.spec.conditions[one.trial.condition]}, {one.trial.term}: {demand.name} is "
        f"{demand.value:.3f} ± {demand.mcse:.3f}, the edge {demand.edge:g}, which it takes {many} "
        "studies to tell apart"
    )


def _studies_that_tell(demand: Demand) -> float:
    """In how many studies a figure would surely be on its side of the edge, to two digits."""
    gap = abs(demand.value - demand.edge)
    z = float(stats.norm.isf(LEVEL / len(LOOKS)))
    if gap == 0 or math.isnan(gap):
        return math.inf
    return float(f"{demand.n * (z * demand.mcse / gap) ** 2:.2g}")


def short_of_people(spec: StressSpec) -> list[str]:
    """Conditions whose studies want more people than would take part, and by how many."""
    found = []
    for case in spec.cases:
        there, willing = people_to_ask(case.study, case.lived)
        wanted = case.study.recruitment.n
        if wanted > willing:
            found.append(
                f"{case.condition}: studies want {wanted} people and have fewer, for there are "
                f"{there}, of whom about {willing} are interested and consent; ask for fewer, or "
                "add teams in [frame]"
            )
    return found


def _same_in_arms(result: StressResult) -> list[str]:
    """Conditions in which absence is alike in all arms, if any arms are compared."""
    if not any(one.trial.compares for one in result.judged):
        return []
    found = []
    for case in result.spec.cases:
        rules = case.study.participation
        tables = [getattr(rules, name) or {} for name in ARM_SETTINGS]
        if case.condition in SAME_IN_ARMS and all(len(set(one.values())) < 2 for one in tables):
            found.append(case.condition)
    return found


def _table(result: StressResult) -> str:
    names = {"bias": "bias/SE", "coverage": "coverage", "type I error": "type I",
             "standard error": "SE ratio"}  # fmt: skip
    if not result.has_null:
        del names["type I error"]
    head = ("condition", "term", "verdict", *names.values(), "usable", "warned")
    rows = []
    for one in result.judged:
        verdict = f"{one.verdict}{' silently' if one.silent else ''}"
        verdict += " (wide)" if one.wasteful else ""
        mark = "" if one.trial.must else " (map)"
        warned = float(one.trial.rows.warned[: one.n].mean())
        rows.append(
            (
                one.trial.condition + mark, one.trial.term, verdict,
                *(_number(one, name) for name in names), _number(one, "usable"), f"{warned:.2f}",
            )
        )  # fmt: skip
    widths = [max(len(row[k]) for row in [head, *rows]) for k in range(len(head))]
    texts = 3
    return "\n".join(
        "  ".join(
            cell.ljust(width) if k < texts else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [head, *rows]
    )


def _number(one: Judgement, name: str) -> str:
    criterion = one.of(name)
    if criterion is None or math.isnan(criterion.value):
        return "-"
    return f"{criterion.value:.2f}" if abs(criterion.value) < LARGE else "large"


def _invariances(result: StressResult) -> str:
    said = ["Estimates should stay as they are (or scale) where"]
    return "\n".join([*said, *(f"  {one.words}: {held(one)}" for one in result.invariances)])


def held(one: Invariant) -> str:
    """Whether answers stay as they should; if not, where, and what that says of the analysis."""
    if one.holds:
        return "they do"
    if one.holds is None:
        return f"not tried ({one.where})"
    return f"they do NOT ({one.where})" + (f": {one.fault}" if one.fault else "")


def failures_in_words(result: StressResult) -> str:
    """How often a row could not be used, why, and how to see the first of each again."""
    table = result.rows.select(["condition", "replicate", "status"])
    seen: dict[tuple[str, str], list[int]] = {}
    for row in table.to_pylist():
        if row["status"] != USABLE:
            seen.setdefault((row["condition"], row["status"]), []).append(row["replicate"])
    if not seen:
        return ""
    said = ["Rows that cannot be used:"]
    for (condition, status), where in list(seen.items())[:MOST_LINES]:
        times = counted(len(set(where)), "study")
        again = replay_command(result.spec, condition, where[0])
        said.append(f"  {condition}: {status} in {times}; again: {again}")
    if len(seen) > MOST_LINES:
        said.append(f"  and {len(seen) - MOST_LINES} more kinds; the table `rows` has them all")
    return "\n".join(said)


def replay_command(spec: StressSpec, condition: str, replicate: int) -> str:
    """The command that makes a study again, runs the code on it and shows its rows."""
    words = ["egocohort", "stress", spec.code.said, "--study", spec.named, "--seed", str(spec.seed)]
    for term, asked in zip(spec.asked.terms, spec.asked.words, strict=True):
        words += ["--estimates", f"{term} = {asked}"]
    usual = Limits()
    if spec.limits.seconds != usual.seconds:
        words += ["--time-limit", f"{spec.limits.seconds:g}"]
    if spec.limits.memory != usual.memory:
        words += ["--memory-limit", str(spec.limits.memory)]
    if spec.effect is not None:
        words += ["--effect", spec.effect.asked.said]
    return typed(*words, "--conditions", condition, "--only", replicate)
