"""Figures of a study file that look as if something else was meant: another unit, sign or share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from analysis.questions.panel import Panel
from analysis.questions.plan import Plan
from analysis.questions.published import published_sd
from analysis.questions.ties import PanelTies

__all__ = ["notes_on_figures", "notes_on_signs"]

SMALL = 0.5
"""Share of the published standard deviation below which one is questioned."""


def notes_on_figures(plan: Plan) -> list[str]:
    """Notes on a panel's figures that may be in another unit, or of another thing."""
    panel = plan.panel
    if panel is None:
        return []
    if panel.ties is not None:
        return list(_rising(panel.ties))
    return [*_small_sd(panel), *_in_points(panel)]


def notes_on_signs(plan: Plan, truths: Sequence[float]) -> list[str]:
    """Notes on effects by which people fare worse, or lose more of their ties.

    Parameters
    ----------
    plan
        Of a panel, or of the world, of which nothing is said.
    truths
        What is true by question.
    """
    panel = plan.panel
    if panel is None:
        return []
    notes = []
    for one, truth in zip(plan.question, truths, strict=True):
        if one.about not in ("difference", "slope"):
            continue
        first, second = one.arms
        if panel.ties is not None and truth > 0:
            notes.append(
                f'as the file has it "{first}" loses more ties than "{second}"; if that is not '
                "meant, change the sign in plan.panel.ties.effect, which is added to the share kept"
            )
        elif panel.ties is None and (truth > 0 if panel.measured_on.worse == "high" else truth < 0):
            scale = panel.measured_on
            notes.append(
                f'as the file has it "{first}" makes people worse than "{second}": {truth:+.3g} on '
                f"{scale.name}, where {'lower' if scale.worse == 'high' else 'higher'} is better; "
                "if that is not meant, change the sign in plan.panel.effect"
            )
    return list(dict.fromkeys(notes))


def _small_sd(panel: Panel) -> Iterator[str]:
    """A standard deviation that may be a standard error."""
    known = published_sd(panel)
    if known is not None and panel.sd < SMALL * known.value:
        where = f" ({known.source})" if known.source else ""
        yield (
            f"an SD of {panel.sd:g} points is less than half of the {known.value:g} on file for "
            f"{panel.outcome}{where}; a standard error is no SD, which is the root of the number "
            "of people times as large"
        )


def _in_points(panel: Panel) -> Iterator[str]:
    """Effects in standard deviations that may be points."""
    important = [one.to or one.points for one in panel.measured_on.important]
    tables = {"effect": panel.effect, "moderator.effect": {}}
    if panel.moderator is not None:
        tables["moderator.effect"] = panel.moderator.effect
    for table, effect in tables.items():
        for arm, added in effect.items():
            most = max(added, key=abs)
            points = abs(most) * panel.sd
            above = [f"1 SD of {panel.sd:g} points"] if abs(most) > 1 else []
            if important and table == "effect" and points > max(important):
                above.append(f"the largest important difference on file, {max(important):g} points")
            if above:
                yield (
                    f'plan.panel.{table} has {most:g} SD in "{arm}", that is {points:.3g} '
                    f"points: more than {' and than '.join(above)}; it is in SD, so were "
                    f"{abs(most):g} points meant, write {most / panel.sd:.3g}"
                )


def _rising(ties: PanelTies) -> Iterator[str]:
    """Shares kept that rise, as shares lost do."""
    if any(after > before for before, after in pairwise(ties.kept)):
        said, other = (
            ", ".join(f"{one:.3g}" for one in shares)
            for shares in (ties.kept, [1 - one for one in ties.kept])
        )
        yield (
            f"plan.panel.ties.kept rises ({said}), as if members came back; it is the share of "
            f"members named again, so if these are shares lost write {other}"
        )
