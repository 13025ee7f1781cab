"""What a question to the world estimates: a short phrase, and the five parts of ICH E9(R1)."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.estimators.catalogue import analysis
from analysis.questions.asking import COMPARES_ARMS, COUNTS, LOSS, MAP, YES_NO, Contrast
from analysis.questions.question import Question

__all__ = ["UNITS", "estimand", "phrase", "question_in_words", "scale"]

LAYERS: Mapping[str, str] = {
    "elicited": "as interviews record it",
    "error_free": "on maps and scores without error",
    "latent": "among the ties there are, mapped or not",
}
CONTRASTS: Mapping[Contrast, str] = {
    "all": "contrast all: everybody in {0} against everybody in {1}",
    "direct": "contrast direct: each in {0} against the same person in {1}, others as allocated",
    "spillover": "contrast spillover: those allocated to {1}, beside people in {0}, against "
    "themselves with everybody in {1}",
}

UNITS: Mapping[str, str] = {
    **dict.fromkeys((*MAP, *COUNTS), "members"),
    **dict.fromkeys((*YES_NO, "share_professional", "diversity"), "share"),
    "service_contacts": "visits",
}

BASELINES: Mapping[str, str] = {
    "free": " with a mean at baseline for each arm",
    "constrained": " with one mean at baseline for both arms",
}


def scale(question: Question) -> str:
    """What the estimate is a number of."""
    if of_analysis := analysis(question.analysis).scale:
        return of_analysis
    unit = UNITS.get(question.outcome, "points")
    return f"{unit} a year" if question.about == "slope" else unit


def phrase(question: Question) -> str:
    """The question's outcome and contrast, as one would say it."""
    what = {**MAP, **COUNTS, **YES_NO}.get(question.outcome, question.outcome)
    if question.outcome != LOSS:
        return what
    ties = " against ".join(f"{name} ties" for name in question.classes) or "ties"
    loss = "hazard of loss" if analysis(question.analysis).rows == "ties at risk" else "loss"
    if question.about == "episode":
        return f"{loss} of {ties} of people in whom an episode began against others"
    whose = " of people in whom an episode began" if question.among == "episode" else ""
    if question.about == "mean":
        return f"share of {ties} kept{whose}"
    return f"{loss} of {ties}{whose}"


def estimand(question: Question) -> str:
    """Population, contrast, layer, summary and intercurrent events."""
    if question.about in COMPARES_ARMS:
        contrast = CONTRASTS[question.contrast].format(*question.arms)
        kind = "causal, paired worlds"
    else:
        contrast = f"as all in {question.arms[0]} would be" if question.arms else "as they are"
        kind = "descriptive, a census"
    return (
        f"estimand ({kind}): everybody eligible on the caseload, {contrast}; "
        f"{LAYERS[question.layer]}; {scale(question)}; while alive, discharged or not"
    )


def question_in_words(one: Question) -> str:
    """One question as a trialist would say it."""
    if one.about in ("classes", "episode") or one.outcome == LOSS:
        what = f"{phrase(one)}, baseline to week {one.at_week}"
    elif one.about == "slope":
        what = f"difference in change a year of {one.outcome}"
    elif one.about == "change":
        what = f"change of {one.outcome} from baseline to week {one.at_week}"
    else:
        what = f"{one.about} of {one.outcome} at week {one.at_week}"
    if len(one.arms) == 2:
        contrast = "" if one.contrast == "all" else f", {one.contrast} contrast"
        what += f", {one.arms[0]} minus {one.arms[1]}{contrast}"
    elif one.arms:
        what += f", in {one.arms[0]}"
    success = {
        "significant": f"p <= {one.alpha:g}",
        "narrow": f"{100 * (1 - one.alpha):g} % interval at most {one.half_width} to either side",
        "covers": f"{100 * (1 - one.alpha):g} % interval holds the truth",
    }[one.success]
    means = BASELINES.get(one.baseline or "", "")
    return f"{what}, by {one.analysis}{means}: {success}"
