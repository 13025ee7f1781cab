"""The readable twin: egos, ties, lines of service and professionals as plain Python objects.

It follows the same week and calls the same rules with the same draws as the compiled week, and ends
with the same bytes. `sim.world.agents` is the entry; read `tie`, then `ego`, then the rest.
"""
