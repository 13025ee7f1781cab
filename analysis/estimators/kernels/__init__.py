"""The compiled halves of the estimators: loops over replicates that numba types itself."""
