"""Where nothing can be written down nobody is named, on any page or file; all else goes on."""

import pytest

from geo_target.errors import Fault
from geo_target.operations.audit import AuditLog
from geo_target.operations.refusals import AuditError
from geo_target.web.field_scope import officer_key
from tests.web.house import House, get
from tests.web.named import VILLAGE
from tests.web.own_visited import CODES, WATI, plan_visits
from tests.web.sample import RUN_ID
from tests.web.test_canary import PATHS, VISITS, bytes_of, held
from tests.web.visited import OFFICERS, add_plan

#: What names families in another form than a page, or has their points.
CARRIED = ("semua.gpx", "semua.kml", "semua.gpkg", "semua.zip", "2025-11-24.pdf")
#: What is not to be had is the same with a full disk; what may be seen is 200, but for names.
OPEN = ("/", "/klaster", "/register", "/lapangan", f"/kelurahan/{VILLAGE}", "/akun", "/health",
        "/tentang-angka", "/lapangan/jawaban", "/unduh",
        f"/layers/{RUN_ID}/villages.json")  # fmt: skip
NAMING = f"/kelurahan/{VILLAGE}/keluarga"
#: The log refuses whatever the database is: each is shown with a full disk elsewhere.
ONE = pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """No entry can be kept; what the database does then is shown elsewhere."""

    def refuse(*_: object, **__: object) -> None:
        raise AuditError(Fault("E-AUDIT-WRITE", id="jejak audit", en="audit log"))

    for name in ("append", "append_within", "write"):
        monkeypatch.setattr(AuditLog, name, refuse)


@ONE
@pytest.mark.parametrize("who", ["officer", "coordinator", WATI])
def test_whatever_names_somebody_is_refused(
    house: House, who: str, request: pytest.FixtureRequest
) -> None:
    plan_visits(house)
    browser = house.signed_in(who)
    asked = (*PATHS, *VISITS)
    named = get(browser, f"/kunjungan/{CODES[1]}" if who == WATI else NAMING)
    assert held([bytes_of(named)])
    request.getfixturevalue("full")
    replies = [get(browser, path) for path in asked]
    assert held(bytes_of(each) for each in replies) == set()
    assert 503 in {each.status_code for each in replies}
    assert {get(browser, path).status_code for path in OPEN} <= {200, 403}
    assert get(browser, f"/kunjungan/{CODES[1]}").status_code == (503 if who == WATI else 403)


@ONE
@pytest.mark.parametrize("kind", CARRIED)
def test_nothing_is_carried_away(house: House, kind: str, request: pytest.FixtureRequest) -> None:
    if kind.endswith("pdf"):
        pytest.importorskip("typst", reason="typst is not installed")
    number, _ = add_plan(house)
    browser = house.signed_in("coordinator")
    with house.app.test_request_context():
        own = officer_key(OFFICERS[0].name)
    path = f"/lapangan/rencana/{number}/bekal/{own}/{kind}"
    assert get(browser, path).status_code == 200
    request.getfixturevalue("full")
    refused = get(browser, path)
    assert refused.status_code == 503
    assert held([bytes_of(refused)]) == set()
