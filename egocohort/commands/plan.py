"""``egocohort plan``: how many people a study needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from egocohort.terminal import options

if TYPE_CHECKING:
    from egocohort.results.cheapest import CheapestDesign
    from egocohort.results.plan import StudyPlan


@click.command(
    "plan",
    epilog="Every figure has its Monte Carlo standard error and the number of simulated studies "
    "behind it. A failed fit counts as no success; the table says what would change if it did.",
)
@click.argument("study")
@click.option(
    "--n", "sizes", type=click.IntRange(1, 1_000_000), multiple=True, metavar="N",
    help="Look at this number of people and search for none; may be repeated.",
)  # fmt: skip
@click.option(
    "--detect", type=click.IntRange(1, 1_000_000), metavar="N",
    help="Search for the smallest effect that N people detect.",
)  # fmt: skip
@click.option(
    "--cheapest", is_flag=True,
    help="Search [plan.choices] for the cheapest design that reaches the target.",
)  # fmt: skip
@click.option(
    "--attrition", "with_attrition", is_flag=True,
    help="Say what it costs that absence hangs on something, at the same retention.",
)  # fmt: skip
@click.option(
    "--recruitment", "with_recruitment", is_flag=True,
    help="Say how long recruiting takes and how many to approach.",
)  # fmt: skip
@click.option(
    "--replicates", type=click.IntRange(100, 1_000_000), default=None, metavar="N",
    help="Studies to simulate at each point of the curve; 1000, or 500 of the world.",
)  # fmt: skip
@click.option(
    "--precision", type=click.FloatRange(0.001, 0.5), default=None, metavar="SHARE",
    help="Search until the standard error of N is this share of it; .01, or .05 of the world. An N "
    "that a formula gives exactly is not searched for.",
)  # fmt: skip
@click.option(
    "--draws", type=click.IntRange(0, 100_000), default=0, show_default=True, metavar="N",
    help="Joint draws of all that the world assumes, to show what that leaves uncertain; 200 for a "
    "result, 0 for none. Plans from the world only.",
)  # fmt: skip
@options.seed
@options.threads
@options.out(
    "Keep every simulated study as a row in DIR/STUDY, from which a later run goes on, and "
    "write tables, pictures, texts for the protocol and a page there.",
)
@click.option(
    "--protocol", "as_protocol", is_flag=True,
    help="Print texts for the protocol (SPIRIT, DELTA2, CONSORT, ADEMP) instead.",
)  # fmt: skip
@options.json_flag
def command(
    study: str,
    sizes: tuple[int, ...],
    detect: int | None,
    cheapest: bool,
    with_attrition: bool,
    with_recruitment: bool,
    replicates: int | None,
    precision: float | None,
    draws: int,
    seed: int | None,
    threads: int | None,
    out: Path | None,
    as_protocol: bool,
    as_json: bool,
) -> None:
    """Find how many people STUDY needs to answer what its [plan] asks.

    STUDY is the name of a shipped study, such as network-intervention-trial, or a .toml file. The
    people are simulated: this plans a study and is no evidence about patients.
    """
    from egocohort.results.cheapest import make_cheapest
    from egocohort.results.plan import make_plan, seed_for
    from egocohort.terminal.output import Stages
    from egocohort.terminal.start import processors, seed_or_drawn
    from sim.study.spec import read_study

    _check(cheapest, as_protocol, sizes, others=(detect, draws))
    read = read_study(study)
    seed = seed_or_drawn(seed, None if cheapest else seed_for(read, out))
    with Stages() as stages:
        how: dict[str, Any] = {
            "seed": seed, "out": out, "replicates": replicates, "precision": precision,
            "threads": threads or processors(),
            "with_attrition": with_attrition, "with_recruitment": with_recruitment,
        }  # fmt: skip
        planned = (
            make_cheapest(read, **how, progress=stages) if cheapest
            else make_plan(read, sizes=sizes, detect=detect, draws=draws, **how, progress=stages)
        )  # fmt: skip
    _show(planned, as_protocol, as_json)


def _check(
    cheapest: bool, as_protocol: bool, sizes: tuple[int, ...], others: tuple[int | None, ...]
) -> None:
    """Refuse options that cannot go together before anything is simulated."""
    if cheapest and (sizes or as_protocol or any(others)):
        raise click.UsageError(
            "--cheapest searches for the number of people; leave out --n, --detect, --draws, "
            "--protocol"
        )
    if as_protocol and len(sizes) > 1:
        raise click.UsageError("--protocol is about one number of people; give one --n, or none")


def _show(planned: StudyPlan | CheapestDesign, as_protocol: bool, as_json: bool) -> None:
    """Print the plan or the design: its texts for a protocol, as JSON, or in words."""
    from egocohort.results.plan import StudyPlan
    from egocohort.results.protocol_file import kept_protocol
    from egocohort.terminal.output import print_json, say

    if planned.folder is not None:
        say(f"Results in {planned.folder}")
    if kept := kept_protocol(planned.files):
        say(kept)
    texts = {}
    if as_protocol and isinstance(planned, StudyPlan):
        texts["protocol"] = planned.protocol()
    if as_json:
        print_json({**planned.as_data(), **texts, "files": [str(file) for file in planned.files]})
    else:
        click.echo(texts.get("protocol") or planned.summary())
