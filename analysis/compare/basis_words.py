"""What a comparison rests on, in words: of whom and of which weeks its figures are.

The words are in `words.md.j2`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.compare.caseloads import EVERYBODY, Caseloads
from analysis.compare.looks import begins_in, fork_week
from analysis.compare.moved import over_from
from analysis.compare.outcomes import UNVISITED, outcome_at
from analysis.compare.relative import counted_from
from analysis.compare.subgroups import DIMENSIONS
from analysis.compare.words import TEMPLATE, said, whose
from analysis.pages.render import lines

__all__ = ["basis_in_words", "when_in_words"]


def basis_in_words(
    lived: Caseloads, outcomes: Sequence[str], *, has_band: bool = False
) -> list[str]:
    """Of whom figures are, what intervals are, what totals hold; a paragraph each, that one first.

    Parameters
    ----------
    outcomes
        Those that are shown.
    """
    spec = lived.spec
    facts = {
        "replicates": lived.replicates, "teams": len(spec.places),
        "seed": spec.seed, "usual": spec.scenarios[0].id, "has_interval": lived.replicates > 1,
        "has_band": has_band, "swings": _swings(lived) if UNVISITED.name in outcomes else [],
        "unvisited": UNVISITED.label, "dimensions": _dimensions(lived),
        "own_parameters": [
            one.id for one in spec.scenarios[1:] if one.changed != spec.scenarios[0].changed
        ],
    }  # fmt: skip
    return [
        *lines(TEMPLATE, "population", _population(lived)), *lines(TEMPLATE, "basis", facts),
        *when_in_words(lived), *lines(TEMPLATE, "meanings", facts),
    ]  # fmt: skip


def when_in_words(lived: Caseloads) -> list[str]:
    """What totals and levels hold of scenarios that begin late, or are over before the end."""
    spec, weeks = lived.spec, lived.spec.weeks[-1] + 1
    begins = begins_in(spec.scenarios, weeks)
    late = {name: week for name, week in begins.items() if week > 0}
    over = over_from(spec.scenarios, weeks)
    facts = {
        "weeks": weeks, "usual": spec.scenarios[0].id, "late": late, "begins": begins,
        "over": over, "year": 52 + max(late.values(), default=0),
        "whole": [one.id for at, one in enumerate(spec.scenarios)
                  if one.id in late and counted_from(lived, at) == 0],
        "has_interval": lived.replicates > 1,
    }  # fmt: skip
    return lines(TEMPLATE, "when", facts)


def _population(lived: Caseloads) -> dict[str, Any]:
    spec, stop = lived.spec, lived.spec.weeks[-1] + 1
    parting = fork_week(spec.scenarios, stop)
    served = lived.mean(0).value[-1, outcome_at("on_caseload")]
    return {
        "people": int(lived.people[:, EVERYBODY].sum()), "last": stop - 1,
        "who": "" if spec.who is None else whose(lived), "usual": spec.scenarios[0].id,
        "parting": parting if parting < stop else None, "served": float(served),
    }  # fmt: skip


def _swings(lived: Caseloads) -> list[dict[str, Any]]:
    """How far who is not visited differs from look to look, where it does."""
    spec, found = lived.spec, []
    begins = begins_in(spec.scenarios, spec.weeks[-1] + 1)
    column = outcome_at(UNVISITED.name)
    for at, one in enumerate(spec.scenarios[1:], start=1):
        apart = lived.difference(at)
        mine = np.array(spec.weeks) >= begins[one.id]
        later = apart.value[mine, column] * UNVISITED.per
        if apart.clear[mine, column].any() or (lived.replicates == 1 and later.any()):
            found.append({
                "scenario": one.id, "looks": len(later), "from": begins[one.id],
                "week": spec.weeks[-1], "least": said(min(later)), "most": said(max(later)),
            })  # fmt: skip
    return found


def _dimensions(lived: Caseloads) -> dict[str, str]:
    """What people are told apart by, and what that is."""
    spec = lived.spec
    cells = [*spec.cells, *(() if spec.who is None else (spec.who,))]
    names = dict.fromkeys(name for cell in cells for name, _ in cell.conditions)
    return {name: DIMENSIONS[name].what for name in names}
