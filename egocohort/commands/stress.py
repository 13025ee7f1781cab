"""``egocohort stress``: a user's own analysis on studies whose truth is known."""

from pathlib import Path
from typing import Any

import click

from egocohort.terminal import options

NEGATIVE = 4


@click.command(
    "stress",
    epilog="Exit code 0: what must hold holds or is undecided, and the answer says which; 4: it "
    "does not. The code runs in a process of its own, which serves many studies, each in a folder "
    "of its own, with limits, and sees no variable of the environment beside paths and language; "
    "it is not locked in.",
)
@click.argument("code")
@click.option("--study", default="founding-study", show_default=True, metavar="STUDY",
              help="Name of a shipped study, or a .toml file.")  # fmt: skip
@click.option(
    "--estimates", multiple=True, metavar="ASKED",
    help='What a term estimates, such as "lost = kept friend 52"; at most 8 terms, each '
    "by an option of its own. Else lines '# estimates: ...' of the code say it, or the study's "
    "plan.",
)  # fmt: skip
@click.option(
    "--effect", default="", metavar="EFFECT",
    help='Plant an effect in the last arm: "swemwbs 0.35 SD at 52", after which may follow "step" '
    '(all of it from the first wave after baseline, not growing to it) and two arms, "more - '
    'usual"; or "loss friend -0.5 log odds at 52". Else that of the study\'s [stress].',
)  # fmt: skip
@click.option(
    "--conditions",
    metavar="NAMES",
    help="Conditions, with commas, and + between those that hold together; else those of the "
    "study's [stress], or the usual ones.",
)
@click.option(
    "--must", metavar="NAMES",
    help="Conditions that must hold, with commas; else those of the study's [stress], or "
    "no_effect, clean, effect, absence.",
)  # fmt: skip
@click.option(
    "--replicates", type=click.IntRange(2, 100_000), default=1600, show_default=True, metavar="N",
    help="Studies of each condition at most; it stops before, when what must hold is settled.",
)  # fmt: skip
@click.option(
    "--zone", "zones", multiple=True, metavar="NAME=X",
    help="Another edge of what is as it should be, such as coverage=0.9; may be repeated.",
)  # fmt: skip
@click.option("--check", "as_check", is_flag=True,
              help="Run one study, and explain what went in and what came back, and whether it can "
              "be what is estimated.")  # fmt: skip
@click.option("--only", type=click.IntRange(0, 10_000_000), metavar="R",
              help="Run replicate R alone, and show its rows.")  # fmt: skip
@click.option("--time-limit", type=click.FloatRange(0.1, 86_400), default=60.0, show_default=True,
              metavar="SECONDS", help="For one study.")  # fmt: skip
@click.option("--memory-limit", type=click.IntRange(50, 1_000_000), default=2000,
              show_default=True, metavar="MB", help="Resident, of all its processes.")  # fmt: skip
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write the verdicts as JUnit XML too.")  # fmt: skip
@options.seed
@options.threads
@options.out(
    "Folder for the rows, from which a later run goes on, tables, pictures, the study files of the "
    "conditions, and certificate.html."
)
@options.json_flag
def command(
    code: str,
    study: str,
    estimates: tuple[str, ...],
    effect: str,
    conditions: str | None,
    must: str | None,
    replicates: int,
    zones: tuple[str, ...],
    as_check: bool,
    only: int | None,
    time_limit: float,
    memory_limit: int,
    junit: Path | None,
    seed: int | None,
    threads: int | None,
    out: Path | None,
    as_json: bool,
) -> int | None:
    """Run CODE, your own analysis, on studies whose truth is known.

    CODE is a function of a Python file, "my.py:fit", or a command such as "Rscript fit.R", which is
    started in a folder with the study's CSV files and writes estimates.csv. `egocohort new fit.py`
    and `egocohort new fit.R` write one that runs. Tables that it has cleaned are scored too: of
    {"cleaned": {"alters": ...}, "estimates": ...}, or of cleaned-alters.csv.
    """
    from analysis.runs.run import job_seed
    from analysis.stress.code import Limits
    from analysis.stress.criteria import zones_said
    from analysis.stress.run import STRESS
    from egocohort.terminal.start import seed_or_drawn

    limits = Limits(time_limit, memory_limit)
    asked = {
        "estimates": estimates, "effect": effect, "conditions": _names(conditions),
        "limits": limits,
    }  # fmt: skip
    if as_check or only is not None:
        usable = _tried(code, study, out, as_json, replicate=only, seed=seed, **asked)
        return NEGATIVE if as_check and not usable else None
    fails = _tested(
        code, study, out, as_json, junit, must=_names(must), replicates=replicates,
        zones=zones_said(zones), seed=seed_or_drawn(seed, job_seed(out, STRESS)),
        threads=threads, **asked,
    )  # fmt: skip
    return NEGATIVE if fails else None


def _tried(code: str, study: str, out: Path | None, as_json: bool, **asked: Any) -> bool:
    """Run one study and say what came of it; whether all of it can be used."""
    from egocohort.results.stress_check import try_code
    from egocohort.terminal.output import print_result

    tried = try_code(code, study, **asked)
    written = tried.save(out) if out is not None else []
    print_result(tried, written, f"The study's files are in {out}", as_json=as_json)
    return tried.usable


def _tested(
    code: str,
    study: str,
    out: Path | None,
    as_json: bool,
    junit: Path | None,
    threads: int | None,
    **asked: Any,
) -> bool:
    """Run a stress test and say what came of it; whether something fails that must hold."""
    from egocohort.results.stress import run_stress
    from egocohort.terminal.output import Stages, print_result
    from egocohort.terminal.start import announce_compiling, processors
    from sim.files.whole import write_whole

    announce_compiling()
    with Stages() as progress:
        found = run_stress(
            code, study, out=out, threads=threads or processors(), progress=progress, **asked
        )
    if junit is not None:
        write_whole(junit, found.junit().encode())
    print_result(found, [out] if out else [], f"Certificate and rows in {out}", as_json=as_json)
    return found.verdict == "fails"


def _names(said: str | None) -> tuple[str, ...]:
    return tuple(one.strip() for one in (said or "").split(",") if one.strip())
