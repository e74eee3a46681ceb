"""Families under pseudonyms: whose they are cannot be told from them, and every look is logged."""

import csv
import io
import re

import pytest

from geo_target.publishing.by_pseudonym import pseudonym
from tests.operations.world import ROOT
from tests.web.house import KEY, House, get
from tests.web.named import OTHER_DISTRICT, SAME_DISTRICT, VILLAGE, families

PAGE = f"/kelurahan/{VILLAGE}/samaran"
FILE = f"/kecamatan/{VILLAGE[:8]}/samaran.csv"


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_an_analyst_sees_states_of_families_and_nobody(house: House) -> None:
    text = get(house.signed_in("analyst"), PAGE).text
    here = [one for one in families() if one.village_code == VILLAGE]
    assert set(re.findall(r"<code>([0-9a-f]{16})</code>", text)) >= {
        pseudonym(one.family_id, KEY) for one in here
    }
    assert [text.count(words) for words in ("Belum tersentuh<", "Belum padan<")] == [4, 1]
    assert not [word for one in families() for word in one.words if word in text]


def test_points_have_three_decimals_and_no_more(house: House) -> None:
    rows = read(get(house.signed_in("analyst"), FILE).data)
    there = {pseudonym(one.family_id, KEY): one for one in families()}
    own = [row for row in rows if row["pseudonym"] in there]
    assert len(own) == len([one for one in families() if one.village_code[:8] == VILLAGE[:8]])
    for row in own:
        assert row["lon"] == f"{round(there[row['pseudonym']].lon, 3)}"
        assert len(row["lon"].partition(".")[2]) <= 3
    assert "family_id" not in rows[0]
    assert "untuk analyst" in rows[0]["source"]


def test_the_order_is_not_that_of_the_list(house: House) -> None:
    names = [row["pseudonym"] for row in read(get(house.signed_in("analyst"), FILE).data)
             if row["village_code"] == SAME_DISTRICT]  # fmt: skip
    assert names == sorted(names)


def test_a_pseudonym_is_not_the_id_of_the_log_nor_anothers_key(house: House) -> None:
    each = families()[0]
    assert pseudonym(each.family_id, KEY) != pseudonym(each.family_id, b"x" * 32)
    get(house.signed_in("analyst"), PAGE)
    log = [row for row in house.audit.entries(by=ROOT) if row["verb"] == "pseudonym.read"]
    assert (log[0]["object_id"], log[0]["persons"]) == (VILLAGE, 8)
    past, future = house.clock.now.replace(year=2000), house.clock.now.replace(year=2100)
    assert house.audit.who_saw(each.family_id, past, future, by=ROOT)
    assert pseudonym(each.family_id, KEY) not in str([dict(row) for row in log])


def test_a_file_is_an_export_in_the_log(house: House) -> None:
    get(house.signed_in("analyst"), FILE)
    log = [row for row in house.audit.entries(by=ROOT) if row["verb"] == "pseudonym.export"]
    assert [(row["object_id"], row["persons"]) for row in log] == [(VILLAGE[:8], 38)]


@pytest.mark.parametrize(
    "path",
    ["/kecamatan/36.73.09/samaran.csv", f"{PAGE}?halaman=2", f"{PAGE}?halaman=x",
     "/kelurahan/36.73.01.9999/samaran"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(house: House, path: str) -> None:
    assert get(house.signed_in("analyst"), path).status_code == 404


def test_the_village_links_it_for_the_analyst_alone(house: House) -> None:
    for who, is_linked in (("analyst", True), ("viewer", False), ("officer", False)):
        text = get(house.signed_in(who), f"/kelurahan/{OTHER_DISTRICT}").text
        assert ("/samaran" in text) is is_linked
