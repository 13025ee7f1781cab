"""The world a study is held in, and whether that world can hold it. Nothing is drawn here."""

from __future__ import annotations

from collections.abc import Sequence

from sim.errors import InputError, counted
from sim.study.recruit import quota_of
from sim.study.spec import Study
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario
from sim.world.shock import Shock, Who

__all__ = ["check_frame", "lived_scenario", "people_to_ask", "units_of_arms", "whole_numbers"]


def lived_scenario(scenario: Scenario, study: Study) -> Scenario:
    """The world the study is held in: the scenario at the frame's size, arms laid over.

    What an arm's scenario changes from the first week on becomes a shock in that week on that arm.

    Raises
    ------
    InputError
        If an arm changes staff though it is allocated below them, or a shock starts after the end.
    """
    shocks = list(scenario.shocks)
    for arm, overlay in study.overlays:
        for shock in _overlaid(scenario, overlay, arm):
            _check_level(study, arm, shock)
            shocks.append(shock)
    whole = scenario.but(shocks=tuple(shocks), world=study.world(scenario))
    whole.check_horizon(study.horizon)
    return whole


def _overlaid(scenario: Scenario, overlay: Scenario, arm: str) -> list[Shock]:
    """Shocks that make the overlay of the scenario, for one arm."""
    who = Who(arm=(arm,))
    usual = {path: entry.value for path, entry in catalogue().items()} | scenario.parameters
    changes = {**{path: catalogue()[path].value for path in scenario.parameters}}
    changes |= overlay.parameters
    shocks = [
        Shock(acts_on=path, how="set", value=value, from_week=0, who=who)
        for path, value in changes.items()
        if value != usual[path]
    ]
    own = [shock for shock in overlay.shocks if shock not in scenario.shocks]
    only = [shock.who.model_copy(update={"arm": (arm,)}) for shock in own]
    return shocks + [s.model_copy(update={"who": w}) for s, w in zip(own, only, strict=True)]


def _check_level(study: Study, arm: str, shock: Shock) -> None:
    path = shock.acts_on
    of_staff = path in catalogue() and catalogue()[path].level == "post"
    if of_staff and study.arms and study.arms.unit == "ego":
        raise InputError(
            f'{study.id}: arm "{arm}" changes {path}, which belongs to staff, but egos are '
            'allocated one by one; allocate by unit = "worker", "team" or "site"'
        )


def check_frame(study: Study, scenario: Scenario) -> None:
    """Raise an `InputError` if the world cannot hold the study's sample or its arms.

    Parameters
    ----------
    scenario : Scenario
        The lived one.
    """
    teams = scenario.world.teams_per_site
    asked = study.recruitment
    frame = sum(teams) * scenario.world.caseload
    if asked.n > frame:
        raise InputError(
            f"{study.id}, recruitment.n: {counted(asked.n, 'person')} wanted, but the frame holds "
            f"{frame}; ask for fewer, or add teams"
        )
    for key, quotas in (("site_quota", [asked.site_quota]), ("earlier", asked.earlier or ())):
        for quota in quotas:
            if quota is not None:
                _check_quota(f"{study.id}, recruitment.{key}", quota, scenario)
    if asked.earlier is not None:
        _check_room(study, asked.earlier, scenario)
    if study.arms is not None and study.arms.unit in ("team", "site"):
        units_of_arms(study, sum(teams) if study.arms.unit == "team" else len(teams))


def _check_quota(where: str, quota: Sequence[int], scenario: Scenario) -> None:
    teams = scenario.world.teams_per_site
    if len(quota) != len(teams):
        raise InputError(
            f"{where}: names {counted(len(quota), 'site')}, but the world has {len(teams)}"
        )
    for site, (wanted, n_teams) in enumerate(zip(quota, teams, strict=True), 1):
        if wanted > n_teams * scenario.world.caseload:
            raise InputError(
                f"{where}: {counted(wanted, 'person')} wanted of site {site}, whose frame holds "
                f"{n_teams * scenario.world.caseload}"
            )


def _check_room(study: Study, earlier: Sequence[Sequence[int]], scenario: Scenario) -> None:
    """Raise an `InputError` if a site has not as many people as all studies want of it."""
    teams = scenario.world.teams_per_site
    together = map(sum, zip(quota_of(study, scenario), *earlier, strict=True))
    for site, (wanted, n_teams) in enumerate(zip(together, teams, strict=True), 1):
        there = n_teams * scenario.world.caseload
        if wanted > there:
            raise InputError(
                f"{study.id}, recruitment.earlier: {counted(wanted, 'person')} wanted of site "
                f"{site} by this study and those before it, but its frame holds {there}"
            )


def people_to_ask(study: Study, lived: Scenario) -> tuple[int, int]:
    """How many people there are, and about how many of them are interested and consent.

    Those whom earlier studies want are taken off.
    """
    asked = study.recruitment
    there = sum(lived.world.teams_per_site) * lived.world.caseload
    there -= sum(map(sum, asked.earlier or ()))
    return there, int(there * asked.interest * asked.consent)


def units_of_arms(study: Study, there: int) -> tuple[int, ...]:
    """Teams or sites of each arm, of so many.

    Raises an `InputError` if there are others than the study counts, or an arm has none.
    """
    arms = study.arms
    assert arms is not None  # noqa: S101  # the caller has looked
    numbers = tuple(arms.count.values()) if arms.count else whole_numbers(arms.parts, there)
    if sum(numbers) != there:
        raise InputError(
            f"{study.id}, arms.count: adds up to {sum(numbers)}, but the world has "
            f"{there} {arms.unit}s"
        )
    if 0 in numbers:
        raise InputError(
            f"{study.id}, arms.share: none of the {there} {arms.unit}s falls to arm "
            f'"{arms.names[numbers.index(0)]}"; change the shares, or add {arms.unit}s'
        )
    return numbers


def whole_numbers(parts: Sequence[float], n: int) -> tuple[int, ...]:
    """Whole numbers that add up to n and come nearest to its parts (largest remainder)."""
    floors = [int(part * n) for part in parts]
    left = sorted(range(len(parts)), key=lambda a: (floors[a] - parts[a] * n, a))
    for a in left[: n - sum(floors)]:
        floors[a] += 1
    return tuple(floors)
