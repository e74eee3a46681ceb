"""Village codes and boundaries, addresses, and where families are."""
