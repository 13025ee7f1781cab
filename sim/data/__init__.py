"""What a study writes: tables, codebook, truth and the manifest that remakes them.

Imports ``sim.study`` and ``sim.world``. The last room of the simulator; ``analysis`` reads from it.
"""
