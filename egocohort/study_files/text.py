"""The study file that `egocohort new` writes: commented, so that a trialist can read it aloud."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from analysis.estimators.catalogue import analysis
from analysis.questions.asking import LOSS
from analysis.questions.scales import known_scales
from egocohort.study_files.commented import as_keys, comment, why
from egocohort.study_files.questions import Answer, mean_known, starting
from sim.study.settings import SCORES
from sim.world.parameters import sources

__all__ = ["affordable", "least_budget", "study_text"]

INTEREST, CONSENT = 0.44, 0.685
"""Assumed; about three in ten of those approached enrol, as in B43."""
FIRST_N = 200
WAVE_WINDOW = 2
"""Weeks by which an interview may be early or late, where interviews are that far apart."""

STUDY_TITLES = {
    "difference": "Intervention against usual care, followed for {last} weeks",
    "change": "People followed for {last} weeks",
    "mean": "People interviewed once",
    "ties": "Do more ties stay with the intervention than in usual care, over {last} weeks",
}


def study_text(name: str, answers: Mapping[str, Answer]) -> str:
    """The file.

    Parameters
    ----------
    name
        Id of the study.
    answers
        By question; see `egocohort.study_files.questions`.
    """
    parts = [
        _head(name, answers), _recruitment(answers), _arms(answers), _waves(answers),
        _participation(answers), _plan(answers), _question(answers), _panel(answers),
        _costs(answers), _sources(answers), _cited(answers),
    ]  # fmt: skip
    return "\n\n".join(one for one in parts if one) + "\n"


def affordable(answers: Mapping[str, Answer]) -> int | None:
    """People that the budget pays for at the prices of the file; None without a budget."""
    budget = answers["budget"].value
    if not budget:
        return None
    fixed, each = _prices(answers)
    return max(int((budget - fixed) / each), 0)


def least_budget(answers: Mapping[str, Answer], people: int) -> int:
    """Pounds that so many people take at the prices of the file, rounded up to hundreds."""
    fixed, each = _prices(answers)
    return int(-(-(fixed + people * each) // 100)) * 100


def _prices(answers: Mapping[str, Answer]) -> tuple[float, float]:
    """Of a study without people, and of each person."""
    prices = starting()["costs"]
    kept = [1.0, *_retention(answers)]
    each = (
        prices["approach"] / (INTEREST * CONSENT) + prices["enrolment"]
        + prices["interview"] * sum(kept) + prices["tracing"] * (len(kept) - sum(kept))
    )  # fmt: skip
    if "cluster_size" in answers:
        each += prices["cluster"] / answers["cluster_size"].value
    return float(prices["fixed"]), float(each)


def _at_most(answers: Mapping[str, Answer]) -> int:
    pays = affordable(answers)
    people = int(answers["people"].value)
    return people if pays is None else min(people, pays)


def _budget_limits(answers: Mapping[str, Answer]) -> bool:
    """Whether the budget, and not the people there are, sets how many can be enrolled."""
    pays = affordable(answers)
    return pays is not None and pays < answers["people"].value


def _head(name: str, answers: Mapping[str, Answer]) -> str:
    weeks = _weeks(answers)
    title = STUDY_TITLES[answers["about"].value].format(last=weeks[-1] if weeks else 0)
    opening = (
        "A study to plan with `egocohort plan`. Every number is yours to change; each says where "
        "it comes from. Where it says assumed, or names a source, put your own figure in its place "
        "if you have one, and say so under [plan.sources]. Nothing here is evidence about patients."
    )
    return f"{comment(opening)}\n{as_keys(id=name, title=title, cite=_named(answers))}"


def _recruitment(answers: Mapping[str, Answer]) -> str:
    said = comment("Whom the study asks. " + why(_started("recruitment")))
    n = min(FIRST_N, _at_most(answers))
    return (
        f"{said}\n[recruitment]\n{as_keys(n=n)}     # until the plan says how many are needed\n"
        f"{as_keys(interest=INTEREST, consent=CONSENT)}"
    )


def _arms(answers: Mapping[str, Answer]) -> str:
    if "allocation" not in answers and answers["about"].value != "ties":
        return ""
    by_team = "allocation" in answers and answers["allocation"].value == "team"
    said = "Whole teams are allocated" if by_team else "Each person is allocated"
    unit = "team" if by_team else "ego"
    return (
        f"{comment(f'{said}, to two arms of equal size.')}\n[arms]\n{as_keys(unit=unit)}\n"
        "share = { usual_care = 1, intervention = 1 }"
    )


def _waves(answers: Mapping[str, Answer]) -> str:
    weeks = (0, *_weeks(answers))
    apart = min((b - a for a, b in pairwise(weeks)), default=0)
    window = WAVE_WINDOW if apart > 2 * WAVE_WINDOW else 0
    said = "When people are interviewed, in weeks since baseline, and how many weeks early or late."
    return f"{comment(said)}\n[waves]\n{as_keys(weeks=list(weeks), window=window)}"


def _participation(answers: Mapping[str, Answer]) -> str:
    if "retention" not in answers:
        return ""
    mechanism = _started("mechanism")
    held = ", which is held in each arm" if answers["about"].value == "difference" else ""
    if answers["about"].value == "ties":
        said = (
            "Who stays: the share of those enrolled who are interviewed at each wave after the "
            f"first, in each arm, by chance. {why(answers['retention'])}"
        )
        keys = as_keys(retention=_retention(answers), mechanism="MCAR")
        return f"{comment(said)}\n[participation]\n{keys}"
    said = (
        "Who stays: the share of those enrolled who are interviewed at each wave after the first"
        f"{held}. {why(answers['retention'])} MAR: the worse the last score, the likelier to "
        "stay away, by this odds ratio per standard deviation (assumed). MCAR would be chance "
        "alone."
    )
    keys = as_keys(retention=_retention(answers), mechanism=mechanism.value, odds_ratio=2.0)
    return f"{comment(said)}\n[participation]\n{keys}"


def _plan(answers: Mapping[str, Answer]) -> str:
    limit = "There are no more people than this to enrol."
    if _budget_limits(answers):
        limit = f"The budget of {answers['budget'].value:,.0f} pays for no more people than this."
    said = (
        "What must come of it: the wanted chance that the study succeeds, that is, its power. "
        f"{limit}"
    )
    keys = as_keys(process="panel", chance=answers["power"].value, people_at_most=_at_most(answers))
    return f"{comment(said)}\n[plan]\n{keys}"


def _question(answers: Mapping[str, Answer]) -> str:
    about, weeks = answers["about"].value, _weeks(answers)
    keys: dict[str, Any] = {
        "outcome": LOSS if about == "ties" else answers["outcome"].value,
        "about": "difference" if about == "ties" else about,
        "at_week": weeks[-1] if weeks else 0,
    }
    if about in ("difference", "ties"):
        keys["arms"] = ["intervention", "usual_care"]
    keys["analysis"] = _analysis(answers)
    if about == "difference" and analysis(keys["analysis"]).rows == "all waves":
        keys["baseline"] = "constrained"
    if about == "mean":
        keys |= {"success": "narrow", "half_width": answers["half_width"].value}
        said = (
            "The question: how large is the mean? It is answered if the 95 % interval reaches at "
            f"most so many points to either side. {why(answers['half_width'])}"
        )
    else:
        keys |= {"success": "significant"}
        asked = {
            "difference": "do the arms differ at the last interview?",
            "change": "have people changed since baseline?",
            "ties": "are more members of people's networks lost by the last interview in one arm?",
        }[about]
        said = f"The question: {asked} It is answered if the two-sided test is significant."
        if "baseline" in keys:
            said += (
                " The model gives both arms one mean at baseline, as randomisation makes them; "
                'baseline = "free" would give each its own, as outcome on wave, arm and their '
                "product does, and needs more people."
            )
    return f"{comment(said)}\n[[plan.question]]\n{as_keys(**keys, alpha=0.05)}"


def _analysis(answers: Mapping[str, Answer]) -> str:
    if answers["about"].value in ("mean", "ties"):
        return "t_test" if answers["about"].value == "mean" else "gee_share"
    if answers.get("allocation", Answer("", "")).value == "team":
        return "cluster_t"
    if answers["about"].value == "difference" and len(_weeks(answers)) == 1:
        return "ancova"
    return "mmrm" if 1 + len(_weeks(answers)) <= analysis("mmrm").waves[1] else "random_intercept"


def _ties(answers: Mapping[str, Answer]) -> str:
    members, kept, more = (answers[name] for name in ("members", "kept_members", "more_kept"))
    weeks = _weeks(answers)
    lost = [(1 - kept.value) * week / weeks[-1] for week in weeks]
    added = [round(more.value * week / weeks[-1], 4) for week in weeks]
    spread = round(min(0.4 * members.value, members.value - 1), 2)
    links = (
        "Members linked from one interview to the next by name are linked with error: missed_links "
        "is the share of those named again who are not recognised, false_links that of others who "
        "are taken for somebody named before. Both are 0 where an id links them; give yours."
    )
    alike = answers["tie_icc"]
    parts = [
        comment(f"Members named at baseline. {why(members)} Their SD is assumed."),
        f"[plan.panel.ties]\n{as_keys(number=members.value, number_sd=spread)}",
        comment(f"Share of them named again at each wave, in usual care. {why(kept)}"),
        as_keys(kept=[round(1 - one, 4) for one in lost]),
        comment(f"How alike members of one person are in that. {why(alike)}"),
        as_keys(icc=alike.value),
        f"{comment(links)}\n{as_keys(missed_links=0.0, false_links=0.0)}\n",
        comment(f"What the intervention adds to the share kept. {why(more)}"),
        f"[plan.panel.ties.effect]\n{as_keys(intervention=added)}",
    ]
    return "\n".join(parts)


def _panel(answers: Mapping[str, Answer]) -> str:
    if answers["about"].value == "ties":
        return _ties(answers)
    outcome = answers["outcome"].value
    mean = answers["mean"].value if "mean" in answers else mean_known(outcome).value
    known = {"outcome": outcome} if mean is None else {"outcome": outcome, "mean": mean}
    keys: list[str] = [
        comment(_what_is_known(outcome)),
        f"[plan.panel]\n{as_keys(**known)}",
        f"{comment(why(answers['sd']))}\n{as_keys(sd=answers['sd'].value)}",
    ]
    correlation = answers.get("correlation", Answer(0.5, "assumed"))
    if "correlation" in answers:
        by_team = " cluster_t does not adjust for baseline and does not use it."
        keys.append(comment(why(correlation) + (by_team if "icc" in answers else "")))
    keys.append(as_keys(correlation=correlation.value))
    if "difference" in answers:
        keys.append(_effect(answers))
    if "icc" in answers:
        keys.append(_clusters(answers))
    return "\n".join(keys)


def _what_is_known(outcome: str) -> str:
    said = "What is known of the outcome, in points"
    if outcome in SCORES:
        return f"{said}."
    one = known_scales()[outcome]
    note = f" {one.note[0].upper()}{one.note[1:]}." if one.note else ""
    return f"{said}: {one.name}, {one.low:g} to {one.high:g}, the {one.worse} end is worse.{note}"


def _effect(answers: Mapping[str, Answer]) -> str:
    weeks, sd, one = _weeks(answers), answers["sd"].value, answers["difference"]
    better = -one.value if known_scales()[answers["outcome"].value].worse == "high" else one.value
    steps = [better * week / weeks[-1] for week in weeks]
    if answers["about"].value == "change":
        said = f"Change since baseline at each wave, in points. {why(one)}"
        return f"{comment(said)}\n{as_keys(trend=[round(step, 6) for step in steps])}"
    said = (
        f"What the intervention adds at each wave, in standard deviations: {better:g} points at "
        f"the last. {why(one)}"
    )
    added = [round(step / sd, 6) for step in steps]
    return f"\n{comment(said)}\n[plan.panel.effect]\n{as_keys(intervention=added)}"


def _clusters(answers: Mapping[str, Answer]) -> str:
    icc, size = answers["icc"], answers["cluster_size"]
    said = (
        f"People of one team are alike by this share of the variance. {why(icc)} "
        f"With more people there are more teams of this size. {why(size)} cac, the cluster "
        "autocorrelation, is assumed to be 1: a team is at follow-up what it was at baseline. "
        "cluster_t does not use it; what adjusts for baseline, as cluster_ancova does, takes more "
        "people where it is lower."
    )
    table = f"{{ icc = {icc.value}, size = {size.value}, cac = 1.0 }}"
    return f"\n{comment(said)}\n[plan.panel.clusters]\nusual_care = {table}\nintervention = {table}"


def _costs(answers: Mapping[str, Answer]) -> str:
    if not answers["budget"].value:
        return ""
    prices = {key: one for key, one in starting()["costs"].items() if isinstance(one, int)}
    if "icc" not in answers:
        del prices["cluster"]
    said = (
        f"Prices in pounds, assumed: {starting()['costs']['note']}. At these a budget of "
        f"{answers['budget'].value:,.0f} pays for {affordable(answers)} people."
    )
    return f"{comment(said)}\n[plan.costs]\n{as_keys(**prices)}"


def _sources(answers: Mapping[str, Answer]) -> str:
    """Where each number comes from, as the protocol will cite it."""
    of_ties = answers["about"].value == "ties"
    mean = answers.get("mean") or (None if of_ties else mean_known(answers["outcome"].value))
    found = {} if mean is None or mean.value is None else {"mean": mean.source}
    effect = "trend" if answers["about"].value == "change" else "effect"
    for number, name in (
        ("sd", "sd"), ("correlation", "correlation"), (effect, "difference"), ("icc", "icc"),
        ("members_named", "members"), ("kept", "kept_members"), ("effect", "more_kept"),
        ("icc", "tie_icc"),
        ("cluster_size", "cluster_size"), ("retention", "retention"), ("people", "people"),
    ):  # fmt: skip
        if name in answers:
            one = answers[name]
            noted = name in ("difference", "retention") or one.source not in (*sources(), "assumed")
            note = f", {one.note}" if one.note and noted else ""
            found[number] = f"{one.source}{note}"
    if "icc" in answers:
        found["cac"] = "assumed"
    if of_ties:
        found["mechanism"] = "assumed"
    elif "correlation" not in answers:
        found["correlation"] = "assumed, of no account with one interview"
    if "retention" in answers and not of_ties:
        found |= {"mechanism": "assumed", "odds_ratio": "assumed"}
    found["recruitment"] = starting()["recruitment"]["source"]
    if answers["budget"].value:
        found["costs"] = "assumed"
    if _budget_limits(answers):
        pounds = f"{answers['budget'].value:,.0f}"
        found["people"] = f"what a budget of {pounds} pounds pays for at the prices assumed"
    said = (
        "Where the numbers come from, for the protocol: ids that `egocohort cite` knows, or your "
        "own words."
    )
    return f"{comment(said)}\n[plan.sources]\n{as_keys(**found)}"


def _cited(answers: Mapping[str, Answer]) -> str:
    """The sources in full, for those who read the file alone."""
    known = sources()
    lines = [
        comment(f"{key}: {known[key].text}" + (f" ({known[key].year})" if known[key].year else ""))
        for key in _named(answers)
    ]
    return "\n".join(["# The sources named above:", *lines])


def _named(answers: Mapping[str, Answer]) -> list[str]:
    """Ids of the sources behind the numbers."""
    named = [*(one.source for one in answers.values()), starting()["recruitment"]["source"]]
    return [key for key in dict.fromkeys(named) if key in sources()]


def _started(name: str) -> Answer:
    one = starting()[name]
    return Answer(one["value"], one["source"], one["note"])


def _weeks(answers: Mapping[str, Answer]) -> tuple[int, ...]:
    return tuple(answers["weeks"].value) if "weeks" in answers else ()


def _retention(answers: Mapping[str, Answer]) -> list[float]:
    weeks = _weeks(answers)
    if "retention" not in answers:
        return []
    if "kept" in answers and answers["retention"].source == answers["kept"].source:
        return list(answers["kept"].value)
    lost = 1 - answers["retention"].value
    return [round(1 - lost * week / weeks[-1], 4) for week in weeks]
