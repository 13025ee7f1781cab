"""What `egocohort stress` finds: the certificate of a user's analysis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from analysis.runs.run import job_seed
from analysis.stress.answers import USABLE
from analysis.stress.beside import RelativeEfficiency
from analysis.stress.code import Limits, user_code
from analysis.stress.effect_words import effect_as_data
from analysis.stress.result import StressResult, spec_of_stress, stress_study
from analysis.stress.run import CLEANING, STRESS, stress_run
from analysis.stress.studies import StressSpec
from analysis.stress.verdicts import FAILS, HOLDS, UNDECIDED, Judgement
from analysis.stress.words import (
    replay_command,
    sentence,
    silent_sentences,
    stress_answer,
    stress_in_words,
)
from egocohort.results.plain import plain_rows
from egocohort.results.result import Result
from egocohort.results.stress_cleaning import cleaning_table
from egocohort.simulation_run import settled_seed
from sim.data.provenance import version
from sim.files.folder import hold_results
from sim.side_by_side import Progress, silent
from sim.study.spec import read_study

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from egocohort.results.files import FileContent

__all__ = ["StressTest", "run_stress"]

OF_FIRST_STUDIES = """\
# The first study of each world, as replicates 0 to 99 are; --replicate is then the column `world`
# of rows.csv. The file of a later study of a world: egocohort stress ... --only R --out DIR
"""
"""Stands above the study file of a condition where worlds have served several studies."""


@dataclass(frozen=True)
class StressTest(Result):
    """How an analysis does on studies whose truth is known.

    Attributes
    ----------
    result : analysis.stress.result.StressResult
    """

    result: StressResult

    @property
    def title(self) -> str:
        """Of which analysis, on which study."""
        return f"Stress test of {self.result.spec.code.said} on {self.result.study.id}"

    @property
    def headline(self) -> str:
        """The answer in a sentence."""
        return stress_answer(self.result)

    @property
    def verdict(self) -> str:
        """Of all that must hold: "fails" if some does not, "holds" if all surely does."""
        if self.result.failed:
            return FAILS
        return UNDECIDED if self.result.undecided else HOLDS

    def summary(self) -> str:
        """The answer, silent failures first, and the verdicts."""
        return stress_in_words(self.result)

    @property
    def verdicts(self) -> pd.DataFrame:
        """One row per condition and term."""
        import pandas as pd

        return pd.DataFrame([_verdict_row(one, self.result.spec) for one in self.result.judged])

    @property
    def measures(self) -> pd.DataFrame:
        """One row per condition, term and criterion, with its Monte Carlo standard error."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"condition": one.trial.condition, "term": one.trial.term, "criterion": each.name,
                 "value": each.value, "mcse": each.mcse, "studies": each.n,
                 "effective": each.effective, "p_outside": each.outside, "p_inside": each.inside}
                for one in self.result.judged
                for each in one.criteria
            ]
        )  # fmt: skip

    @property
    def rows(self) -> pd.DataFrame:
        """One row per condition, replicate and term: what the analysis gave, or why nothing."""
        found: pd.DataFrame = self.result.rows.drop_columns([CLEANING]).to_pandas()
        return found

    @property
    def ladder(self) -> pd.DataFrame:
        """One row per condition, term and step: what it adds to the bias, from truth to estimate.

        The steps of a term add up to `bias`. They are taken over `studies`, of those that are
        usable; a step that a term has not has no row.
        """
        import pandas as pd

        columns = (
            "condition", "term", "step", "value", "mcse", "bias", "bias_mcse", "studies", "usable",
        )  # fmt: skip
        rows = [
            (one.condition, one.term, *step, one.bias, one.mcse, one.studies, one.usable)
            for one in self.result.ladders
            for step in one.steps
        ]
        return pd.DataFrame(rows, columns=list(columns))

    @property
    def beside(self) -> pd.DataFrame:
        """One row per term that a shipped right analysis answers too: relative width, efficiency.

        Of intervals and estimates in clean studies, each with its Monte Carlo standard error; see
        `analysis.stress.beside.RelativeEfficiency`. Empty where none does or none were run.
        """
        import pandas as pd

        columns = RelativeEfficiency._fields
        return pd.DataFrame(self.result.beside, columns=list(columns))

    @property
    def cleaning(self) -> pd.DataFrame:
        """One row per condition, cleaned table and kind of error, and "all" for the whole table.

        Shares of the errors that were detected and repaired and, of a whole table, of the changes
        that had an error (`precision`), each with its Monte Carlo standard error. Empty if the code
        gave no cleaned table.
        """
        return cleaning_table(self.result.cleaning)

    @property
    def invariances(self) -> pd.DataFrame:
        """One row per change that should make no difference, and whether it does."""
        import pandas as pd

        return pd.DataFrame([one._asdict() for one in self.result.invariances])

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`shown_tables`, and `rows`."""
        return {name: getattr(self, name) for name in (*self.shown_tables, "rows")}

    @property
    def shown_tables(self) -> tuple[str, ...]:
        """All but the rows; those that can be empty only if they are not."""
        found = [name for name in ("beside", "cleaning") if getattr(self.result, name)]
        return ("verdicts", "measures", "ladder", *found, "invariances")

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Intervals ("zip"), bias by condition ("bias"), and where it comes from ("ladder")."""
        from analysis.stress.figure import bias_figure, zip_figure
        from analysis.stress.ladder_figure import ladder_figure

        result = self.result
        return {
            "zip": lambda: zip_figure(result),
            "bias": lambda: bias_figure(result),
            "ladder": lambda: ladder_figure(result.ladders, result.zones.bias),
        }

    def as_data(self) -> dict[str, Any]:
        """Everything but the rows as plain data."""
        result, spec = self.result, self.result.spec
        truths = [
            {"term": term, "asked": words, "truth": one.value, "mcse": one.mcse,
             "worlds": one.replicates}
            for term, words, one in zip(
                spec.asked.terms, spec.asked.words, result.truths, strict=True
            )
        ]  # fmt: skip
        for one, with_it in zip(truths, result.planted, strict=False):
            one |= {"truth_with_effect": with_it.value, "mcse_with_effect": with_it.mcse}
        return {
            "synthetic": True,
            "answer": self.headline,
            "verdict": self.verdict,
            "undecided": [f"{one.trial.condition}: {one.trial.term}" for one in result.undecided],
            "silent": silent_sentences(result),
            "code": {"run": spec.code.said, "sha256": spec.code.digest},
            "study": result.study.id,
            "seed": spec.seed,
            "egocohort": version(),
            "must": list(result.must),
            "conditions": dict(spec.conditions),
            "studies": result.replicates,
            "studies_at_most": result.most,
            "worlds": result.worlds,
            "effective_studies": result.effective,
            "zones": result.zones._asdict(),
            "effect": effect_as_data(result),
            "truths": truths,
            "verdicts": plain_rows(self.verdicts),
            "whence": result.whence,
            "beside": plain_rows(self.beside),
            "ladder": plain_rows(self.ladder),
            "cleaning": plain_rows(self.cleaning),
            "invariances": plain_rows(self.invariances),
            "failures": self._failures(),
        }

    def _failures(self) -> list[dict[str, Any]]:
        """The rows without a usable answer, each with the command that makes it again."""
        spec = self.result.spec
        return [
            {**{name: row[name] for name in ("condition", "replicate", "term", "status")},
             "again": replay_command(spec, row["condition"], row["replicate"])}
            for row in self.result.rows.to_pylist()
            if row["status"] != USABLE
        ]  # fmt: skip

    def junit(self) -> str:
        """The verdicts as JUnit XML, which services of continuous integration read.

        What must hold and does not is a failure; all else that does not hold is skipped, with its
        reason.
        """
        cases = [_junit_case(one, self.result.spec) for one in self.result.judged]
        failed = len(self.result.failed)
        skipped = sum("<skipped" in one for one in cases)
        head = (
            f'<testsuite name={quoteattr(self.title)} tests="{len(cases)}" '
            f'failures="{failed}" skipped="{skipped}">'
        )
        start = '<?xml version="1.0" encoding="UTF-8"?>'
        return "\n".join([start, head, *cases, "</testsuite>"]) + "\n"

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        from analysis.stress.page import certificate_html

        shared = OF_FIRST_STUDIES if self.result.worlds < self.result.replicates else ""
        studies = {
            f"study-{case.condition}.toml": shared + case.study.to_toml()
            for case in self.result.spec.cases
        }
        page = {"certificate.html": certificate_html(self.result)}
        return {**super()._contents(out), **studies, **page}


def _verdict_row(one: Judgement, spec: StressSpec) -> dict[str, Any]:
    found = {
        "condition": one.trial.condition, "term": one.trial.term, "must": one.trial.must,
        "verdict": one.verdict, "silent": one.silent, "wasteful": one.wasteful, "studies": one.n,
        "truth": one.trial.truth.value, "truth_mcse": one.trial.truth.mcse,
    }  # fmt: skip
    rows, used = one.trial.rows.first(one.n), one.trial.rows.usable[: one.n]
    found["mean_estimate"] = one.mean_estimate
    for name in ("bias", "coverage", "standard error", "type I error", "usable"):
        criterion = one.of(name)
        key = name.replace(" ", "_")
        found[key] = criterion.value if criterion else float("nan")
        found[f"{key}_mcse"] = criterion.mcse if criterion else float("nan")
    true = one.trial.truth.value
    covers = used & (rows.lo <= true) & (true <= rows.hi)
    found["coverage_failures_miss"] = float(covers.mean())
    width = (rows.hi - rows.lo)[used]
    found["width"] = float(width.mean()) if used.any() else float("nan")
    found["warned"] = float(rows.warned.mean())
    found["broken"] = ", ".join(one.broken)
    found["words"] = sentence(one, spec) if one.verdict == FAILS else ""
    return found


def _junit_case(one: Judgement, spec: StressSpec) -> str:
    name = f"{one.trial.condition}: {one.trial.term}"
    start = f'<testcase classname="stress" name={quoteattr(name)}'
    if one.verdict == HOLDS:
        return f"  {start}/>"
    said = sentence(one, spec) if one.verdict == FAILS else f"undecided after {one.n} studies"
    kind = "failure" if one.trial.must and one.verdict == FAILS else "skipped"
    return f"  {start}><{kind} message={quoteattr(said)}/></testcase>"


def run_stress(
    code: str,
    study: str | Path,
    *,
    estimates: Sequence[str] = (),
    effect: str = "",
    conditions: Sequence[str] = (),
    must: Sequence[str] = (),
    replicates: int,
    zones: Mapping[str, float] | None = None,
    limits: Limits | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    threads: int = 1,
    progress: Progress = silent,
) -> StressTest:
    """Run a stress test; see `egocohort.api.stress.stress`."""
    asked = read_study(study)
    seed = settled_seed(seed, job_seed(out, STRESS))
    spec = spec_of_stress(
        user_code(code), asked, estimates=estimates, conditions=conditions, limits=limits,
        seed=seed, named=str(study), effect=effect,
    )  # fmt: skip
    with hold_results(out):
        result = stress_study(
            spec, replicates=replicates, must=must, zones=zones,
            kept=stress_run(out, seed), threads=threads, progress=progress,
        )  # fmt: skip
        found = StressTest(result)
        if out is not None:
            found.save(out)
    return found
