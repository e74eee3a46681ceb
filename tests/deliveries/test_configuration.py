"""The next configuration says what the files say, and is otherwise the one in use."""

import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geo_target.deliveries.configuration import adopt, next_configuration
from geo_target.deliveries.delivery import Delivered, Deliveries
from geo_target.errors import ConfigError
from geo_target.publishing.archive import sha256
from geo_target.settings import read_settings
from tests.builders import nik
from tests.deliveries.month import (
    CONFIG,
    ON,
    answered,
    clock,
    confirmed,
    handed_in,
    office,
    recipients,
)
from tests.keeping.office import killed_at, posix

RUN = "000002-20251201T000000Z"

pytestmark = pytest.mark.usefixtures("quick_children")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return office(tmp_path / "kantor")


@pytest.fixture
def deliveries(config: Path) -> Deliveries:
    return Deliveries(config, clock=clock)


def pkh(deliveries: Deliveries, *, number: int = 1, month: str = "2025-11") -> Delivered:
    return confirmed(deliveries, f"penerima_pkh {month}.csv", recipients("PKH", nik(number)))


def codes(error: pytest.ExceptionInfo[ConfigError]) -> list[str]:
    return [fault.code for fault in error.value.faults]


def changed(before: str, after: str) -> list[str]:
    """Lines that are only in one of two texts."""
    old, new = before.splitlines(), after.splitlines()
    return [f"-{x}" for x in old if x not in new] + [f"+{x}" for x in new if x not in old]


def test_only_what_the_file_says_changes(config: Path, deliveries: Deliveries) -> None:
    file = pkh(deliveries)
    following = next_configuration(config, [file], on=ON)
    assert following == config.with_name("geo-target.next.toml")
    assert changed(CONFIG, following.read_text("utf-8")) == [
        '-file = "lists/penerima_pkh_okt.csv"',
        "-as_of = 2025-10-05",
        "-on = 2025-10-15  # tanggal cakupan",
        f'+file = "deliveries/{file.id}/penerima_pkh 2025-11.csv"',
        "+as_of = 2025-11-01",
        "+on = 2025-11-15  # tanggal cakupan",
    ]
    assert config.read_text("utf-8") == CONFIG


def test_it_is_read_back(config: Path, deliveries: Deliveries) -> None:
    file = pkh(deliveries)
    old = read_settings(config)
    new = read_settings(next_configuration(config, [file], on=ON))
    assert [s.file for s in new.source] == [
        old.source[0].file, file.path, old.source[2].file
    ]  # fmt: skip
    assert new.source[0] == old.source[0]
    assert new.source[2] == old.source[2]
    assert (new.coverage.on, new.coverage.programs) == (ON, old.coverage.programs)


def test_a_paper_stays_and_an_answer_goes(config: Path, deliveries: Deliveries) -> None:
    rows = "ID KELUARGA;NIK;KECAMATAN;DESA\nF1;" + nik(1) + ";Kasemen;Kasemen\n"
    id = handed_in(deliveries, "keluarga.csv", rows.encode()).id
    deliveries.read_waiting()
    answered(deliveries, id, profile="families", replaces="families", code_system=None,
             as_of=date(2025, 11, 2))  # fmt: skip
    following = next_configuration(config, deliveries.files(), on=ON)
    source = read_settings(following).source[0]
    assert (source.code_system, source.as_of) == (None, date(2025, 11, 2))
    assert source.basis == read_settings(config).source[0].basis
    assert source.basis is not None
    assert "dari Dinas Sosial" in following.read_text("utf-8")
    assert "# tata letak" in following.read_text("utf-8")


def test_a_new_answer_is_written_before_the_paper(config: Path, deliveries: Deliveries) -> None:
    config.write_text(CONFIG.replace('code_system = "kemendagri"\n', ""), "utf-8")
    file = pkh(deliveries)
    answered(deliveries, file.id, replaces="families", code_system="bps", program="PKH")
    source = read_settings(next_configuration(config, deliveries.files(), on=ON)).source[0]
    assert (source.code_system, source.program) == ("bps", "PKH")
    assert source.basis is not None


def test_a_new_list_is_added_at_the_end(config: Path, deliveries: Deliveries) -> None:
    file = pkh(deliveries)
    file = deliveries.answer(file.id, replace(file.answers, replaces=None))
    new = read_settings(next_configuration(config, [file], on=ON))
    assert new.source[:3] == read_settings(config).source
    (added,) = new.source[3:]
    assert (added.file, added.profile, added.program) == (file.path, "siks-recipients", "PKH")
    assert added.basis is None


def test_no_file_changes_the_day_alone(config: Path) -> None:
    new = read_settings(next_configuration(config, [], on=ON))
    old = read_settings(config)
    assert new.source == old.source
    assert new.coverage.on == ON


def test_a_list_of_a_database_becomes_a_file(config: Path, deliveries: Deliveries) -> None:
    text = CONFIG.replace('file = "lists/penerima_pkh_okt.csv"', 'query = "pkh"\nname = "p"')
    config.write_text(text + '[database]\nurl_file = "db.txt"\n', "utf-8")
    file = pkh(deliveries)
    source = read_settings(next_configuration(config, [file], on=ON)).source[1]
    assert (source.file, source.query, source.name) == (file.path, None, None)


def test_files_that_cannot_be_used(config: Path, deliveries: Deliveries) -> None:
    waiting = handed_in(deliveries, "penerima_pkh a.csv", recipients("PKH", nik(5)))
    with pytest.raises(ConfigError) as caught:
        next_configuration(config, [waiting], on=ON)
    assert codes(caught) == ["E-DELIVERY-UNREAD"]
    broken = handed_in(deliveries, "broken.csv", b"<html>")
    deliveries.read_waiting()
    with pytest.raises(ConfigError) as caught:
        next_configuration(config, deliveries.files(), on=ON)
    assert sorted(codes(caught)) == ["E-DELIVERY-REFUSED", "E-DELIVERY-UNCONFIRMED"]
    deliveries.remove(broken.id)
    deliveries.remove(waiting.id)
    pkh(deliveries), pkh(deliveries, number=2, month="2025-10")
    one, two = (
        deliveries.answer(f.id, replace(f.answers, replaces="siks-recipients|PKH"))
        for f in deliveries.files()
    )
    with pytest.raises(ConfigError) as caught:
        next_configuration(config, [one, two], on=ON)
    assert codes(caught) == ["E-DELIVERY-TWICE"]
    assert one.name in caught.value.faults[0].text("id")
    config.write_text(CONFIG.replace('program = "PKH"\n', ""), "utf-8")
    with pytest.raises(ConfigError) as caught:
        next_configuration(config, [one], on=ON)
    assert codes(caught) == ["E-DELIVERY-SOURCE"]
    assert not config.with_name("geo-target.next.toml").exists()


@pytest.mark.parametrize(
    "text",
    [
        'source = [{file = "a.csv", profile = "families", as_of = 2025-01-01}]\n'
        '[area]\ncode = "36.73"\n[coverage]\nprograms = ["PKH"]\non = 2025-01-01\n',
        CONFIG.replace("[coverage]\n", "").replace("programs =", "coverage.programs =").replace(
            "on = 2025-10-15", "coverage.on = 2025-10-15").replace("# catatan kantor\n", ""),
    ],
)  # fmt: skip
def test_a_layout_that_is_not_understood_is_not_touched(tmp_path: Path, text: str) -> None:
    config = office(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        next_configuration(config, [], on=ON)
    assert codes(caught)[0] in {"E-CONFIG-WRITE", "E-CONFIG-SETTING"}
    assert config.read_text("utf-8") == text
    assert not config.with_name("geo-target.next.toml").exists()


_PLAIN = '[[source]]\nfile = "z.csv"\nprofile = "families"\nas_of = 2025-01-01\n'


@pytest.mark.parametrize(
    "text",
    [
        CONFIG + _PLAIN,  # lists before and after the coverage
        CONFIG.replace("[coverage]", f"[guard]\nsmallest = 3\n{_PLAIN}\n[coverage]"),
        'coverage.on = 2025-01-01\ncoverage.programs = ["PKH"]\narea.code = "36.73"\n' + _PLAIN,
        'coverage = {on = 2025-01-01, programs = ["PKH"]}\n[area]\ncode = "36.73"\n' + _PLAIN,
        CONFIG.replace("on = 2025", '"on" = 2025'),
    ],
)
def test_however_people_lay_it_out_one_line_changes(tmp_path: Path, text: str) -> None:
    following = next_configuration(office(tmp_path, text), [], on=ON)
    assert len(changed(text, following.read_text("utf-8"))) == 2


def test_what_does_not_say_what_it_should_is_not_used(
    config: Path, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = pkh(deliveries)
    monkeypatch.setattr("geo_target.deliveries.configuration._change", lambda *_: None)
    with pytest.raises(ConfigError) as caught:
        next_configuration(config, [file], on=ON)
    assert codes(caught) == ["E-CONFIG-WRITE"]
    assert not config.with_name("geo-target.next.toml").exists()


@posix
def test_its_mode_is_that_of_the_one_in_use(config: Path) -> None:
    config.chmod(0o640)
    following = next_configuration(config, [], on=ON)
    assert stat.S_IMODE(following.stat().st_mode) == 0o640


# ------------------------------------------------------------------------------- adopting


def test_the_old_one_is_kept(config: Path) -> None:
    following = next_configuration(config, [], on=ON)
    text = following.read_text("utf-8")
    adopt(config, following, expected_sha256=sha256(config), run_id=RUN)
    assert config.read_text("utf-8") == text
    assert config.with_name(f"geo-target.before-{RUN}.toml").read_text("utf-8") == CONFIG
    assert not following.exists()


def test_what_somebody_changed_is_not_overwritten(config: Path) -> None:
    following = next_configuration(config, [], on=ON)
    expected, text = sha256(config), following.read_text("utf-8")
    config.write_text(CONFIG + "# baru\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        adopt(config, following, expected_sha256=expected, run_id=RUN)
    assert codes(caught) == ["E-CONFIG-CHANGED"]
    assert following.name in caught.value.faults[0].en
    assert config.read_text("utf-8") == CONFIG + "# baru\n"
    assert following.read_text("utf-8") == text


@posix
def test_a_kill_leaves_one_or_the_other(config: Path) -> None:
    following = next_configuration(config, [], on=ON)
    text, expected = following.read_text("utf-8"), sha256(config)
    number = 1
    while killed_at(number, lambda: adopt(config, following, expected_sha256=expected, run_id=RUN)):
        assert config.read_text("utf-8") in {CONFIG, text}
        if config.read_text("utf-8") == text:
            config.write_text(CONFIG, "utf-8")
            following.write_text(text, "utf-8")
        number += 1
    assert number > 4
    assert config.read_text("utf-8") == text
