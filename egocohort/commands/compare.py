"""``egocohort compare``: what scenarios do, to whom, and what takes its place."""

from __future__ import annotations

from pathlib import Path

import click

from egocohort.terminal import options


@click.command(
    "compare",
    epilog="Every person lives under every scenario with the same random draws, from one shared "
    "past: the difference is what the scenario does and nothing else. Totals are since week 0; "
    "levels are those of the week shown. --by takes diagnosis, partner, informal, need, household, "
    "team, with commas between several and * to cross two; --who as in partner=no,need=high.",
)
@click.argument("scenarios", nargs=-1, required=True, metavar="A B [C ...]")
@options.weeks_lived
@click.option(
    "--every", type=click.IntRange(1), default=13, show_default=True, metavar="N",
    help="Weeks between looks.",
)  # fmt: skip
@options.whole_teams
@click.option(
    "--replicates", type=click.IntRange(1), default=40, show_default=True, metavar="N",
    help="With new people each.",
)  # fmt: skip
@click.option(
    "--by", metavar="WHAT", callback=options.names_given, help="Subgroups, such as partner,need."
)
@options.chosen_people
@options.chosen_outcomes
@click.option(
    "--precision", metavar="OUTCOME=X",
    help="Go on until the half-width of its interval is X at the last look, in the unit shown.",
)  # fmt: skip
@click.option(
    "--futures", type=click.IntRange(0), default=0, metavar="N",
    help="Also N futures (200 or more) of each team's state before the cut: expected harm.",
)  # fmt: skip
@click.option(
    "--person", metavar="S.T.N",
    help="Also one person's year in each world, by site, team and number, as in 1.1.17.",
)  # fmt: skip
@click.option(
    "--draws", type=click.IntRange(0), default=0, metavar="N",
    help="Also under N sets of assumptions (200, say: some minutes): what holds in how many.",
)  # fmt: skip
@click.option(
    "--costs", metavar="NAME|FILE",
    help="Prices of a visit, a crisis and a bed day, such as england-2023, or your own (.toml).",
)  # fmt: skip
@options.seed
@options.threads
@options.out(
    "Folder for tables, pictures, a page, and rows, from which a later run goes on; none are "
    "written if absent."
)
@options.json_flag
def command(
    scenarios: tuple[str, ...],
    weeks: int | None,
    every: int,
    teams: int | None,
    replicates: int,
    by: tuple[str, ...],
    who: str | None,
    outcomes: tuple[str, ...],
    precision: str | None,
    futures: int,
    person: str | None,
    draws: int,
    costs: str | None,
    seed: int | None,
    threads: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Compare scenarios B, C, ... with A on whole caseloads, person by person.

    The people are simulated: this shows what follows from the model's assumptions, and is no
    evidence about patients, services or treatments.
    """
    from analysis.compare.run import COMPARE
    from analysis.runs.run import job_seed
    from egocohort.results.comparison import find_comparison
    from egocohort.terminal.output import Stages, print_result
    from egocohort.terminal.start import announce_compiling, processors, seed_or_drawn
    from sim.files.folder import hold_results

    seed = seed_or_drawn(seed, job_seed(out, COMPARE))
    announce_compiling()
    with hold_results(out):
        with Stages() as stages:
            found = find_comparison(
                scenarios, weeks=weeks, every=every, teams=teams, replicates=replicates,
                by=by, who=who, outcomes=outcomes, precision=precision,
                draws=draws, futures=futures, person=person, costs=costs, seed=seed,
                threads=threads or processors(), out=out, progress=stages,
            )  # fmt: skip
        written = found.save(out) if out is not None else []
    print_result(found, written, f"Page, pictures and tables in {out}", as_json=as_json)
