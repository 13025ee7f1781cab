"""The analyses that are shipped: what each estimates, for which question, and where it fails.

They are the records found in the folder `analysis.estimators.analyses`. An analysis is judged only
on the estimand it declares. Those marked wrong are shipped to be convicted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from analysis.estimators import analyses as folder
from analysis.estimators.record import Analysis, Circumstance
from sim.errors import InputError, nearest

__all__ = ["ABOUTS", "analyses", "analysis", "answering", "holding", "nameable"]

ABOUTS = (
    "difference", "slope", "change", "mean", "classes", "episode", "moderation", "change_on_change",
)  # fmt: skip
"""What a question can be about, in the order in which that is said."""


@cache
def analyses() -> Mapping[str, Analysis]:
    """All of them, by name, in the order of their places.

    Raises
    ------
    ValueError
        If two have one name.
    """
    found: dict[str, Analysis] = {}
    for one in sorted(_records(), key=lambda one: (one.place, one.name)):
        if one.name in found:
            raise ValueError(f'two analyses are called "{one.name}"')
        found[one.name] = one
    return MappingProxyType(found)


def _records() -> Iterable[Analysis]:
    """Those of all modules; one that a module imports from another counts once."""
    modules = iter_modules(folder.__path__, f"{folder.__name__}.")
    values = [one for module in modules for one in vars(import_module(module.name)).values()]
    return {id(one): one for one in values if isinstance(one, Analysis)}.values()


def analysis(name: str) -> Analysis:
    """The analysis of that name.

    Raises
    ------
    sim.errors.InputError
        If there is none; the message suggests the nearest.
    """
    known = analyses()
    if name not in known:
        raise InputError(f'there is no analysis called "{name}"{nearest(name, known)}')
    return known[name]


def nameable() -> tuple[str, ...]:
    """Names that a question of a study can give as its analysis."""
    return tuple(name for name, one in analyses().items() if one.answers)


def answering(family: str, there: Collection[str] | None = ()) -> Mapping[str, tuple[str, ...]]:
    """Names of the analyses that answer each kind of question about a family of outcomes.

    The one that was made for a kind of question comes first.

    Parameters
    ----------
    family : str
        Of the outcome.
    there
        Tables of `[plan.panel]` that some analyses need; None for every analysis.
    """
    found = {}
    for about in ABOUTS:
        fit = [
            one for one in analyses().values()
            if about in one.answers.get(family, ())
            and (there is None or not one.needs or one.needs in there)
        ]  # fmt: skip
        if fit:
            fit.sort(key=lambda one: one.made_for != (family, about))
            found[about] = tuple(one.name for one in fit)
    return found


def holding(
    family: str,
    about: str,
    circumstances: Collection[Circumstance],
    people: int,
    there: Collection[str] = (),
) -> tuple[str, ...]:
    """Names of the analyses that answer a kind of question and hold their level as things are.

    Parameters
    ----------
    family : str
        Of the outcome.
    about : str
        Of `ABOUTS`.
    circumstances
        Those that the study is under.
    people : int
        Asked about.
    there
        Tables of `[plan.panel]` that some analyses need.

    Returns
    -------
    tuple of str
        The one that was made for the question first; none where no analysis holds.
    """
    fits = answering(family, there).get(about, ())
    claims = {name: analysis(name).held(family, about) for name in fits}
    return tuple(
        name
        for name, one in claims.items()
        if one is not None and one.people <= people and set(circumstances) <= set(one.under)
    )
