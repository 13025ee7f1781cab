"""Patterns of the service: cancelled for the more ill, cut back, spared by those who need it."""

from __future__ import annotations

import numpy as np

from analysis.patterns.flows import terciles
from analysis.patterns.lives import INFORMAL, WEEKS, Life, TeamLives
from analysis.patterns.protocol import Measure, pattern
from analysis.patterns.statistics import Stat, intraclass, log_ratio, mean_stat, ratio, slope
from sim.world.kinds import Event, Group

__all__ = ["PATTERNS"]

INTENSE_WEEKS = 13
CUT_WEEK, AFTER_THE_CUT = 13, slice(27, 53)
NO_URGENCY = {
    "service.psychiatrist.acute_interval_weeks": 12.0,
    "service.coordinator.acute_interval_weeks": 4.0, "illness.intensity_weeks": 6.0,
}  # fmt: skip
ABOUT_NONE = (-0.01, 0.01)


@pattern(
    "P41", "Visits are cancelled because someone else is more ill", evidence="Q", proof="emergent",
    above=("cancelled per ill other on the caseload", "clustering of cancellations by post"),
    below=("cancelled if ill oneself",), off=NO_URGENCY,
)  # fmt: skip
def someone_poorlier(lives: TeamLives) -> Measure:
    """Being ill oneself protects a visit; others on the same caseload who are ill endanger it.

    Statistic: of visits with one's own psychiatrist or co-ordinator in the weeks that are kept and
    in which that worker saw anybody (sickness cancels all), cancelled or not, of people not in the
    intense weeks of an episode, regressed on the number of others on the worker's caseload who are,
    per whole-time equivalent; of all, on being so oneself; intraclass correlation of cancellation
    by post. Passes if the first is above zero, the second below, the third above. Switched off:
    episodes call for visits no more often than the ranges allow.
    """
    life = lives.usual
    posts = life.history.team.posts
    parts: list[list[np.ndarray]] = [[], [], [], []]
    hits, of = np.zeros(posts.size), np.zeros(posts.size)
    for week in WEEKS:
        ego, post, cancelled = _visits(life, week)
        line = posts["line"][post] < 2
        own = ((life.tie("post", week)[ego] == post[:, None]) & life.has(week)[ego]).any(axis=1)
        ego, post, cancelled = ego[line & own], post[line & own], cancelled[line & own]
        intense = (life.ego("acute", week) > 0) & (
            life.ego("weeks_since_onset", week) < INTENSE_WEEKS
        )
        held = life.has(week) & (life.tie("post", week) >= 0)
        ill = np.bincount(
            life.tie("post", week)[held & intense[:, None]].astype(int), minlength=posts.size
        )
        others = (ill[post] - intense[ego]) / posts["fte"][post]
        at_work = np.bincount(post[~cancelled], minlength=posts.size)[post] > 0
        for part, column in zip(parts, (cancelled, others, intense[ego], at_work), strict=True):
            part.append(column.astype(float))
        hits += np.bincount(post, cancelled, posts.size)
        of += np.bincount(post, minlength=posts.size)
    gone, others, own, working = (np.concatenate(part) for part in parts)
    return {
        "cancelled per ill other on the caseload": slope(
            gone, [others], 0, (own == 0) & (working > 0)
        ),
        "cancelled if ill oneself": slope(gone, [others, own], 1),
        "clustering of cancellations by post": intraclass(hits, of),
    }


def _visits(life: Life, week: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Visits kept and cancelled in a week: ego, post, whether cancelled."""
    kept = life.has(week) & (life.tie("visited", week) > 0) & (life.tie("post", week) >= 0)
    happened = life.events
    now = happened[(happened["week"] == week) & (happened["event"] == Event.VISIT_CANCELLED)]
    ego = np.concatenate([np.nonzero(kept)[0], now["ego"]])
    post = np.concatenate([life.tie("post", week)[kept], now["post"]]).astype(int)
    return ego, post, np.concatenate([np.zeros(kept.sum(), bool), np.ones(now.size, bool)])


def _kept(life: Life, who: np.ndarray) -> Stat:
    visits = life.weekly("kept")
    return mean_stat(visits[:, 52] - visits[:, 26], who)


@pattern(
    "P42", "Visits are spaced out although need has not changed", evidence="F", proof="imposed",
    below=("log contact ratio, cut to usual",),
    within={"severity when the cut comes, cut less usual": ABOUT_NONE},
    bands={"contact ratio, cut to usual": (0.7, 0.8)}, same=True,
)  # fmt: skip
def spaced_out(lives: TeamLives) -> Measure:
    """A third less of psychiatry and co-ordination, from week 13.

    Statistic: visits attended in the second half of the year, of those without a support worker,
    with the cut over without; severity in week 13. Nominally .67; passes if attended contacts fall
    to .70-.80, and severity when the cut comes is as without.
    """
    usual, cut = lives.usual, lives.world("cut")
    supported = (usual.tie("group", 0) == Group.SUPPORT_WORKER).any(axis=1)
    both = usual.alive() & cut.alive() & (usual.ego("on_caseload", 0) > 0) & ~supported
    share = _kept(cut, both) / _kept(usual, both)
    severity = cut.ego("severity", CUT_WEEK) - usual.ego("severity", CUT_WEEK)
    return {
        "log contact ratio, cut to usual": log_ratio(share, ratio(1, 1)),
        "contact ratio, cut to usual": share,
        "severity when the cut comes, cut less usual": mean_stat(severity, both),
    }


@pattern(
    "P43", "Cuts harm most where there is least to fall back on", evidence="F", proof="imposed",
    below=("wellbeing, least less most supported", "least supported"),
    above=("middle less least supported", "most less middle supported"),
    off={"wellbeing.support": 0.0, "wellbeing.diversity": 0.0, "wellbeing.insecurity": 0.0},
)  # fmt: skip
def thin_support(lives: TeamLives) -> Measure:
    """The same cut costs more wellbeing where informal support is thin.

    Statistic: wellbeing over the second half of the year, with the cut less without, by thirds of
    informal support before it. Passes if the effect is below zero in the lowest third and rises
    from third to third. Switched off: neither help and its breadth nor being able to count on
    somebody does anything for wellbeing.
    """
    usual, cut = lives.usual, lives.world("cut")
    both = usual.alive() & cut.alive() & (usual.ego("on_caseload", 7) > 0)
    support = usual.total("support", 7, *INFORMAL)
    third = terciles(support, both)
    apart = (cut.weekly("wellbeing") - usual.weekly("wellbeing"))[:, AFTER_THE_CUT].mean(axis=1)
    low, middle, high = (mean_stat(apart, third == k) for k in range(3))
    return {
        "wellbeing, least less most supported": low - high,
        "least supported": low,
        "middle less least supported": middle - low,
        "most less middle supported": high - middle,
    }


@pattern(
    "P44", "People spare their overworked staff", evidence="F", proof="imposed",
    below=("log requests, usual to unrationed",), above=("unmet need, usual less unrationed",),
    bands={"requests, usual to unrationed": (0.0, 0.9)}, off={"service.self_ration": 0.0},
)  # fmt: skip
def spared(lives: TeamLives) -> Measure:
    """Out of concern for staff, visits that are due are not asked for.

    Statistic: visits wanted over the year and unmet need in the second half, as it is beside a
    world where nobody spares anyone. Passes if at least a tenth less is asked for and unmet need is
    higher.
    """
    usual, free = lives.usual, lives.world("unrationed")
    both = usual.alive() & free.alive()
    asked = [life.ego("requested", 52) - life.ego("requested", 0) for life in (usual, free)]
    unmet = sum(usual.ego("unmet", week) - free.ego("unmet", week) for week in (27, 34, 39, 40, 52))
    requests = mean_stat(asked[0], both) / mean_stat(asked[1], both)
    return {
        "log requests, usual to unrationed": log_ratio(requests, ratio(1, 1)),
        "unmet need, usual less unrationed": mean_stat(unmet / 5, both),
        "requests, usual to unrationed": requests,
    }


@pattern(
    "P48", "Workers who are trusted can draw people out of their shell", evidence="A",
    proof="imposed", below=("withdrawal of the ill, per unit of trusted visits",),
    world={"work.challenge": 1.0}, off={"work.challenge": 0.0},
)  # fmt: skip
def challenged(lives: TeamLives) -> Measure:
    """A suggestion of the paper, switched off by default and on here.

    Statistic: slope of withdrawal on visits of trusted workers lately, severity held fixed, of
    those in an episode. Passes if below zero in the world where workers do so.
    """
    life = lives.usual
    parts: list[list[np.ndarray]] = [[], [], []]
    for week in (14, 27, 40):
        ill = (life.ego("acute", week) > 0) & life.alive(week)
        for part, name in zip(parts, ("level", "challenged", "severity"), strict=True):
            part.append(life.ego(name, week)[ill])
    level, visits, severity = (np.concatenate(part) for part in parts)
    return {"withdrawal of the ill, per unit of trusted visits": slope(level, [visits, severity])}


PATTERNS = (someone_poorlier, spaced_out, thin_support, spared, challenged)
