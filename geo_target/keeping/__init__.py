"""Keeping what there is, and no longer than it may be kept: backup, restore, purge."""
