"""One figure wherever it stands: page, map, file. What differs here differs before a meeting."""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from geo_target.web.app import create_app
from geo_target.web.figures import State
from geo_target.web.indicators import Indicator, indicators_of, legend_of, told_villages
from geo_target.web.language import percent, tenth, whole
from geo_target.web.map_figures import NO_DATA
from geo_target.web.store import Snapshot, read_snapshot
from geo_target.web.takeaway_tables import COLUMN_OF
from tests.web.sample import RUN_ID, write_snapshot

#: State and value of an indicator in a village; None where there is no value.
Told = tuple[str, float | None]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("same")
    write_snapshot(folder)
    return folder


@pytest.fixture(scope="module")
def snapshot(archive: Path) -> Snapshot:
    return read_snapshot(archive / RUN_ID)


@pytest.fixture(scope="module")
def client(archive: Path) -> FlaskClient:
    return create_app(archive, doors=None).test_client()


def expected(snapshot: Snapshot, one: Indicator) -> dict[str, Told]:
    found = {code: one.figure(record) for code, record in told_villages(snapshot).items()}
    return {code: (str(f.state), f.value) for code, f in found.items()}


def _number(text: Any) -> float | None:
    return None if text in ("", None) else float(text)


def _of_rows(rows: list[dict[str, Any]], one: Indicator) -> dict[str, Told]:
    """As a file tells it: empty, and named in the last column where it is withheld."""
    name = COLUMN_OF.get(one.key, one.key)
    found = {}
    for row in rows:
        value = _number(row[name])
        is_withheld = name in str(row["withheld"] or "").split()
        state = State.WITHHELD if is_withheld else State.NO_DATA
        if value is not None:
            state = State.VALUE if value else State.ZERO
        found[str(row["village_code"])] = (str(state), value)
    return found


def in_csv(client: FlaskClient) -> list[dict[str, Any]]:
    text = client.get(f"/unduh/{RUN_ID}/kelurahan.csv").data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def in_xlsx(client: FlaskClient) -> list[dict[str, Any]]:
    content = client.get(f"/unduh/{RUN_ID}/kelurahan.xlsx").data
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows, names = (book.get_sheet_by_index(place).to_python() for place in (0, 1))
    keys = [str(row[0]) for row in names[1:]]
    return [dict(zip(keys, row, strict=False)) for row in rows if str(row[0])[:1].isdigit()]


def in_geojson(client: FlaskClient) -> list[dict[str, Any]]:
    content = json.loads(client.get(f"/unduh/{RUN_ID}/kelurahan.geojson").data)
    return [feature["properties"] for feature in content["features"]]


@pytest.mark.parametrize("read", [in_csv, in_xlsx, in_geojson])
def test_a_file_tells_what_the_registry_tells(
    snapshot: Snapshot, client: FlaskClient,
    read: Callable[[FlaskClient], list[dict[str, Any]]],
) -> None:  # fmt: skip
    rows = read(client)
    assert len(rows) == len(snapshot.villages)
    for one in indicators_of(snapshot):
        found = _of_rows(rows, one)
        for code, (state, value) in expected(snapshot, one).items():
            if state == State.SMALL:
                # The two counts stand in their own columns; of few families no new share does.
                assert one.key in COLUMN_OF or found[code] == (State.NO_DATA, None), (one.key, code)
                continue
            told = value if value is None else pytest.approx(value, rel=1e-9)
            assert found[code] == (state, told), (one.key, code)


def test_the_figures_of_the_map_are_the_counts_of_the_registry(
    snapshot: Snapshot, client: FlaskClient
) -> None:
    """What the browser does with them: tests/web/test_browser_indicators.py."""
    address = re.search(r'data-figures="([^"]+)"', client.get("/").text)
    assert address
    told: Mapping[str, Any] = client.get(address.group(1)).get_json()
    columns, codes = told["villages"]["columns"], told["villages"]["codes"]
    records = told_villages(snapshot)
    assert codes == [*records]
    assert [*told["indicators"]] == [one.key for one in indicators_of(snapshot)]
    for one in indicators_of(snapshot):
        measure, parts, bases, _tone = told["indicators"][one.key]
        assert measure == one.measure
        for names, places in ((one.subject.part, parts), (one.base, bases)):
            for name, place in zip(names, places, strict=True):
                for code, value in zip(codes, columns[place], strict=True):
                    record = records[code]
                    if name in record["withheld"]:
                        assert value is None
                    else:
                        assert value == (NO_DATA if record.get(name) is None else record[name])


def test_the_rows_of_the_overview_are_the_figures_of_the_registry(
    snapshot: Snapshot, client: FlaskClient
) -> None:
    """The three that come with the page."""
    page = client.get("/").text
    rows = dict(re.findall(r'<tr data-code="([^"]+)"(.*?)</tr>', page, re.DOTALL))
    ours = {one.key: one for one in indicators_of(snapshot)}
    for key in ("uncovered", "exclusion", "located"):
        for code, (state, value) in expected(snapshot, ours[key]).items():
            cell = re.search(rf'data-column="{key}">(.*?)</td>', rows[code], re.DOTALL)
            assert cell
            number = re.search(r'<span class="number">([^<]+)</span>', cell.group(1))
            if value is None or state == State.SMALL:
                words = {"withheld": "tidak ditampilkan", "none": "tidak ada data", "small": "dari"}
                assert words[state] in cell.group(1)
            else:
                assert number
                said = float(re.sub(r"[^\d]", "", number.group(1)))
                assert said == round(value * (1 if key == "uncovered" else 100))


def test_a_comparison_says_what_the_registry_tells(snapshot: Snapshot, client: FlaskClient) -> None:
    """Every indicator, in every village, in words."""
    records = told_villages(snapshot)
    for one in indicators_of(snapshot):
        other = "located" if one.key == "uncovered" else "uncovered"
        page = client.get(f"/banding?kiri={one.key}&kanan={other}").text
        rows = dict(re.findall(r'<tr data-code="([^"]+)"(.*?)</tr>', page, re.DOTALL))
        assert {*rows} == {*records}
        for code, record in records.items():
            cell = unescape(re.sub(r"<[^>]+>", " ", "<td" + rows[code].split("<td")[1]))
            figure = one.figure(record)
            with client.application.test_request_context("/"):
                said = {
                    State.WITHHELD: "tidak ditampilkan",
                    State.NO_DATA: "tidak ada data",
                    State.SMALL: f"{whole(figure.part or 0)} dari {whole(figure.base or 0)}",
                }.get(figure.state) or (
                    percent if one.is_share else tenth if one.is_density else whole
                )(figure.value or 0)
            assert " ".join(cell.split()).removesuffix(" KK") == " ".join(said.split()), one.key


def test_the_drawing_of_a_district_has_the_classes_of_the_map(
    snapshot: Snapshot, client: FlaskClient
) -> None:
    records = told_villages(snapshot)
    district = next(iter(snapshot.villages.values()))["district_code"]
    own = {code for code, record in records.items() if record["district_code"] == district}
    for one in indicators_of(snapshot):
        page = client.get(f"/kecamatan/{district}?peta={one.key}").text
        drawn = dict(
            re.findall(r'data-code="([^"]+)"><title>.*?<path class="village \S+ (\S+?)"', page)
        )
        tokens = legend_of(one, records).tokens
        assert drawn == {code: tokens[code] for code in own}, one.key
