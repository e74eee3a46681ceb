"""What waits is read by the limited process; of a file that is refused the reason stays."""

import errno
import threading
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geo_target.deliveries import delivery as delivery_module
from geo_target.deliveries import reading as reading_module
from geo_target.deliveries import records
from geo_target.deliveries.delivery import Answers, Delivered, Deliveries, State
from geo_target.deliveries.private_files import write_json
from geo_target.deliveries.queue import ReadingQueue
from geo_target.deliveries.reading import read_aside
from geo_target.errors import GeoTargetError
from geo_target.intake.report import check_file
from geo_target.places.list_report import places_report
from geo_target.platform import Limits
from tests.builders import nik
from tests.deliveries.month import TODAY, clock, confirmed, handed_in, office, recipients
from tests.intake.test_lists import xlsx_file

HEADERS = ["NAMA PENERIMA", "NIK KTP", "TAHAP", "BANSOS"]

pytestmark = pytest.mark.usefixtures("quick_children")


@pytest.fixture
def deliveries(tmp_path: Path) -> Deliveries:
    return Deliveries(office(tmp_path), clock=clock)


def code(error: pytest.ExceptionInfo[GeoTargetError]) -> str:
    return error.value.faults[0].code


def left(file: Delivered) -> set[str]:
    return {p.relative_to(file.path.parent).as_posix() for p in file.path.parent.rglob("*")}


def read(deliveries: Deliveries, name: str, content: bytes) -> Delivered:
    id = handed_in(deliveries, name, content).id
    deliveries.read_waiting()
    return deliveries.file(id)


def test_a_file_is_read_and_its_answers_proposed(deliveries: Deliveries) -> None:
    file = read(deliveries, "penerima_pkh_nov 2025.csv", recipients("PKH", nik(1), nik(2)))
    assert (file.state, file.confirmed) == (State.READ, False)
    assert file.answers == Answers(
        profile="siks-recipients", as_of=date(2025, 11, 1), program="PKH",
        replaces="siks-recipients|PKH",
    )  # fmt: skip
    assert file.report is not None
    as_of = file.answers.as_of
    for language in ("id", "en"):
        said = check_file(
            file.path, profile="siks-recipients", as_of=as_of,
            places=lambda listed: places_report(listed, "36.73"),
        ).to_json(language)  # fmt: skip
        assert file.report[language] == said
    assert left(file) == {file.name, "delivered.json", "read", "read/report.json"}


def test_the_report_says_which_villages_are_known(deliveries: Deliveries) -> None:
    header = "family_id;head_national_id;regency_name;district_name;village_name"
    rows = [
        f"K{i};{nik(i)};Kota Serang;Kasemen;{village}"
        for i, village in enumerate(["Banten"] * 2 + ["Masjid Priai"] * 2, start=1)
    ]
    file = read(deliveries, "keluarga.csv", "\n".join([header, *rows, ""]).encode())
    assert file.report is not None
    places = {said["code"]: said["words"] for said in file.report["en"]["places"]}
    assert places["W-VILLAGE"].startswith("the village is known in 2 of 4 rows")
    assert "Masjid Priai" in places["W-VILLAGE-SPELLING"]


def test_rows_to_mend_are_there_when_there_are_any(deliveries: Deliveries) -> None:
    file = read(deliveries, "pkh.csv", recipients("PKH", nik(1), nik(2)[:-1]))
    assert file.has_repair
    assert file.repair.read_bytes().startswith(b"PK")
    assert left(file) == {
        file.name, "delivered.json", "read", "read/report.json", "read/repair.xlsx"
    }  # fmt: skip


def test_a_refused_file_says_why(deliveries: Deliveries) -> None:
    file = read(deliveries, "pkh.csv", b"<html>")
    assert file.state is State.REFUSED
    assert not file.has_repair
    assert file.report is not None
    assert file.report["en"]["reasons"] == {"E-TYPE": 1}
    assert file.report["id"]["messages"] != file.report["en"]["messages"]


def test_a_reader_that_died_is_a_refusal_of_the_same_shape(tmp_path: Path) -> None:
    deliveries = Deliveries(office(tmp_path), clock=clock, limits=Limits(seconds=0.05))
    died = read(deliveries, "pkh.csv", recipients("PKH", nik(1)))
    assert died.state is State.REFUSED
    assert died.report is not None
    assert died.report["en"]["reasons"] == {"E-READER-TIME": 1}
    assert "E-READER-TIME" in died.report["id"]["messages"][0]
    usual = read(Deliveries(office(tmp_path / "b"), clock=clock), "pkh.csv", b"<html>")
    assert usual.report is not None
    assert died.report["id"].keys() == usual.report["id"].keys()


def test_own_layouts_count(tmp_path: Path) -> None:
    config = office(tmp_path)
    (tmp_path / "profiles").mkdir()
    ours = Path(delivery_module.__file__).parents[2] / "geodata/profiles/siks-recipients.toml"
    text = ours.read_text("utf-8").replace('name = "siks-recipients"', 'name = "kantor"')
    (tmp_path / "profiles" / "kantor.toml").write_text(text.replace("NIK KTP", "NOMOR KITA"))
    headers = "NAMA PENERIMA;NOMOR KITA;TAHAP;BANSOS"
    file = read(
        Deliveries(config, clock=clock), "x.csv", recipients("PKH", nik(1), headers=headers)
    )
    assert (file.state, file.answers.profile) == (State.READ, "kantor")


def test_the_sheet_of_last_month_is_taken(deliveries: Deliveries, tmp_path: Path) -> None:
    rows = [HEADERS, ["A", nik(1), "4", "SEMBAKO"]]
    book = xlsx_file(tmp_path / "b.xlsx", {"Lain": [["a"], ["b"]], "Sheet1": rows})
    file = read(deliveries, "penerima_sembako_nov.xlsx", book.read_bytes())
    assert (file.state, file.answers.sheet) == (State.READ, "Sheet1")
    assert file.answers.replaces == "siks-recipients|SEMBAKO|Sheet1"


def test_a_changed_answer_is_read_again(deliveries: Deliveries) -> None:
    file = read(deliveries, "penerima_pkh.csv", recipients("PKH", nik(1)))
    said = deliveries.answer(file.id, replace(file.answers, replaces=None))
    assert (said.state, said.confirmed) == (State.READ, True)
    for changed in ({"as_of": date(2025, 10, 20)}, {"program": "SEMBAKO"}, {"profile": "families"}):
        before = deliveries.file(file.id)
        said = deliveries.answer(file.id, replace(before.answers, **changed))
        assert (said.state, said.report, said.confirmed) == (State.WAITING, None, False)
        deliveries.read_waiting()
        done = deliveries.file(file.id)
        assert done.state is (State.REFUSED if "profile" in changed else State.READ)
        # What was said stays as it was said; whoever said it looks at the report first.
        assert (done.answers, done.confirmed) == (said.answers, False)
    assert deliveries.answer(file.id, done.answers).confirmed is False


def test_what_was_refused_is_seen_before_it_is_confirmed(
    deliveries: Deliveries, tmp_path: Path
) -> None:
    """A workbook whose sheet had to be named: the rest is proposed as of any file."""
    rows = [HEADERS, ["A", nik(1), "4", "PKH"]]
    book = xlsx_file(tmp_path / "b.xlsx", {"Nov": rows, "Okt": rows})
    file = read(deliveries, "kiriman pkh dinsos.xlsx", book.read_bytes())
    assert file.state is State.REFUSED
    assert file.report is not None
    assert file.report["en"]["reasons"] == {"E-SHEET": 1}
    deliveries.answer(file.id, replace(file.answers, sheet="Nov"))
    deliveries.read_waiting()
    file = deliveries.file(file.id)
    assert (file.state, file.confirmed) == (State.READ, False)
    assert file.answers == Answers(
        profile="siks-recipients", as_of=TODAY, program="PKH", sheet="Nov",
        replaces="siks-recipients|PKH",
    )  # fmt: skip
    assert deliveries.answer(file.id, file.answers).confirmed


@pytest.mark.parametrize(
    ("number", "expected"), [(errno.EAGAIN, "E-READER-DIED"), (errno.EMFILE, "E-READER-DIED"),
                             (errno.ENOSPC, "E-DISK-FULL")],
)  # fmt: skip
def test_a_service_in_need_keeps_the_file(
    deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch, number: int, expected: str
) -> None:
    file = confirmed(deliveries, "penerima_pkh.csv", recipients("PKH", nik(1)))
    read_report = file.report
    deliveries.answer(file.id, replace(file.answers, as_of=date(2025, 11, 20)))

    def fails(*_: object, **__: object) -> None:
        raise OSError(number, "/srv/rahasia")

    with monkeypatch.context() as in_need:
        in_need.setattr(reading_module, "read_in_child", fails)
        deliveries.read_waiting()
    file = deliveries.file(file.id)
    assert file.path.is_file()
    assert (file.state, file.confirmed) == (State.REFUSED, False)
    assert file.report is not None
    assert read_report is not None
    assert file.report["id"].keys() == read_report["id"].keys()
    assert file.report["en"]["reasons"] == {expected: 1}
    assert "rahasia" not in str(file.report)
    deliveries.answer(file.id, file.answers)  # 'Baca lagi'
    deliveries.read_waiting()
    assert deliveries.file(file.id).state is State.READ


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"profile": "tidak-ada"}, "profile"),
        ({"as_of": date(2025, 12, 4)}, "as_of"),
        ({"program": "X"}, "program"),
        ({"sheet": "a\x00"}, "sheet"),
        ({"sheet": "x" * 101}, "sheet"),
        ({"sheet": nik(1)}, "sheet"),
        ({"code_system": "un"}, "code_system"),
        ({"replaces": "families|X"}, "replaces"),
    ],
)
def test_answers_that_nobody_can_mean(
    deliveries: Deliveries, changed: dict[str, object], field: str
) -> None:
    file = read(deliveries, "penerima_pkh.csv", recipients("PKH", nik(1)))
    with pytest.raises(GeoTargetError) as caught:
        deliveries.answer(file.id, replace(file.answers, **changed))  # type: ignore[arg-type]
    assert code(caught) == "E-DELIVERY-ANSWER"
    assert caught.value.faults[0].column == field
    assert deliveries.file(file.id) == file


@pytest.mark.parametrize("id", ["", "0" * 12, "../lists", "partial", "0" * 11 + "g", "/etc"])
def test_ids_that_are_none(deliveries: Deliveries, id: str) -> None:
    answers = Answers(profile=None, as_of=TODAY)
    for deed in (
        lambda: deliveries.file(id),
        lambda: deliveries.remove(id),
        lambda: deliveries.answer(id, answers),
    ):
        with pytest.raises(GeoTargetError) as caught:
            deed()
        assert code(caught) == "E-DELIVERY-NONE"


def test_a_removed_file_is_gone_and_a_used_one_stays(deliveries: Deliveries) -> None:
    one = confirmed(deliveries, "penerima_pkh.csv", recipients("PKH", nik(1)))
    two = confirmed(deliveries, "penerima_sembako.csv", recipients("SEMBAKO", nik(1)))
    deliveries.remove(one.id)
    assert not one.path.parent.exists()
    records.mark_used(two.path.parent, "000002-20251201T000000Z")
    for deed in (
        lambda: deliveries.remove(two.id),
        lambda: deliveries.answer(two.id, two.answers),
    ):
        with pytest.raises(GeoTargetError) as caught:
            deed()
        assert code(caught) == "E-DELIVERY-USED"
    assert two.path.is_file()
    assert deliveries.files() == []
    assert deliveries.file(two.id).run_id == "000002-20251201T000000Z"


def test_a_service_that_was_killed_reads_again(tmp_path: Path) -> None:
    config = office(tmp_path)
    before = Deliveries(config, clock=clock)
    file = handed_in(before, "pkh.csv", recipients("PKH", nik(1)))
    records.save(file.path.parent, replace(file, state=State.READING))
    after = Deliveries(config, clock=clock)
    assert after.file(file.id).state is State.WAITING
    after.read_waiting()
    assert after.file(file.id).state is State.READ


@pytest.mark.parametrize("meanwhile", ["removed", "answered"])
def test_what_happens_while_it_is_read(
    deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    """The reading of a file that is gone is dropped; of one that was answered, done again."""
    file = handed_in(deliveries, "pkh.csv", recipients("PKH", nik(1)))
    reading = read_aside
    seen: list[Answers] = []
    said = Answers(profile="families", as_of=date(2025, 10, 1))

    def slow(file: Delivered, *rest: object) -> object:
        found = reading(file, *rest)  # type: ignore[arg-type]
        if not seen:
            if meanwhile == "removed":
                deliveries.remove(file.id)
            else:
                deliveries.answer(file.id, said)
        seen.append(file.answers)
        return found

    monkeypatch.setattr(delivery_module, "read_aside", slow)
    deliveries.read_waiting()
    if meanwhile == "removed":
        assert deliveries.files() == []
        assert not file.path.parent.exists()
    else:
        assert seen[1:] == [said]
        assert deliveries.file(file.id).state is State.REFUSED


def test_a_configuration_that_is_broken_stops_no_reading(tmp_path: Path) -> None:
    config = office(tmp_path, "[area")
    deliveries = Deliveries(config, clock=clock)
    file = read(deliveries, "pkh 2025-11.csv", recipients("PKH", nik(1)))
    assert (file.state, file.answers.as_of) == (State.READ, date(2025, 11, 1))


def test_the_queue_reads_in_its_thread(deliveries: Deliveries) -> None:
    queue = ReadingQueue(deliveries)
    try:
        for program in ("PKH", "SEMBAKO"):
            handed_in(deliveries, f"{program}.csv", recipients(program, nik(1)))
            queue.wake()
        last = time.monotonic() + 300
        while deliveries.is_waiting() or any(f.state is State.READING for f in deliveries.files()):
            assert time.monotonic() < last
            time.sleep(0.05)
        assert [f.state for f in deliveries.files()] == [State.READ, State.READ]
    finally:
        queue.stop()
    assert "reading-queue" not in [t.name for t in threading.enumerate()]
    queue.wake()
    assert "reading-queue" not in [t.name for t in threading.enumerate()]


def test_one_object_after_the_other_says_the_same(deliveries: Deliveries) -> None:
    file = confirmed(deliveries, "penerima_pkh.csv", recipients("PKH", nik(1), nik(2)[1:]))
    assert Deliveries(deliveries.config, clock=clock).files() == [file]


def test_what_is_no_delivery_is_passed_over(deliveries: Deliveries) -> None:
    (deliveries.folder / ("a" * 12)).mkdir(parents=True)
    write_json(deliveries.folder / "run.json", {})
    assert deliveries.files() == []
