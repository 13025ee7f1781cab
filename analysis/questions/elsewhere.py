"""What plans here cannot do, by the words that ask for it, and the tools that can."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

__all__ = ["ELSEWHERE", "Elsewhere", "asked_elsewhere"]


class Elsewhere(NamedTuple):
    """Something that is planned with other tools.

    Attributes
    ----------
    words : tuple of str
        Keys, or values of keys, that ask for it, in small letters without anything between them.
    what : str
        What it is.
    take : str
        Tools that plan it, or what to give here instead.
    """

    words: tuple[str, ...]
    what: str
    take: str


ELSEWHERE = (
    Elsewhere(
        ("noninferiority", "noninferior", "noninferioritymargin", "nimargin", "margin"),
        "non-inferiority", "rpact, TrialSize or epiR in R do it",
    ),
    Elsewhere(
        ("equivalence", "equivalent", "tost", "bioequivalence"),
        "equivalence", "TOSTER, TrialSize or epiR in R do it",
    ),
    Elsewhere(
        ("sided", "sides", "onesided", "alternative", "less", "greater", "tails", "tail",
         "hypothesis"),
        "a side of the test", "tests are two-sided; a one-sided test has the power of a two-sided "
        "one at twice its level, so give that as alpha, or take TrialSize in R",
    ),
    Elsewhere(
        ("binary", "binomial", "dichotomous", "yesno", "proportions", "oddsratio", "riskratio",
         "remission", "response"),
        "a binary outcome of a panel", "power.prop.test or simr in R do it, CRTSize where clusters "
        "are allocated",
    ),
    Elsewhere(
        ("count", "counts", "poisson", "rate", "rates", "incidence"),
        "an outcome of a panel that is a count", "simr in R does it, CRTSize where clusters are "
        "allocated",
    ),
    Elsewhere(
        ("ordinal", "ordered", "likert", "proportionalodds"),
        "an ordinal outcome", "popower of Hmisc in R does it",
    ),
    Elsewhere(
        ("timetoevent", "survival", "hazardratio", "relapse", "event", "events", "cox", "logrank"),
        "time to an event", "cpower of Hmisc or powerSurvEpi in R do it",
    ),
    Elsewhere(
        ("steppedwedge", "stepwedge", "swcrt", "wedge", "steps", "sequences"),
        "a stepped wedge", "swCRTdesign in R does it, and so does steppedwedge (a Shiny app)",
    ),
    Elsewhere(
        ("crossover", "xover", "period", "periods", "washout"),
        "a crossover trial", "TrialSize in R does it",
    ),
    Elsewhere(
        ("interim", "interims", "interimlooks", "looks", "spending", "groupsequential",
         "sequential", "adaptive", "futility", "stopping", "obrienfleming", "pocock"),
        "a look at the results before the end", "rpact in R does it",
    ),
    Elsewhere(
        ("assurance", "prior", "priors", "expectedpower", "bayesian", "elicited"),
        "power averaged over a prior", "assurance in R does it, with a prior from SHELF",
    ),
    Elsewhere(
        ("outcomes", "outcomecorrelation", "outcomecorrelations", "correlatedoutcomes", "coprimary",
         "multiplicity", "multiple", "bonferroni", "holm", "hochberg", "gatekeeping"),
        "several outcomes, or a correction for several tests", "a panel has one outcome; gMCP in R "
        "does it",
    ),
    Elsewhere(
        ("factorial", "omnibus", "dunnett"),
        "a test of more than two arms at once", "give a question for each pair of arms, with "
        'succeeds_with = "all" or "any"; gMCP in R corrects for several',
    ),
    Elsewhere(
        ("nonlinear", "quadratic", "spline"),
        "a change that is not a straight line", "longpower or simr in R do it",
    ),
)  # fmt: skip

OF_QUESTIONS = ("about", "outcome", "success", "analysis")
"""Keys whose value may be a word that asks for something else."""


def asked_elsewhere(plan: object, known: Mapping[str, frozenset[str]]) -> str:
    """What is wrong with a plan that asks for something of `ELSEWHERE`; empty if it does not.

    Parameters
    ----------
    plan
        The table `[plan]` as it stands in a file.
    known
        The keys there are, of "plan", "question" and "panel".
    """
    if not isinstance(plan, Mapping):
        return ""
    for table, key, value in _said(plan):
        words = [] if key in known[table] else [_plain(key)]
        if isinstance(value, str) and (key not in known[table] or key in OF_QUESTIONS):
            words.append(_plain(value))
        for one in ELSEWHERE:
            if any(word in one.words for word in words):
                shown = f'"{value}"' if isinstance(value, str) else f"{value}"
                return f"{key} = {shown} asks for {one.what}, which is not planned here; {one.take}"
        if (table, key) == ("question", "arms") and isinstance(value, list) and len(value) > 2:
            return (
                f"a question compares two arms, not {len(value)}; give a question for each pair, "
                'with succeeds_with = "all" or "any"; gMCP in R corrects for several'
            )
    return ""


def _said(plan: Mapping[str, object]) -> Iterator[tuple[str, str, object]]:
    """Table, key and value of what a plan says, but for the name of a scale of its own."""
    questions, panel = plan.get("question"), plan.get("panel")
    panel = panel if isinstance(panel, Mapping) else {}
    tables = [("plan", plan), ("panel", panel)]
    if isinstance(questions, list | tuple):
        tables += [("question", one) for one in questions if isinstance(one, Mapping)]
    for table, found in tables:
        for key, value in found.items():
            if key != "outcome" or "scale" not in panel:
                yield table, str(key), value


def _plain(word: str) -> str:
    return re.sub("[^a-z]", "", word.lower())
