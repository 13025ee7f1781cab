"""What a command does before it simulates: a seed, threads, a word on what will take a while."""

import os

from egocohort.terminal.output import say

__all__ = ["announce_compiling", "processors", "seed_or_drawn"]


def seed_or_drawn(seed: int | None, there: int | None = None) -> int:
    """The seed given; else that of results there, or a drawn one, said on stderr."""
    if seed is not None:
        return seed
    if there is not None:
        say(f"seed {there}, that of the results there")
        return there
    from egocohort.simulation_run import draw_seed

    drawn = draw_seed()
    say(f"seed {drawn}")
    return drawn


def announce_compiling() -> None:
    """Say on stderr that the kernel will be compiled, if it will."""
    from egocohort.simulation_run import is_compiled

    if not is_compiled():
        say("compiling the kernel, once, about 30 s")


def processors() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
