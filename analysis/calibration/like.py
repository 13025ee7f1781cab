"""A study like a pilot: its size, waves and retention; the rest as in a study that is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil

import numpy as np

from analysis.calibration.pilot import Pilot
from analysis.calibration.targets import FitRecipe
from sim.errors import InputError, counted
from sim.study.settings import ARM_SETTINGS, EVERYBODY
from sim.study.spec import Study, parse_study
from sim.world.scenario import Scenario

__all__ = ["fitted_to", "retention_of", "study_like"]

FRAME = 5
"""People a team knows for each one recruited: three in ten of those asked agree to take part."""


def study_like(study: Study, pilot: Pilot, world: Scenario) -> Study:
    """The pilot as a study file would have it; arms and quotas of the model study fall away.

    Where the world would be too small to recruit so many people from, it has more teams.

    Raises
    ------
    InputError
        If neither the pilot nor the study says when the waves were.
    """
    weeks = pilot.weeks or study.waves.weeks
    if len(weeks) != pilot.waves:
        raise InputError(
            f"the pilot has {counted(pilot.waves, 'wave')} and does not say when (egos.csv, "
            f"month_target), and {study.id} has {len(weeks)}; give a --study with as many"
        )
    said = study.resolved()
    said["id"], said["title"], said["cite"] = "pilot-study", "A study like the pilot", []
    said.pop("arms", None)
    size = study.world(world)
    people = sum(size.teams_per_site) * size.egos_per_team * size.scale
    more = max(ceil(FRAME * pilot.people / people), 1)
    said["frame"] = said["frame"] | {"teams_per_site": [more * n for n in size.teams_per_site]}
    gaps = [after - before for before, after in pairwise(weeks)]
    window = min([study.waves.window, *((gap - 1) // 2 for gap in gaps)])
    said["waves"] = {"weeks": list(weeks), "window": window}
    said["recruitment"] = said["recruitment"] | {"n": pilot.people}
    said["recruitment"].pop("site_quota", None)
    rules = said["participation"]
    for setting in ARM_SETTINGS:
        table = rules[setting]
        if table:
            rules[setting] = {EVERYBODY: table.get(EVERYBODY, next(iter(table.values())))}
    note = f"Waves, size and retention of the pilot; all else as in {study.id}."
    if pilot.retention is not None:
        rules["retention"] = {EVERYBODY: retention_of(pilot, weeks)}
        if None in pilot.retention:
            note += " Retention at a wave of which fewer than five people would be told is read off"
            note += " between its neighbours."
    else:
        unknown = "Waves and size of the pilot; it does not say who stays (fewer than five people "
        unknown += "missed some wave): "
        note = f"{unknown}retention and all else as in {study.id}."
        if len(rules["retention"].get(EVERYBODY, ())) != len(weeks) - 1:
            rules["retention"] = {}
            note = f"{unknown}everybody stays here, and all else is as in {study.id}."
    said["note"] = note
    return parse_study(said, "pilot-study")


def retention_of(pilot: Pilot, weeks: Sequence[int]) -> list[float]:
    """Who is still interviewed at each wave after the first; a wave held back lies between others.

    Between its neighbours on a straight line over weeks, from everybody at the first wave, and as
    the last that is known beyond it.
    """
    said = pilot.retention or ()
    known = [place for place, share in enumerate(said, start=1) if share is not None]
    shares = [1.0, *(said[place - 1] or 0.0 for place in known)]
    at = np.interp(list(weeks)[1:], [weeks[0], *(weeks[place] for place in known)], shares)
    return [float(one) for one in np.minimum.accumulate(at)]


def fitted_to(recipe: FitRecipe, pilot: Pilot) -> FitRecipe:
    """A recipe whose targets are the pilot's own, beside those it has already.

    Raises
    ------
    InputError
        If the recipe has a target of its own for what the pilot gives too.
    """
    twice = {one.key for one in recipe.targets} & {one.key for one in pilot.targets}
    if twice:
        raise InputError(
            f"{recipe.id}: has a target for {sorted(map(str, twice))[0]}, and so has the pilot; "
            "leave one out"
        )
    return replace(
        recipe,
        study=study_like(recipe.study, pilot, recipe.world),
        targets=(*recipe.targets, *pilot.targets),
    )
