"""``egocohort saturation``: what share of codes a qualitative study has seen, and when to stop."""

from pathlib import Path

import click

from egocohort.terminal import options


@click.command(
    "saturation",
    epilog="Many qualitative researchers hold that a number of people set beforehand is "
    "inherently problematic (Sim et al. 2018). This informs the analysts' judgement and decides "
    "nothing.",
)
@click.argument("study")
@click.option(
    "--n", "sizes", type=click.IntRange(1, 1_000_000), multiple=True, metavar="N",
    help="A number of people to look at; the study's own by default; may be repeated.",
)  # fmt: skip
@click.option(
    "--replicates", type=click.IntRange(2, 1_000_000), default=500, show_default=True,
    metavar="N", help="Studies to simulate.",
)  # fmt: skip
@options.seed
@options.threads
@options.out(
    "Folder for the tables (codes, codes_by_wave, codes_together, discovery, rules), "
    "saturation.png and protocol.md, which are replaced, and rows, from which a later run goes on.",
)
@click.option(
    "--protocol", "as_protocol", is_flag=True,
    help="Print text for the protocol and the report (COREQ) instead; with a [plan], all of them.",
)  # fmt: skip
@options.json_flag
def command(
    study: str,
    sizes: tuple[int, ...],
    replicates: int,
    seed: int | None,
    threads: int | None,
    out: Path | None,
    as_protocol: bool,
    as_json: bool,
) -> None:
    """Judge how many people STUDY must interview to see the codes its [saturation] names.

    STUDY is the name of a shipped study, such as qualitative-saturation, or a .toml file. Codes are
    events and states of simulated lives, or stated with a prevalence: no evidence about patients.
    """
    from analysis.runs.run import job_seed
    from analysis.saturation.kept import SATURATION
    from egocohort.results.saturation import find_saturation
    from egocohort.terminal.output import Stages, print_result
    from egocohort.terminal.start import announce_compiling, processors, seed_or_drawn
    from sim.files.folder import hold_results

    seed = seed_or_drawn(seed, job_seed(out, SATURATION))
    announce_compiling()
    with hold_results(out):
        with Stages() as stages:
            found = find_saturation(
                study, seed=seed, sizes=sizes, replicates=replicates,
                threads=threads or processors(), out=out, progress=stages,
            )  # fmt: skip
        written = found.save(out) if out is not None else []
    print_result(
        found, written, f"Picture and tables in {out}", as_json=as_json,
        protocol=found.protocol() if as_protocol else None,
    )  # fmt: skip
