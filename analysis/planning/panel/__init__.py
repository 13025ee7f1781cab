"""The classical longitudinal model: its studies, and the formulas that hold for them."""
