"""A synthetic world, with its truth: what agencies would send."""
