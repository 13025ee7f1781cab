"""How ties may lie in memory, timed: ``python docs/layouts.py`` (see docs/defence-of-design.md).

Four rules of the week for 288 egos of 24 slots, in each layout; the least of 400 calls, in
nanoseconds a slot. Compare lines with each other, not with another computer.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import click
import numba
import numpy as np

from sim.world.phases.rates import TieRates
from sim.world.rules.exchange import asks
from sim.world.rules.feelings import load_after, trust_after
from sim.world.rules.work import is_in_contact

EGOS, SLOTS, LANES, CALLS = 288, 24, 8, 400
COLUMNS = (
    "u1", "u2", "active", "rate", "obligation", "withdrawal", "outside", "contact", "ask_rate",
    "trust", "guilt_weight", "load", "alter_load", "effective", "asked", "closeness", "helped",
    "disclosed", "understanding", "strain", "gain", "human",
)  # fmt: skip
Ties = NamedTuple("Ties", [(name, np.ndarray) for name in COLUMNS])  # type: ignore[misc]


def arrays(x, used, p, a, b, c, d):
    """One array for each column; the loop is as long as the ego has ties."""
    for e in range(a.size):
        for k in range(used[e]):
            x.contact[e, k] = is_in_contact(
                x.u1[e, k], x.active[e, k], x.rate[e, k], a[e], x.obligation[e, k],
                x.withdrawal[e, k], b[e], x.outside[e, k], p,
            )  # fmt: skip
        for k in range(used[e]):
            x.asked[e, k] = asks(
                x.u2[e, k], x.ask_rate[e, k], c[e], x.trust[e, k], d[e], x.guilt_weight[e, k],
                x.load[e, k], x.alter_load[e, k], x.effective[e, k], p,
            )  # fmt: skip
        for k in range(used[e]):
            x.trust[e, k] = trust_after(
                x.trust[e, k], x.closeness[e, k], x.contact[e, k], x.helped[e, k],
                x.disclosed[e, k], x.understanding[e, k], x.strain[e, k], x.gain[e, k],
                x.human[e, k], p,
            )  # fmt: skip
        for k in range(used[e]):
            x.load[e, k] = load_after(x.load[e, k], x.helped[e, k], x.human[e, k], p)


def blocks(ties, used, p, a, b, c, d):
    """Records of eight slots; one loop of eight for each rule."""
    for e in range(a.size):
        share, level, need, guilt = a[e], b[e], c[e], d[e]
        for block in range(used[e] // LANES):
            x = ties[e, block]
            for k in range(LANES):
                x.contact[k] = is_in_contact(
                    x.u1[k], x.active[k], x.rate[k], share, x.obligation[k], x.withdrawal[k],
                    level, x.outside[k], p,
                )  # fmt: skip
            for k in range(LANES):
                x.asked[k] = asks(
                    x.u2[k], x.ask_rate[k], need, x.trust[k], guilt, x.guilt_weight[k], x.load[k],
                    x.alter_load[k], x.effective[k], p,
                )  # fmt: skip
            for k in range(LANES):
                x.trust[k] = trust_after(
                    x.trust[k], x.closeness[k], x.contact[k], x.helped[k], x.disclosed[k],
                    x.understanding[k], x.strain[k], x.gain[k], x.human[k], p,
                )  # fmt: skip
            for k in range(LANES):
                x.load[k] = load_after(x.load[k], x.helped[k], x.human[k], p)


def fused(ties, used, p, a, b, c, d):
    """Records of eight slots; one loop of eight for all four rules."""
    for e in range(a.size):
        share, level, need, guilt = a[e], b[e], c[e], d[e]
        for block in range(used[e] // LANES):
            x = ties[e, block]
            for k in range(LANES):
                x.contact[k] = is_in_contact(
                    x.u1[k], x.active[k], x.rate[k], share, x.obligation[k], x.withdrawal[k],
                    level, x.outside[k], p,
                )  # fmt: skip
                x.asked[k] = asks(
                    x.u2[k], x.ask_rate[k], need, x.trust[k], guilt, x.guilt_weight[k], x.load[k],
                    x.alter_load[k], x.effective[k], p,
                )  # fmt: skip
                x.trust[k] = trust_after(
                    x.trust[k], x.closeness[k], x.contact[k], x.helped[k], x.disclosed[k],
                    x.understanding[k], x.strain[k], x.gain[k], x.human[k], p,
                )  # fmt: skip
                x.load[k] = load_after(x.load[k], x.helped[k], x.human[k], p)


def records(ties, used, p, a, b, c, d):
    """One record for each tie."""
    for e in range(a.size):
        for k in range(used[e]):
            x = ties[e, k]
            x.contact = is_in_contact(
                x.u1, x.active, x.rate, a[e], x.obligation, x.withdrawal, b[e], x.outside, p
            )
            x.asked = asks(
                x.u2, x.ask_rate, c[e], x.trust, d[e], x.guilt_weight, x.load, x.alter_load,
                x.effective, p,
            )  # fmt: skip
            x.trust = trust_after(
                x.trust, x.closeness, x.contact, x.helped, x.disclosed, x.understanding, x.strain,
                x.gain, x.human, p,
            )  # fmt: skip
            x.load = load_after(x.load, x.helped, x.human, p)


def nanoseconds(function: Any, *arguments: Any, straight_line: int = 1) -> float:
    """Time a slot of a layout, compiled with or without the straight-line vectoriser."""
    numba.config.SLP_VECTORIZE = straight_line
    compiled = numba.njit(nogil=True, error_model="numpy")(function)
    compiled(*arguments)
    least = float("inf")
    for _ in range(CALLS):
        start = time.perf_counter()
        compiled(*arguments)
        least = min(least, time.perf_counter() - start)
    return least / (EGOS * SLOTS) * 1e9


def main() -> None:
    """Time every layout."""
    rng = np.random.default_rng(1)
    values = {name: rng.random((EGOS, SLOTS)).astype(np.float32) for name in COLUMNS}
    eight = np.zeros(
        (EGOS, SLOTS // LANES),
        np.dtype([(n, np.float32, (LANES,)) for n in COLUMNS], align=True),
    )
    single = np.zeros((EGOS, SLOTS), [(name, np.float32) for name in COLUMNS])
    for name, value in values.items():
        eight[name], single[name] = value.reshape(EGOS, -1, LANES), value
    eight, single = eight.view(np.recarray), single.view(np.recarray)
    used = np.full(EGOS, SLOTS)
    egos = [rng.random(EGOS).astype(np.float32) for _ in range(4)]
    scalars = TieRates(*[np.float32(0.3)] * len(TieRates._fields))
    record = np.full(1, 0.3, np.float32).repeat(len(scalars)).view(
        [(name, np.float32) for name in TieRates._fields]
    )  # fmt: skip
    memory = record.view(np.recarray)[0]
    for label, time_taken in (
        (
            "blocks of eight, parameters as scalars",
            nanoseconds(blocks, eight, used, scalars, *egos),
        ),
        ("the same, rules fused into one loop", nanoseconds(fused, eight, used, scalars, *egos)),
        ("one array a column", nanoseconds(arrays, Ties(**values), used, scalars, *egos)),
        ("one record a tie", nanoseconds(records, single, used, scalars, *egos)),
        ("blocks, parameters in their record", nanoseconds(blocks, eight, used, memory, *egos)),
        (
            "blocks, straight-line vectoriser off",
            nanoseconds(blocks, eight, used, scalars, *egos, straight_line=0),
        ),
    ):
        click.echo(f"{time_taken:6.2f}  {label}")


if __name__ == "__main__":
    main()
