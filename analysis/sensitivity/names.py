"""The outputs whose dependence can be asked for: name, unit, meaning. Plain words, quickly read."""

from __future__ import annotations

from collections.abc import Mapping

from sim.errors import InputError, meant_or_known

__all__ = ["CONTRASTS", "METHODS", "OUTPUTS", "SENSITIVITY", "known_output"]

SENSITIVITY = "sensitivity"

METHODS = ("both", "morris", "sobol")

OUTPUTS: Mapping[str, tuple[str, str]] = {
    "friend_retention_12m": ("share", "friends of week 0 who are still in touch a year later"),
    "kin_retention_12m": ("share", "relatives of week 0 who are still in touch a year later"),
    "professional_retention_12m": ("share", "professionals of week 0 who are still there then"),
    "friend_map_loss_12m": ("share", "friends on a first error-free map lost in a year (B16)"),
    "kin_map_loss_12m": ("share", "relatives on a first error-free map lost in a year (B16)"),
    "people_12m": ("people", "people in touch after a year, professionals included"),
    "map_size": ("members", "members on a first map, as an interview elicits it"),
    "support": ("help a week", "help from partner, kin, friends and weak ties after a year"),
    "wellbeing": ("SD", "mean wellbeing over the year"),
    "weeks_ill": ("weeks", "weeks of the year in an acute episode"),
    "recovery": ("weeks", "weeks from an episode forced in week 8 to the first week well"),
    "service_contacts": ("visits", "visits of the team kept in a year, by those on its caseload"),
    "unmet_need": ("0-1", "need that nobody met, in week 52"),
    "episode_friend_excess_loss": ("share", "friends lost in half a year because of an episode"),
    "episode_kin_excess_loss": ("share", "relatives lost in half a year because of an episode"),
    "friends_lost_first": ("share", "friends lost because of an episode, less relatives (P24)"),
    "cutback_contact_ratio": ("log ratio", "visits kept under a cutback to those without (P42)"),
    "cutback_wellbeing": ("SD", "wellbeing under a cutback, weeks 27-52, less without"),
    "cutback_thin_support": ("SD", "the same where informal support is thin, less where not (P43)"),
    "constriction_recovery": ("weeks", "weeks to recovery, constriction forbidden less free (P34)"),
}
"""Unit and meaning by name; means are over the people of the simulated teams."""

CONTRASTS = frozenset({
    "episode_friend_excess_loss", "episode_kin_excess_loss", "friends_lost_first",
    "cutback_contact_ratio", "cutback_wellbeing", "cutback_thin_support", "constriction_recovery",
})  # fmt: skip
"""Outputs that are what one world has less another: small, beside the noise of so many teams."""


def known_output(name: str) -> str:
    """The name itself; an `InputError` with the nearest one if there is no such output."""
    if name not in OUTPUTS:
        hint = meant_or_known(name, OUTPUTS)
        raise InputError(f'there is no output "{name}"{hint}')
    return name
