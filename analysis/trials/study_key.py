"""The key of all draws of one study of a panel, in compiled code."""

from numba.extending import register_jitable

from sim.world.streams import philox

__all__ = ["study_key"]


@register_jitable
def study_key(seed, number):  # type: ignore[no-untyped-def]
    """The two words of `sim.world.streams.key_of`, from the two words of a seed and a replicate."""
    k0, k1, _, _ = philox(seed[0], seed[1], number & 0xFFFFFFFF, number >> 32, (0xE60C0, 0x57D1))
    return k0, k1
