"""One HTML file of some pages, all that they need inside: it opens from a stick, without a network.

What runs in it is named by its sum, so that nothing else does; it asks for nothing and sends
nothing. Links to pages that are not inside are plain words.
"""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app, render_template

from geo_target.web.replies import Reply
from geo_target.web.store import Snapshot

_STYLES = ("leaflet.css", "geo-target.css")
_SCRIPTS = (
    "early.js", "leaflet.js", "layers.js", "figures.js", "facilities.js", "overview.js",
    "picture.js",
)  # fmt: skip
_LAST_SCRIPT = "carried.js"
_BODY = re.compile(r"</header>(.*)</body>", re.DOTALL)
_CLASS = re.compile(r'<body class="([a-z -]*)">')
_LINK = re.compile(r'<a\b([^>]*?)\bhref="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
#: A form, with the fold that it stands in.
_FORM = re.compile(
    r"<details\b[^>]*>(?:(?!<details\b).)*?<form\b.*?</form>.*?</details>|<form\b.*?</form>",
    re.DOTALL,
)

#: Where a piece comes to stand in the frame.
_PLACE = re.compile(r"<!--(styles|(?:script|part) \d+|layer [\w-]+)-->")

#: Where the labels of a map lead.
_ON_THE_MAP = re.compile(r' data-cluster="[^"]*"')


@dataclass(frozen=True)
class View:
    """A page of the file: where it is on the service, what it is called, and all of it."""

    path: str
    title: str
    page: str


@dataclass(frozen=True)
class _Part:
    place: int
    title: str
    body_class: str
    content: str


def carried_page(
    views: Sequence[View],
    snapshot: Snapshot,
    facts: Sequence[tuple[str, str]],
    *,
    code: str,
    figures: bytes | None = None,
) -> str:
    """Join pages into one file; the first has the map of the snapshot.

    Parameters
    ----------
    facts
        What it says of itself: name and words.
    code
        Of this file, and so of every picture that is made of its map.
    figures
        The figures of all indicators, see `map_figures`; none of the public's.
    """
    places = {view.path: place for place, view in enumerate(views)}
    parts = [_part(place, view, places) for place, view in enumerate(views)]
    scripts = [*map(_asset, _SCRIPTS), _text(snapshot.map_script.body), _asset(_LAST_SCRIPT)]
    scripts = [_inside(script) for script in scripts]
    layers = {name: _layer(gzip.decompress(file.body)) for name, file in snapshot.layers.items()}
    if figures:
        layers["figures"] = _layer(figures)
    frame = render_template(
        "takeaway/carried.html",
        summary=snapshot.summary,
        parts=parts,
        scripts=len(scripts),
        sums=" ".join(map(_sum, scripts)),
        layers=[*layers],
        facts=facts,
        code=code,
    )
    pieces = {"styles": "\n".join(map(_asset, _STYLES))}
    pieces |= {f"script {number}": script for number, script in enumerate(scripts)}
    pieces |= {f"part {part.place}": part.content for part in parts}
    pieces |= {f"layer {name}": layer for name, layer in layers.items()}
    # What comes from the data is escaped in the frame: no comment of it names a piece.
    return _PLACE.sub(lambda place: pieces[place.group(1)], frame)


def _part(place: int, view: View, places: Mapping[str, int]) -> _Part:
    """What stands between head and foot of a page; its words are escaped already."""
    body, kind = _BODY.search(view.page), _CLASS.search(view.page)
    if body is None or kind is None:
        raise RuntimeError(f"{view.path} is no page of ours")
    linked = _LINK.sub(lambda link: _relinked(link, places), body.group(1))
    content = _ON_THE_MAP.sub("", _FORM.sub("", linked))
    return _Part(place, view.title, kind.group(1), content)


def _relinked(link: re.Match[str], places: Mapping[str, int]) -> str:
    """A link within the page stays, one to a page of the file turns there, others are words."""
    before, address, after, words = link.groups()
    if address.startswith("#"):
        return link.group(0)
    path = address.partition("#")[0].partition("?")[0]
    if path in places:
        return f'<a{before}href="#" data-view="{places[path]}"{after}>{words}</a>'
    return f"<span>{words}</span>"


def _asset(name: str) -> str:
    assets = cast(Mapping[str, Reply], current_app.extensions["geo_target.assets"])
    return _text(assets[name].plain)


def _text(body: bytes) -> str:
    return body.decode("utf-8")


def _inside(script: str) -> str:
    """A script that cannot end its own element."""
    return re.sub(r"</(?=script)", r"<\\/", script, flags=re.IGNORECASE)


def _sum(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _layer(body: bytes) -> str:
    """A layer as JSON that no HTML reader takes for a tag."""
    content: Any = json.loads(body)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("&", "\\u0026")
