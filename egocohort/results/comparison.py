"""What `egocohort compare` finds: what scenarios do to the people of whole caseloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.compare.asked import EVERY, Precision, asked_comparison, known_outcomes, precision_of
from analysis.compare.basis_words import basis_in_words
from analysis.compare.caseloads import Caseloads, CaseloadsSpec
from analysis.compare.costs import Prices, cost_rows, read_prices
from analysis.compare.costs_words import costs_in_words
from analysis.compare.counted import check_people
from analysis.compare.deaths import alike_in_death, death_rows
from analysis.compare.drawn import Assumed, check_sets, numbers_of_sets, over_sets
from analysis.compare.equity import curve_rows, equity_rows
from analysis.compare.equity_words import equity_in_words
from analysis.compare.futures import (
    ExpectedEffects,
    FuturesSpec,
    check_futures,
    effects_over_futures,
)
from analysis.compare.headline import answers_in_words
from analysis.compare.looks import fork_week
from analysis.compare.person import PersonLives, lives_of_person, person_of
from analysis.compare.run import compared_caseloads, kept_place
from analysis.compare.shown import unit_of_change
from analysis.compare.substitution_words import substitution_in_words
from analysis.compare.tables import (
    difference_rows,
    individual_rows,
    subgroup_rows,
    substitution_rows,
)
from analysis.compare.words import (
    EVERYONE,
    assumed_in_words,
    deaths_in_words,
    individuals_in_words,
    outcome_and_week,
    person_in_words,
    spoken_of,
    whose,
)
from egocohort.results.comparison_columns import rows_in_columns
from egocohort.results.result import Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.runs.run import Run
    from egocohort.results.files import FileContent
    from sim.side_by_side import Progress

__all__ = ["DEFAULT_REPLICATES", "Comparison", "find_comparison"]

DEFAULT_REPLICATES = 40
WELLBEING = "wellbeing"
Row = dict[str, Any]


@dataclass(frozen=True)
class Comparison(Result):
    """Scenarios compared person by person: simulated people, not real ones.

    Attributes
    ----------
    lived : analysis.compare.caseloads.Caseloads
    outcomes : tuple of str
        Those that are shown.
    assumed : analysis.compare.drawn.Assumed or None
        The same under many sets of assumptions, where that was asked for.
    expected : (FuturesSpec, list of ExpectedEffects) or None
        What is to be expected of each person, where that was asked for.
    person : analysis.compare.person.PersonLives or None
        One person's year, where that was asked for.
    prices : analysis.compare.costs.Prices or None
        Of what is counted in money, where they were given.
    """

    lived: Caseloads
    outcomes: tuple[str, ...]
    assumed: Assumed | None = None
    expected: tuple[FuturesSpec, list[ExpectedEffects]] | None = None
    person: PersonLives | None = None
    prices: Prices | None = None

    @cached_property
    def _differences(self) -> list[Row]:
        return difference_rows(self.lived, self.outcomes)

    @cached_property
    def _subgroups(self) -> list[Row]:
        return subgroup_rows(self.lived, self.outcomes)

    @cached_property
    def _substitution(self) -> list[Row]:
        return substitution_rows(self.lived)

    @property
    def differences(self) -> pd.DataFrame:
        """One row per scenario, group, outcome and look; see `tables.difference_rows`."""
        return self.tables["differences"]

    @property
    def title(self) -> str:
        """What is compared with what."""
        first, *others = (one.id for one in self.lived.spec.scenarios)
        return f"{', '.join(others)} compared with {first}"

    @property
    def headline(self) -> str:
        """The answer, a sentence for each scenario but the first."""
        return "\n".join(answers_in_words(self.lived, self._differences, self._substitution))

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """`differences`, `substitution`, `deaths`, and what else was asked for."""
        import pandas as pd

        return {name: pd.DataFrame(rows) for name, rows in self._rows.items()}

    @cached_property
    def _rows(self) -> dict[str, list[Row]]:
        rows = {"differences": self._differences, "substitution": self._substitution}
        if died := death_rows(self.lived, self.outcomes):
            rows["deaths"] = died
        rows |= {"subgroups": self._subgroups} if self._subgroups else {}
        if ranked := equity_rows(self.lived, self.outcomes):
            rows["equity"] = ranked
        if curves := curve_rows(self.lived, self.outcomes):
            rows["equity_curves"] = curves
        if self.prices is not None:
            rows["costs"] = cost_rows(self.lived, self.prices)
        if self.expected is not None:
            rows["individuals"] = individual_rows(*self.expected)
        if self.person is not None:
            rows["person"] = self.person.outcomes(self.outcomes)
            rows["person_events"] = self.person.events()
        if self.assumed is not None:
            rows["band"] = self.assumed.bands(self.outcomes)
            rows["assumptions"] = self.assumed.movers(spoken_of(self.outcomes))
        return rows

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Differences over weeks ("differences"), "substitution", and "subgroups"."""
        return {
            "differences": self._ribbons,
            "substitution": self._bars,
            **({"subgroups": self._forest} if self._subgroups else {}),
            **({"equity": self._curves} if self._borne else {}),
            **({"person": self.person.figure} if self.person is not None else {}),
        }

    def _ribbons(self) -> Figure:
        from analysis.compare.figures import RIBBONS, ribbons_figure

        drawn = RIBBONS if set(RIBBONS) <= set(self.outcomes) else self.outcomes
        of_all = [row for row in self._differences if row["who"] == EVERYONE]
        rows = [row for name in drawn for row in of_all if row["outcome"] == name]
        spec = self.lived.spec
        return ribbons_figure(rows, fork_week(spec.scenarios, spec.weeks[-1] + 1))

    def _bars(self) -> Figure:
        from analysis.compare.figures import substitution_figure

        return substitution_figure(self._substitution)

    def _forest(self) -> Figure:
        from analysis.compare.figures import forest_figure

        return forest_figure(self._of_headline(self._subgroups))

    def _curves(self) -> Figure:
        from analysis.compare.figures import equity_figure

        return equity_figure(self._borne)

    @cached_property
    def _borne(self) -> list[Row]:
        return self._of_headline(self._rows.get("equity_curves", []))

    def _of_headline(self, rows: Sequence[Row]) -> list[Row]:
        """Rows of the few outcomes that pictures and words of subgroups show."""
        few = spoken_of(self.outcomes)
        return [row for name in few for row in rows if row["outcome"] == name]

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data; the lists have the rows of the tables."""
        spec = self.lived.spec
        return {
            "synthetic": True, "seed": spec.seed, "scenarios": [one.id for one in spec.scenarios],
            "weeks": spec.weeks[-1] + 1, "looks": list(spec.weeks),
            "replicates": self.lived.replicates,
            "teams": [{"site": one.site, "team": one.team} for one in spec.places],
            "answer": self.headline.splitlines(), "notes": self._notes, **self._rows,
        }  # fmt: skip

    def summary(self) -> str:
        """The answer and of whom it is, the tables at the last look, then what they rest on."""
        whom, *basis = self._notes
        parts = [self.headline, whom, *self._tables_in_words()]
        parts += ["\n".join(substitution_in_words(self._substitution))]
        if self._equity:
            parts.append("\n".join(self._equity))
        parts += ["\n".join(self._deaths)] if self._deaths else []
        if self.prices is not None:
            parts.append("\n".join(self._money))
        if self.expected is not None:
            parts.append("\n".join(individuals_in_words(self._rows["individuals"])))
        if self.person is not None:
            parts.append("\n".join(person_in_words(self.person, self.outcomes)))
        if self.assumed is not None:
            parts.append("\n".join(assumed_in_words(self.assumed, self.outcomes)))
        return "\n\n".join([*parts, "\n".join(basis)])

    @cached_property
    def _deaths(self) -> list[str]:
        return deaths_in_words(self.lived, self._rows.get("deaths", []), self.outcomes)

    @property
    def _equity(self) -> list[str]:
        usual = self.lived.spec.scenarios[0].id
        return equity_in_words(self._rows.get("equity", []), self.outcomes, usual)

    @property
    def _money(self) -> list[str]:
        if self.prices is None:
            return []
        spec = self.lived.spec
        return costs_in_words(
            self._rows["costs"], spec.scenarios, self.prices,
            who="" if spec.who is None else whose(self.lived),
            mortal=[one.id for at, one in enumerate(spec.scenarios)
                    if not alike_in_death(self.lived, at)],
        )  # fmt: skip

    @property
    def _notes(self) -> list[str]:
        return basis_in_words(self.lived, self.outcomes, has_band=self.assumed is not None)

    def _tables_in_words(self) -> list[str]:
        last = [row for row in self._differences if row["week"] == self.lived.spec.weeks[-1]]
        usual = self.lived.spec.scenarios[0].id
        said_of: dict[str, list[Row]] = {}
        for row in last:
            who = whose(self.lived, row["who"])
            words = f"{row['scenario']} less {usual}, {who}, end of week {row['week']}"
            said_of.setdefault(words, []).append(row)
        for row in self._of_headline(self._subgroups):
            unit = unit_of_change(row["unit"])
            words = f"{row['scenario']}, {outcome_and_week(row)} ({unit}), by subgroup"
            said_of.setdefault(words, []).append(row)
        return [f"{words}\n{rows_in_columns(rows, usual)}" for words, rows in said_of.items()]

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        from egocohort.results.plain import finite
        from sim.data.serialise import json_bytes

        drawn = {name: draw() for name, draw in self.pictures.items()}
        return {
            "report.html": self._html(drawn), **self._with_pictures(drawn),
            "comparison.json": json_bytes(finite(self.as_data())),
        }  # fmt: skip

    def _html(self, drawn: Mapping[str, Figure]) -> str:
        from analysis.compare.page import comparison_html

        spec = self.lived.spec
        content = {
            "title": self.title, "usual": spec.scenarios[0].id, "seed": spec.seed,
            "answers": self.headline.splitlines(), "basis": self._notes,
            "scenarios": list(dict.fromkeys(one.id for one in spec.scenarios[1:])),
            "groups": {row["who"]: whose(self.lived, row["who"]) for row in self._differences},
            "last": [row for row in self._differences if row["week"] == spec.weeks[-1]],
            "substitution": substitution_in_words(self._substitution), "died": self._deaths,
            "deaths": [row for row in self._rows.get("deaths", []) if row["beyond_noise"]],
            "costs": self._money, "subgroups": self._of_headline(self._subgroups),
            "equity": self._equity,
            "individuals": individuals_in_words(self._rows.get("individuals", [])),
            "person": (
                [] if self.person is None else person_in_words(self.person, self.outcomes)
            ),
            "assumed": (
                [] if self.assumed is None else assumed_in_words(self.assumed, self.outcomes)
            ),
        }  # fmt: skip
        return comparison_html(content, drawn)


def find_comparison(
    scenarios: Sequence[str | Path],
    *,
    weeks: int | None = None,
    every: int = EVERY,
    teams: int | None = None,
    replicates: int = DEFAULT_REPLICATES,
    by: Sequence[str] = (),
    who: str | None = None,
    outcomes: Sequence[str] = (),
    precision: str | None = None,
    draws: int = 0,
    futures: int = 0,
    person: str | None = None,
    costs: str | Path | None = None,
    seed: int,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare scenarios; see `egocohort.api.policy.compare`. Rows are kept in `out`."""
    shown = known_outcomes(outcomes)
    wanted, prices = _read(precision, costs)
    _check(futures, draws)
    spec = asked_comparison(
        scenarios, weeks=weeks, every=every, teams=teams, by=by, who=who, seed=seed
    )
    if person is not None:
        person_of(person, spec)
    _check_subgroups(spec, replicates, futures, draws, threads)
    how = _How(kept_place(out, spec), threads, progress)
    lived = compared_caseloads(spec, replicates, precision=wanted, **how._asdict())
    of = FuturesSpec(spec, WELLBEING, futures)
    return Comparison(
        lived, shown,
        over_sets(spec, draws, **how._asdict()) if draws else None,
        (of, effects_over_futures(of, **how._asdict())) if futures else None,
        lives_of_person(spec, person) if person is not None else None,
        prices,
    )  # fmt: skip


def _read(
    precision: str | None, costs: str | Path | None
) -> tuple[Precision | None, Prices | None]:
    wanted = None if precision is None else precision_of(precision)
    return wanted, None if costs is None else read_prices(costs)


def _check(futures: int, draws: int) -> None:
    check_futures(futures)
    check_sets(draws)


def _check_subgroups(
    spec: CaseloadsSpec, replicates: int, futures: int, draws: int, threads: int
) -> None:
    """Refuse subgroups of too few people of what is lived."""
    check_people(spec, range(replicates), threads=threads)
    if futures:
        check_people(replace(spec, cells=()), [0], threads=threads, fixed="--futures")
    if draws:
        check_people(spec, numbers_of_sets(), threads=threads, fixed="--draws")


class _How(NamedTuple):
    """How what is asked for is lived, by the names of parameters."""

    kept: Run | None
    threads: int
    progress: Progress | None
