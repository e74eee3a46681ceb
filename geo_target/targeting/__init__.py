"""Who is poor, who is reached, and where to go first."""
