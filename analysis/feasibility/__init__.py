"""Feasibility studies: how well they tell what a trial must know, and whether it goes ahead."""
