"""The simulator: a world of egos and their ties, a study of it, and the tables that study writes.

Three rooms, each knowing only those before it: ``sim.world`` -> ``sim.study`` -> ``sim.data``.
Nothing here imports ``analysis`` or ``egocohort``, and nothing here draws a picture.
"""
