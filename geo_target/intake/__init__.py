"""Agency files as text, each cell checked, faults set aside."""
