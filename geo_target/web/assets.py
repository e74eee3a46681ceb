"""Own styles and scripts, and Leaflet's from its wheel: read once, served from memory."""

import importlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from geo_target.web.replies import Reply, pack

OWN = Path(__file__).resolve().parent.parent / "static"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_LEAFLET = ("leaflet.js", "leaflet.css")


@cache
def read_assets() -> Mapping[str, Reply]:
    """All files that pages may ask for by name; there are no others. Read once a process."""
    leaflet = Path(importlib.import_module("xstatic.pkg.leaflet").BASE_DIR)
    files = [*sorted(OWN.iterdir()), *(leaflet / name for name in _LEAFLET)]
    return {
        file.name: pack(file.read_bytes(), _TYPES[file.suffix])
        for file in files
        if file.suffix in _TYPES
    }
