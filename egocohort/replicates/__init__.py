"""Many studies: one study simulated again and again, as one data set, as bundles, or in memory."""
