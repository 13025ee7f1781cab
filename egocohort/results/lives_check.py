"""Whether the lives that a bundle tells of could be: the verdicts on all rules, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from egocohort.results.result import Result
from egocohort.results.simulation import Simulation
from egocohort.results.whole_bundle import whole_bundle
from sim.errors import counted

if TYPE_CHECKING:
    import pandas as pd

    from analysis.lives.rule import RuleVerdict

__all__ = ["LivesCheck", "lives_check"]


@dataclass(frozen=True)
class LivesCheck(Result):
    """Whether what a simulated study says of people, ties and interviews can be.

    Attributes
    ----------
    study : Simulation
        What was checked.
    verdicts : tuple of RuleVerdict
        One for each rule.
    """

    study: Simulation
    verdicts: tuple[RuleVerdict, ...]

    @property
    def broken(self) -> tuple[RuleVerdict, ...]:
        """Verdicts on the rules that do not hold."""
        return tuple(one for one in self.verdicts if not one.holds)

    @property
    def holds(self) -> bool:
        """Whether all rules hold."""
        return not self.broken

    @property
    def title(self) -> str:
        """What was checked, in a line."""
        return f"The lives of {self.study.title}"

    @property
    def headline(self) -> str:
        """Whether anything was found, in one sentence."""
        people = counted(len(self.study.arrow("persons")), "person")
        ties = counted(len(self.study.arrow("truth/ties")), "tie")
        if self.holds:
            return f"No contradictions: all {len(self.verdicts)} rules hold for {people}, {ties}."
        broken, of = len(self.broken), len(self.verdicts)
        return f"Contradictions: {broken} of {of} rules do not hold for {people}, {ties}."

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`rules`: every rule with what was looked at and found."""
        import pandas as pd

        return {"rules": pd.DataFrame(self.verdicts)}

    def as_data(self) -> dict[str, Any]:
        """What was checked, whether all holds, and every rule."""
        return {
            "study": self.study.title, "holds": self.holds, "sentence": self.headline,
            "rules": [one._asdict() for one in self.verdicts],
        }  # fmt: skip

    def summary(self) -> str:
        """The sentence, what is broken with examples, and what was found of rare things."""
        lines = [self.headline]
        if not self.holds:
            lines += ["", "does not hold"]
            lines += [f"  {one.words} ({one.rule}): {_found(one)}" for one in self.broken]
        rare = [one for one in self.verdicts if one.kind == "rare" and one.holds]
        if rare:
            lines += ["", "rare on purpose, as cleaning code should find them"]
            lines += [f"  {one.words} ({one.rule}): {_found(one)}" for one in rare]
        return "\n".join(lines)


def _found(one: RuleVerdict) -> str:
    """How often, how often it may be, and where."""
    found = f"{one.found} of {one.n}"
    if one.kind == "rare":
        found += f", at a rate of {one.rate:.3g}: from {one.low} to {one.high}"
    return found + (f"; such as {one.examples}" if one.examples else "")


def lives_check(bundle: str | Path | Simulation) -> LivesCheck:
    """Check the lives of a bundle; see `egocohort.api.check_lives`."""
    from analysis.lives.check import check_record
    from analysis.lives.record import StudyRecord

    study = bundle if isinstance(bundle, Simulation) else whole_bundle(bundle)
    tables: Mapping[str, pd.DataFrame] = study.tables
    return LivesCheck(study, tuple(check_record(StudyRecord(tables, study.manifest))))
