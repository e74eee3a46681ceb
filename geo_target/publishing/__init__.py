"""The one door out: disclosure, layers, the map's script, the snapshot."""
