"""A workbook that opens with its passphrase alone, here and in LibreOffice."""

import io
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from msoffcrypto.exceptions import InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile
from python_calamine import CalamineError, CalamineWorkbook

from geo_target.errors import ConfigError
from geo_target.publishing.encrypted_workbook import (
    Sheet,
    check_encryption,
    encrypted_workbook,
    new_passphrase,
)
from tests.builders import nik

OFFICE = shutil.which("soffice")
PHRASE = "abcd-efgh-jkmn"
COVER = [("Kepada", "Disdukcapil"), ("Narahubung", "")]
SHEET = Sheet(
    "Daftar", ("NIK", "Nama", "NIK benar"), (20, 20, 20),
    [(nik(1), "=1+1", ""), (nik(2)[:-1], "+62 812", "")], blanks=("NIK benar",),
)  # fmt: skip
LINES = [["NIK", "Nama", "NIK benar"], [nik(1), "=1+1", ""], [nik(2)[:-1], "+62 812", ""]]


def made() -> bytes:
    return encrypted_workbook("Pengantar", COVER, SHEET, PHRASE)


def opened(content: bytes, phrase: str = PHRASE) -> bytes:
    plain = io.BytesIO()
    office = OOXMLFile(io.BytesIO(content))
    office.load_key(password=phrase, verify_password=True)
    office.decrypt(plain, verify_integrity=True)
    return plain.getvalue()


def lines(plain: bytes, sheet: str = "Daftar") -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(plain)).get_sheet_by_name(sheet).to_python()


def test_with_the_passphrase_it_is_all_there() -> None:
    """Every cell is text: a NIK keeps its digits, and what begins with = is no formula."""
    plain = opened(made())
    assert lines(plain) == LINES
    assert lines(plain, "Pengantar") == [["Kepada", "Disdukcapil"], ["Narahubung", ""]]


def test_without_it_there_is_nothing() -> None:
    content = made()
    with pytest.raises(InvalidKeyError):
        opened(content, PHRASE[:-1])
    with pytest.raises(CalamineError):
        CalamineWorkbook.from_filelike(io.BytesIO(content))
    for told in (nik(1), "=1+1", "Disdukcapil", PHRASE, "PK\x03\x04"):
        assert told.encode() not in content
        assert told.encode("utf-16-le") not in content


def test_the_same_persons_twice_are_not_the_same_bytes() -> None:
    assert made() != made()


def test_nothing_of_it_lies_in_a_folder_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("mkstemp", "mkdtemp", "TemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refuse)
    assert lines(opened(made())) == LINES


def test_a_passphrase_is_long_new_and_readable() -> None:
    phrases = {new_passphrase() for _ in range(100)}
    assert len(phrases) == 100
    groups = "-".join(["[a-hj-km-np-z2-9]{4}"] * 6)
    assert [phrase for phrase in phrases if not re.fullmatch(groups, phrase)] == []


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    check_encryption()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ConfigError, match="E-EXPORT-EXTRA"):
        check_encryption()


# ---------------------------------------------------------------------------- LibreOffice

#: Opens a file with a passphrase and saves it without one.
MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">
Sub Reveal(source As String, target As String, phrase As String)
 Dim reading(1) As New com.sun.star.beans.PropertyValue
 reading(0).Name = "Hidden" : reading(0).Value = True
 reading(1).Name = "Password" : reading(1).Value = phrase
 found = StarDesktop.loadComponentFromURL(source, "_blank", 0, reading())
 Dim writing(0) As New com.sun.star.beans.PropertyValue
 writing(0).Name = "FilterName" : writing(0).Value = "Calc MS Excel 2007 XML"
 If Not IsNull(found) Then found.storeToURL(target, writing())
 StarDesktop.terminate()
End Sub
</script:module>"""


def office(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [str(OFFICE), "--headless", "--norestore",
         f"-env:UserInstallation={(folder / 'user').as_uri()}", *words],
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_with_the_passphrase_and_not_without(tmp_path: Path) -> None:
    file, plain = tmp_path / "a.xlsx", tmp_path / "plain.xlsx"
    file.write_bytes(made())
    # The first start lays out a profile; the macro goes into it then.
    refused = office(tmp_path, "--convert-to", "csv", "--outdir", str(tmp_path), str(file))
    assert "could not be loaded" in refused
    assert not (tmp_path / "a.csv").exists()
    module_file = tmp_path / "user" / "user" / "basic" / "Standard" / "Module1.xba"
    module_file.write_text(MACRO, encoding="utf-8")
    call = f'"{file.as_uri()}","{plain.as_uri()}","{PHRASE}"'
    office(tmp_path, f"macro:///Standard.Module1.Reveal({call})")
    assert lines(plain.read_bytes()) == LINES
