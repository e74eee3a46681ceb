"""Finds the villages and clusters whose extreme-poor families no program reaches.

This file runs before any geo library is imported, and so holds the guard that must come
first: GDAL reads ``GDAL_SKIP`` once, when it is loaded. A 150-byte VRT named ``.geojson``
would else make it read any file of this machine, and a WFS document any host.
"""

import os

__version__ = "0.1.0"

#: Drivers that read other files or call hosts (GDAL's security notes; docs/decisions/0002).
SKIPPED_DRIVERS = (
    "OGR_VRT", "VRT", "GTI", "WFS", "OAPIF", "CSW", "HTTP", "WMS", "WCS", "WMTS",
    "Elasticsearch", "MapML", "AVCBin", "AVCE00", "CARTO", "AmigoCloud", "EEDA", "PLSCENES",
    "NGW", "GPSBabel", "STACIT", "STACTA", "DAAS", "PLMOSAIC", "GDALG", "OGCAPI", "ADBC",
)  # fmt: skip

os.environ["GDAL_SKIP"] = ",".join(
    dict.fromkeys([*filter(None, os.environ.get("GDAL_SKIP", "").split(",")), *SKIPPED_DRIVERS])
)
os.environ.setdefault("PROJ_NETWORK", "OFF")
