"""``egocohort sensitivity``: what an answer depends on, and what survives all that is assumed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.sensitivity.names import METHODS, OUTPUTS
from egocohort.terminal import options

if TYPE_CHECKING:
    from egocohort.results.assumptions import IgnoranceBand
    from egocohort.results.sensitivity import Sensitivity

OUTPUT_LINES = "\b\n" + "\n".join(
    f"{name}: {meaning} ({unit})" for name, (unit, meaning) in OUTPUTS.items()
)


@click.command(
    "sensitivity",
    epilog="Outputs:\n\n"
    + OUTPUT_LINES
    + "\n\nEvery draw lives the same teams with the same random "
    "draws, births of ties balanced anew. mu* is the change of the output over a parameter's whole "
    "range; noise is what it would be without any effect.",
)
@click.option("--output", metavar="NAME", help="What the answer is; see below.")
@click.option(
    "--band", is_flag=True,
    help="Instead of one output: how headline statements fare if all may be otherwise.",
)  # fmt: skip
@click.option(
    "--method", default="both", show_default=True, metavar="|".join(METHODS),
    help="Morris screening, Sobol shares of variance, or both in turn.",
)  # fmt: skip
@click.option(
    "--among", multiple=True, default=("assumed",), show_default=True, metavar="WHAT",
    help="What may vary: assumed, fitted, all, or parameters by path, * for anything; "
    "commas between several.",
)  # fmt: skip
@click.option("--quick", is_flag=True, help="Fewer draws: a minute, and wider intervals.")
@options.seed
@options.threads
@options.out(
    "Folder for tables, text, picture, and rows, from which a later run goes on; none are written "
    "if absent.",
)
@options.json_flag
def command(
    output: str | None,
    band: bool,
    method: str,
    among: tuple[str, ...],
    quick: bool,
    seed: int | None,
    threads: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Find the parameters that an answer of the simulated world depends on.

    The people are simulated: this shows what the world's answers rest on, and is no evidence about
    patients.
    """
    from analysis.runs.run import job_seed
    from analysis.sensitivity.names import SENSITIVITY
    from egocohort.terminal.output import print_result
    from egocohort.terminal.start import announce_compiling, processors, seed_or_drawn
    from sim.files.folder import hold_results

    _check(output, band, method)
    there = job_seed(out, SENSITIVITY)
    how = {"among": among, "quick": quick, "seed": seed_or_drawn(seed, there), "out": out}
    announce_compiling()
    with hold_results(out):
        found = _find(output, method, **how, threads=threads or processors())
        written = found.save(out) if out is not None else []
    print_result(found, written, f"Picture and tables in {out}", as_json=as_json)


def _find(output: str | None, method: str, **how: Any) -> IgnoranceBand | Sensitivity:
    """What the output depends on; without an output, how the statements fare."""
    from egocohort.terminal.output import Stages

    with Stages() as stages:
        if output is None:
            from egocohort.results.assumptions import find_band

            return find_band(**how, progress=stages)
        from egocohort.results.sensitivity import find_sensitivity

        return find_sensitivity(output, method=method, **how, progress=stages)


def _check(output: str | None, band: bool, method: str) -> None:
    """Refuse what cannot be run before anything is simulated."""
    from analysis.sensitivity.names import known_output
    from egocohort.results.sensitivity import check_method

    if (output is None) == (not band):
        raise click.UsageError("give --output NAME or --band, one of the two; --help lists names")
    if output is not None:
        known_output(output)
    elif method != "both":
        raise click.UsageError("--method belongs to --output; the band draws everything together")
    check_method(method)
