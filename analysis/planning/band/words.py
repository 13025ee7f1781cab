"""The parameter band of a plan in words."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.planning.band.band import ParameterBand
from analysis.planning.band.over import ChanceBand, Over, Share, TruthBand

__all__ = ["band_in_sentences", "band_in_words"]


def band_in_words(band: ParameterBand, sizes: Sequence[int]) -> list[str]:
    """Truths and chances over draws.

    Parameters
    ----------
    band : ParameterBand
    sizes : sequence of int
        Those of the band's sizes to show.
    """
    lines = [
        f"What the world's parameters leave uncertain ({len(band.drawn)} joint draws of "
        f"{band.varied} that are assumed, births balanced anew; {band.truths_each} paired worlds "
        f"and {band.studies_each} studies each)"
    ]
    over = [("all draws", band.every)]
    if band.near is not None:
        over.append((f"the {band.near.draws} draws near the evidence", band.near))
    for number in range(1, len(band.every.truths) + 1):
        lines.append(f"Truth of question {number}: median and where 95 % of draws lie")
        lines += [f"  {name}: {_truth(one.truths[number - 1])}" for name, one in over]
    for name, one in over:
        lines += _chances(name, one, sizes)
    return lines


def band_in_sentences(band: ParameterBand, sizes: Sequence[int]) -> list[str]:
    """The same without tables, a line each."""
    lines = []
    for name, over in (("all", band.every), ("those near the evidence", band.near)):
        if over is None:
            continue
        who = f"over {name} ({over.draws} joint draws of the world's parameters)"
        lines += [
            f"{who}, truth of question {number}: {_truth(one)}"
            for number, one in enumerate(over.truths, start=1)
        ]
        lines += [
            f"{who}, chance with {n} people: {one.mean:.3f} (MCSE {one.mcse:.3f}), SD between "
            f"draws {one.sd:.2f}"
            for n in sizes
            if (one := over.at(n)) is not None
        ]
    return lines


def _truth(one: TruthBand) -> str:
    if not one.values:
        return "it exists in no two draws"
    said = f"{one.middle[0]:.3g}, {one.low[0]:.3g} to {one.high[0]:.3g} (MCSE of a draw "
    said += f"{one.mcse:.2g}, taken off)"
    if one.agree is not None and one.agree_corrected is not None:
        said += f"; sign as shipped in {_share(one.agree)} of draws, corrected for Monte Carlo "
        said += f"error {_share(one.agree_corrected)}"
    if one.undefined:
        said += f"; none in {one.undefined} draws"
    return said


def _share(one: Share) -> str:
    return f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})"


def _chances(name: str, over: Over, sizes: Sequence[int]) -> list[str]:
    lines = [
        f"Chance of success, averaged over {name} ({over.chances[0].studies} studies; spread over "
        "draws: beta-binomial)",
        f"{'people':>8}  {'chance':>6}  {'MCSE':>5}  {'SD between draws (95 %)':>24}  "
        f"{'half of draws':>13}  {'95 % of draws':>13}  {'reaching the target':>19}",
    ]
    return lines + [_chance(one) for n in sizes if (one := over.at(n)) is not None]


def _chance(one: ChanceBand) -> str:
    if one.sd == 0:  # too few studies to tell, or no difference
        return f"{one.n:>8}  {one.mean:>6.3f}  {one.mcse:>5.3f}  {'none to be seen':>24}"
    sd = f"{one.sd:.2f} ({one.sd_low:.2f} to {one.sd_high:.2f})"
    half = f"{one.quarter:.2f} to {one.three_quarters:.2f}"
    most = f"{one.low:.2f} to {one.high:.2f}"
    return (
        f"{one.n:>8}  {one.mean:>6.3f}  {one.mcse:>5.3f}  {sd:>24}  {half:>13}  {most:>13}  "
        f"{one.reaches:>19.2f}"
    )
