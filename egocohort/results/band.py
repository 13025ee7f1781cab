"""The parameter band of a plan as plain data and as a table."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from analysis.planning.band.band import ParameterBand
    from analysis.planning.band.over import Over, Share, TruthBand

__all__ = ["band_as_data", "band_table"]


def band_table(band: ParameterBand) -> pd.DataFrame:
    """One row per draw, question and size: truth, studies that succeeded, estimate and error."""
    import pandas as pd

    rows = [
        {
            "draw": draw, "near_shipped": one.near, "question": q, "truth": truth.value,
            "truth_mcse": truth.mcse, "paired_worlds": truth.replicates, "n": n,
            "studies": band.studies_each, "succeeded": sum(one.won[s]),
            "estimate": one.estimates[s][q - 1], "se": one.errors[s][q - 1],
        }
        for draw, one in enumerate(band.drawn)
        for q, truth in enumerate(one.truths, start=1)
        for s, n in enumerate(band.sizes)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def band_as_data(band: ParameterBand | None) -> dict[str, Any] | None:
    """The band without its draws; None if there is none."""
    if band is None:
        return None
    return {
        "draws": len(band.drawn),
        "parameters": band.varied,
        "paired_worlds_a_draw": band.truths_each,
        "studies_a_draw": band.studies_each,
        "between_draws": "beta-binomial, by moments",
        "all": _over(band.every),
        "near_shipped": None if band.near is None else _over(band.near),
    }


def _over(one: Over) -> dict[str, Any]:
    return {
        "draws": one.draws,
        "truths": [_truth(truth) for truth in one.truths],
        "chances": [asdict(chance) for chance in one.chances],
    }


def _truth(one: TruthBand) -> dict[str, Any]:
    quantiles = {
        name: dict(zip(("value", "lo", "hi"), at, strict=True))
        for name, at in (("q025", one.low), ("q500", one.middle), ("q975", one.high))
    }
    return {
        **quantiles, "undefined": one.undefined, "mcse_of_a_draw": one.mcse,
        "same_sign": _share(one.agree), "same_sign_corrected": _share(one.agree_corrected),
    }  # fmt: skip


def _share(one: Share | None) -> dict[str, float] | None:
    return None if one is None else {"share": one.value, "lo": one.low, "hi": one.high}
