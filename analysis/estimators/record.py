"""What there is to say of an analysis: one record, from which everything else is derived."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Form

__all__ = ["Analysis", "Circumstance", "Holds", "PanelTable", "RowsNeeded"]

RowsNeeded = Literal["one wave", "one wave and baseline", "all waves", "ties", "ties at risk"]
Circumstance = Literal[
    "own pace", "clusters", "groups in one arm", "therapists", "other counts"
]  # fmt: skip
"""What a study may be like beside what the simplest model says of it.

People change each at their own pace; people share clusters, and whole clusters are allocated or
nobody is compared; people of one arm form groups, and those of the other none; people of both arms
share therapists; counts are spread otherwise than any negative binomial law has it.
"""
PanelTable = Literal["therapists", "moderator", "predictor"]
"""Tables of `[plan.panel]` without which some analyses have nothing to work on."""
LAST = 1000
MOST_WAVES = 99
"""Of a study."""


class Holds(NamedTuple):
    """Where the level and the coverage of an analysis hold: measured, `docs/levels.md`.

    Attributes
    ----------
    family : str
        Of the outcome.
    abouts : tuple of str
        What the question is about.
    people : int
        Asked about from whom on they hold, though half of them are lost in a way under which the
        analysis is right.
    under : tuple of Circumstance
        Under what they hold too.
    """

    family: str
    abouts: tuple[str, ...]
    people: int
    under: tuple[Circumstance, ...] = ()


def _no_question(asked: Enquiry, studies: Any) -> Fits:
    raise NotImplementedError("no question of a study can name this analysis")


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """One analysis.

    Attributes
    ----------
    name : str
    estimates : str
        Its estimand, in words.
    rows : Rows
        What it needs: a value a person, of one wave, or changed by or adjusted for baseline; a
        value a wave; a row a tie, or a row an interval of a tie at risk.
    right_under : tuple of str
        Mechanisms of attrition under which it estimates what it declares, if its model is right.
    function : str
        What it does to arrays, as ``module:function`` below ``analysis.estimators``.
    settings : mapping
        Keyword arguments that make the function this analysis.
    small_samples : str
        What small samples do to it; empty where nothing worth saying.
    holds : tuple of Holds
        Where its level and its coverage hold; empty where that is nowhere, or not measured.
    wrong : str
        What is wrong with it, on purpose; empty for an analysis that is right.
    answers : mapping of str to tuple of str
        By family of outcome, what a question of a study may be about to be analysed so; empty
        where no question can name it.
    made_for : tuple of str
        A family and what the question is about, if it was made for that and is to be named first.
    place : int
        Where it stands in lists.
    fit : callable
        From what is asked and studies to one estimate of each: `Outcomes`, or a `TieStudy` where
        the rows are ties; see `analysis.estimators.asked`.
    closed_form : callable or None
        From a `Design`, or a `TieDesign` where rows are ties, to the formula of its power, None
        where that has none.
    adjusts : bool
        Whether it adjusts for what is known of people at baseline: covariates, and strata.
    waves : tuple of int
        The fewest and the most interviews of a person that it takes, baseline among them.
    by_cluster : bool
        Whether clusters are its units.
    needs : str
        A table of `[plan.panel]` without which there is nothing to analyse so; empty for most.
    in_protocol : str
        How a protocol writes it, as part of a sentence.
    in_protocol_about : mapping of str to str
        The same, where a question about something else reads otherwise.
    scale : str
        What an estimate is a number of; empty for the unit of the outcome.
    summary : str
        What is estimated, as a protocol writes it; empty for a mean or its difference.
    ratio : str
        What the exponential of an estimate is; empty where that is nothing.
    of_means : callable or None
        From means to the scale of the estimate, where that is another.
    within_people : bool
        Whether it compares ties of one person, so that shares of all people's ties do not tell.
    """

    name: str
    estimates: str
    rows: RowsNeeded
    right_under: tuple[str, ...]
    function: str
    settings: Mapping[str, object] = field(default_factory=dict)
    small_samples: str = ""
    holds: tuple[Holds, ...] = ()
    wrong: str = ""
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    made_for: tuple[str, ...] = ()
    place: int = LAST
    fit: Callable[[Enquiry, Any], Fits] = _no_question
    closed_form: Callable[[Any], Form | None] | None = None
    adjusts: bool = False
    waves: tuple[int, int] = (1, MOST_WAVES)
    by_cluster: bool = False
    needs: PanelTable | Literal[""] = ""
    in_protocol: str = ""
    in_protocol_about: Mapping[str, str] = field(default_factory=dict)
    scale: str = ""
    summary: str = ""
    ratio: str = ""
    of_means: Callable[[np.ndarray], np.ndarray] | None = None
    within_people: bool = False

    def __post_init__(self) -> None:
        for name in ("settings", "answers", "in_protocol_about"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def of_ties(self) -> bool:
        """Whether its rows are ties and not people."""
        return self.rows in ("ties", "ties at risk")

    def held(self, family: str, about: str) -> Holds | None:
        """Where its level holds when it answers a kind of question; None for nowhere."""
        found = (one for one in self.holds if one.family == family and about in one.abouts)
        return next(found, None)

    def said(self, about: str) -> str:
        """How a protocol writes it, as part of a sentence, in a question about something."""
        return self.in_protocol_about.get(about, self.in_protocol)

    def load(self) -> Callable[..., Fits]:
        """The function of arrays behind it."""
        module, _, function = self.function.partition(":")
        return getattr(import_module(f"analysis.estimators.{module}"), function)

    def of_arrays(self, *arrays: object, **settings: object) -> Fits:
        """Run it on a batch of replicates; arrays and further settings as its function takes."""
        return self.load()(*arrays, **{**self.settings, **settings})
