"""Whether a tie is one that its ego would name: the edge of salience, and lasting judgements."""

from sim.world.arithmetic import ONE, ZERO, clip, f4, normal, probability, square_root
from sim.world.compiled import inlined
from sim.world.kinds import Group, Kind
from sim.world.parameters import catalogue

__all__ = [
    "NAMED", "PASSED_OVER", "SURE", "UNHEARD", "column_of_groups", "edge_of_naming", "fondness",
    "judge_lasting", "lifted",
]  # fmt: skip

OBJECT, PET = int(Group.OBJECT), int(Kind.PET)
UNHEARD, PASSED_OVER, NAMED = 0, 1, 2
SURE = f4(99)
LEAST, MOST = f4(1e-6), f4(0.9999)
"""Chances beyond which a tie is never, or always, named."""


def column_of_groups(path: str) -> int:
    """Column of the first group's value; the other groups follow it."""
    return catalogue()[path.format("partner")].index


NAMED_OF, AFFECTION_OF = column_of_groups("tie.{}.named"), column_of_groups("tie.{}.affection")


@inlined
def fondness(tie, p, flat):
    """How fond the ego is of an alter beside others of the group, in SD, cut at 2.5.

    A trait of the tie: were naming judged by importance, which is high while a tie is new, names
    once given would pile up on maps that are revisited.
    """
    z = (tie.affection - flat[AFFECTION_OF + tie.group]) / p.tie_affection_sd
    return clip(z, f4(-2.5), f4(2.5))


@inlined
def edge_of_naming(tie, shift, p, flat):
    """The normal deviate of salience below which a tie is named.

    Scaled so that the chance over ties of usual spread of affection stays the group's `named`.
    """
    chance = flat[NAMED_OF + tie.group]
    if chance <= ZERO:
        return -SURE
    if chance >= ONE:
        return SURE
    if tie.kind == PET:
        shift = shift + p.naming_pet
    effect, style = p.naming_affection_effect, p.naming_style_sd
    scale = square_root(ONE + effect * effect + style * style)
    return normal(chance) * scale + effect * fondness(tie, p, flat) + shift


@inlined
def lifted(edge, tie, lift):
    """The edge at which the chance to be named is that at `edge` times the person's factor.

    `lift` holds the factor for people and pets, and that for objects.
    """
    factor = lift[1] if tie.group == OBJECT and tie.kind != PET else lift[0]
    if factor == ONE:
        return edge
    chance = factor * probability(edge)
    if chance <= LEAST:
        return -SURE
    return SURE if chance >= MOST else normal(chance)


@inlined
def judge_lasting(here, judged, seen, on_map, shift, lift, p, flat):
    """Judge each tie once, when first active at an interview; it stays on the map while active."""
    for s in range(here.size):
        if here[s].group < 0:
            judged[s], seen[s] = UNHEARD, -1
            continue
        if here[s].identity != seen[s]:
            judged[s], seen[s] = UNHEARD, here[s].identity
        if here[s].active > ZERO and judged[s] == UNHEARD:
            edge = lifted(edge_of_naming(here[s], shift, p, flat), here[s], lift)
            judged[s] = NAMED if normal(here[s].salience) < edge else PASSED_OVER
        on_map[s] = here[s].active > ZERO and judged[s] == NAMED
