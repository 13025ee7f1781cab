"""The analyses that are shipped: what each estimates, for which question, and where it fails.

An analysis is judged only on the estimand it declares. Those marked wrong are shipped to be
convicted.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from analysis.estimators.contract import Fits
from sim.errors import InputError, nearest

__all__ = ["QUESTIONS", "Analysis", "analyses", "analysis"]

QUESTIONS = MappingProxyType(
    {
        "difference": "a difference between arms at a wave",
        "slope": "a difference between arms in change per unit of time",
        "change": "change within people",
        "level": "a mean or a proportion, to a precision",
        "ties": "odds or share of ties that persist or do something",
        "loss": "how fast ties are lost",
        "counts": "a ratio of rates of contacts",
    }
)


@dataclass(frozen=True)
class Analysis:
    """One analysis.

    Attributes
    ----------
    name : str
    estimates : str
        Its estimand, in words.
    questions : tuple of str
        Keys of `QUESTIONS` it can answer.
    unit : str
        What one row is.
    right_under : tuple of str
        Mechanisms of attrition under which it estimates what it declares, if its model is right.
    function : str
        Where it is, as ``module:function`` below ``analysis.estimators``.
    small_samples : str
        What small samples do to it; empty where nothing worth saying.
    settings : mapping
        Keyword arguments that make the function this analysis.
    wrong : str
        What is wrong with it, on purpose; empty for an analysis that is right.
    """

    name: str
    estimates: str
    questions: tuple[str, ...]
    unit: str
    right_under: tuple[str, ...]
    function: str
    small_samples: str
    settings: Mapping[str, object]
    wrong: str

    def load(self) -> Callable[..., Fits]:
        """The function behind it."""
        module, _, function = self.function.partition(":")
        return getattr(import_module(f"analysis.estimators.{module}"), function)

    def fit(self, *arrays: object, **settings: object) -> Fits:
        """Run it on a batch of replicates; arrays and further settings as its function takes."""
        return self.load()(*arrays, **{**self.settings, **settings})


@cache
def analyses() -> Mapping[str, Analysis]:
    """All of them, by name, as `catalogue.toml` has them."""
    text = Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            name: Analysis(
                name=name,
                estimates=entry["estimates"],
                questions=tuple(entry["questions"]),
                unit=entry["unit"],
                right_under=tuple(entry["right_under"]),
                function=entry["function"],
                small_samples=entry.get("small_samples", ""),
                settings=MappingProxyType(entry.get("settings", {})),
                wrong=entry.get("wrong", ""),
            )
            for name, entry in tomllib.loads(text).items()
        }
    )


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
