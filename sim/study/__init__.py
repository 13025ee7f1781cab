"""What a study gets to see of a world: recruitment, allocation, interviews, those who stay away.

Imports ``sim.world``. Knows neither how tables are written (``sim.data``) nor what analyses make of
them.
"""
