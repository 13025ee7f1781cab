"""What a plan assumes that its number of people rests on, and that nobody may have chosen."""

from __future__ import annotations

from analysis.estimators.catalogue import analysis
from analysis.questions.of_study import plan_of
from analysis.questions.plan import Plan
from sim.study.spec import Study

__all__ = ["LOWER", "adjusts_clusters", "assumed_cac", "drops_out", "uses_baseline"]

LOWER = 0.8
"""Factor of a cluster autocorrelation that is looked at beside the one assumed."""


def drops_out(study: Study) -> bool:
    """Whether not everybody is interviewed at every wave."""
    return any(min(one, default=1) < 1 for one in study.participation.retention.values())


def adjusts_clusters(study: Study, name: str) -> bool:
    """Whether an analysis knows the baseline of clusters that are allocated to arms."""
    panel = plan_of(study).panel
    allocated = study.arms is not None and study.arms.unit != "ego"
    shares = panel is not None and any(one.icc > 0 for one in panel.clusters.values())
    return allocated and shares and analysis(name).rows != "one wave"


def assumed_cac(study: Study) -> tuple[float, ...]:
    """Cluster autocorrelations on which the plan's analyses rest; empty if they rest on none."""
    plan = plan_of(study)
    if plan.panel is None or not any(adjusts_clusters(study, q.analysis) for q in plan.question):
        return ()
    return tuple(sorted({one.cac for one in plan.panel.clusters.values() if one.icc > 0}))


def uses_baseline(plan: Plan) -> bool:
    """Whether an analysis of the plan takes in more of a person than the one wave asked about."""
    return any(
        analysis(one.analysis).rows != "one wave" or one.about in ("slope", "change")
        for one in plan.question
    )
