"""What somebody who means harm could send as a backup, and what a bad disk makes of one."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geo_target.errors import GeoTargetError
from geo_target.keeping.backup import back_up
from geo_target.keeping.contents import NoContentsError, is_safe, parsed
from geo_target.keeping.restore import restore
from geo_target.operations.database import default_url
from tests.keeping.office import NOW, fill, names, office, sums

Parts = list[tuple[tarfile.TarInfo, bytes]]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    config = office(tmp_path / "office")
    fill(default_url(config.parent))
    back_up(config, tmp_path / "good", now=NOW)
    return tmp_path / "good"


def parts_of(file: Path) -> Parts:
    with tarfile.open(file, "r:gz") as tar:
        return [(member, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]


def forged(good: Path, change: Callable[[Parts], Any]) -> Path:
    """A backup with its parts changed."""
    parts, file = parts_of(good), good.with_name("bad")
    change(parts)
    with tarfile.open(file, "w:gz", format=tarfile.PAX_FORMAT) as tar:
        for member, content in parts:
            tar.addfile(member, io.BytesIO(content))
    return file


def refused(file: Path) -> tuple[str, str]:
    """Code and words of the refusal, which leaves nothing behind."""
    folder = file.parent
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    with pytest.raises(GeoTargetError) as caught:
        restore(file, folder / "new")
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*")} == before
    return caught.value.faults[0].code, caught.value.text("en")


def part(name: str, kind: bytes = tarfile.REGTYPE, *, link: str = "", size: int = 0) -> Any:
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, link, size
    return member, b"\0" * size


KEY = "folder/geo-target.key"


def at(parts: Parts, name: str) -> int:
    return [member.name for member, _ in parts].index(name)


def instead(parts: Parts, name: str, kind: bytes, link: str = "") -> None:
    """Something else under a name that the list has, with the size that it says."""
    parts[at(parts, name)] = part(name, kind, link=link)
    nothing = {"sha256": hashlib.sha256(b"").hexdigest(), "size": 0}
    listed(parts, lambda told: told["files"].update({name: nothing}))


MEMBERS: dict[str, Callable[[Parts], Any]] = {
    "/etc/x": lambda parts: parts.append(part("/etc/x")),
    "folder/../../x": lambda parts: parts.append(part("folder/../../x")),
    "folder/more": lambda parts: parts.append(part("folder/more")),
    "database/more.jsonl": lambda parts: parts.append(part("database/more.jsonl")),
    "backup.json": lambda parts: parts.append(parts[0]),
    KEY: lambda parts: parts.append(parts[at(parts, KEY)]),
}
KINDS = {
    "symlink": (tarfile.SYMTYPE, "/etc/passwd"),
    "hard link": (tarfile.LNKTYPE, "folder/geo-target.toml"),
    "device": (tarfile.CHRTYPE, ""),
    "block device": (tarfile.BLKTYPE, ""),
    "pipe": (tarfile.FIFOTYPE, ""),
    "folder": (tarfile.DIRTYPE, ""),
}


@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_that_the_list_does_not_have(good: Path, name: str) -> None:
    code, words = refused(forged(good, MEMBERS[name]))
    assert code == "E-RESTORE-MEMBER"
    assert f"bad: {name}: " in words


@pytest.mark.parametrize("kind", KINDS)
def test_only_files_are_restored(good: Path, kind: str) -> None:
    code, words = refused(forged(good, lambda parts: instead(parts, KEY, *KINDS[kind])))
    assert code == "E-RESTORE-MEMBER"
    assert KEY in words


def listed(parts: Parts, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change the list at the head."""
    member, content = parts[0]
    told = json.loads(content)
    change(told)
    content = json.dumps(told).encode()
    member.size = len(content)
    parts[0] = member, content


UNSAFE = [
    "/etc/cron.d/x", "folder/../x", "folder/a/../../../x", "../x", "other/x", "folder", "folder/",
    "folder//x", "folder/./x", "folder/C:/x", "folder/a\\..\\x", "folder/x\n", "folder/x\0",
    "folder/x.", "folder/x /y", "database/../x", "",
]  # fmt: skip


@pytest.mark.parametrize("name", UNSAFE)
def test_names_that_lead_elsewhere_are_refused_in_the_list_too(good: Path, name: str) -> None:
    def change(told: dict[str, Any]) -> None:
        told["files"][name] = told["files"][KEY]

    def add(parts: Parts) -> None:
        listed(parts, change)
        parts.append(part(name or "x"))

    assert not is_safe(name)
    assert refused(forged(good, add))[0] in {"E-RESTORE-MEMBER", "E-RESTORE-FILE"}


@pytest.mark.parametrize("name", ["folder/x", "folder/ä b/x.csv", "database/users.jsonl"])
def test_names_that_are_ours(name: str) -> None:
    assert is_safe(name)


LISTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no files": lambda told: told.pop("files"),
    "files are a list": lambda told: told.update(files=[]),
    "no sum": lambda told: told["files"].update({KEY: {"size": 1}}),
    "more said": lambda told: told["files"][KEY].update(mode=1),
    "another sum": lambda told: told["files"].update({KEY: {"sha256": "x", "size": 1}}),
    "less than nothing": lambda told: told["files"][KEY].update(size=-1),
    "a size in words": lambda told: told["files"][KEY].update(size="1"),
    "config elsewhere": lambda told: told.update(config="../x"),
    "archive elsewhere": lambda told: told.update(archive="/x"),
    "a file and a folder": lambda told: told["files"].update({f"{KEY}/x": told["files"][KEY]}),
    "the same on Windows": lambda told: told["files"].update({KEY.replace("k", "K"):
                                                              told["files"][KEY]}),
    "a table too many": lambda told: told["database"]["tables"].update(x={"rows": 1,
                                                                         "columns": []}),
    "a table too few": lambda told: told["database"]["tables"].pop("users"),
    "no database": lambda told: told.update(database=None),
    "a table elsewhere": lambda told: told["database"]["tables"].update({"../x": {"rows": 1,
                                                                         "columns": []}}),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_we_never_write(good: Path, name: str) -> None:
    told = json.loads(parts_of(good)[0][1])
    LISTS[name](told)
    with pytest.raises(NoContentsError):
        parsed(json.dumps(told).encode())
    file = forged(good, lambda parts: listed(parts, LISTS[name]))
    assert refused(file)[0] in {"E-RESTORE-MEMBER", "E-RESTORE-FILE"}


ROWS: dict[str, Callable[[bytes], bytes]] = {
    "another column": lambda rows: rows.replace(b'"role"', b'"rule"'),
    "a column too few": lambda _: b'{"id":1}\n',
    "no JSON": lambda _: b"x\n",
    "no row": lambda _: b"[1]\n",
    "no time": lambda rows: rows.replace(b'"created_at":"2', b'"created_at":"x'),
    "twice": lambda rows: rows + rows,
    "another order": lambda rows: b"".join(sorted(rows.splitlines(keepends=True), reverse=True)),
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_that_do_not_fit(good: Path, name: str) -> None:
    """Even where the sums are right."""

    def change(parts: Parts) -> None:
        index = at(parts, "database/users.jsonl")
        member, content = parts[index]
        content = ROWS[name](content)
        member.size = len(content)
        parts[index] = member, content
        sealed = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        listed(parts, lambda told: told["files"].update({member.name: sealed}))

    assert refused(forged(good, change))[0] in {"E-DB-COPY", "E-DB-FAULT"}


# ---------------------------------------------------------------------------------- bombs


def test_a_list_that_promises_more_than_the_file_can_hold(good: Path) -> None:
    def huge(told: dict[str, Any]) -> None:
        told["files"][KEY]["size"] = 10**13

    file = forged(good, lambda parts: listed(parts, huge))
    assert refused(file)[0] == "E-RESTORE-SIZE"


def test_a_member_larger_than_the_list_says(good: Path) -> None:
    def grow(parts: Parts) -> None:
        parts[at(parts, KEY)] = part(KEY, size=5_000_000)

    code, words = refused(forged(good, grow))
    assert (code, KEY in words) == ("E-RESTORE-MEMBER", True)


def test_zeros_without_end(good: Path) -> None:
    file = good.with_name("bad")
    zeros = gzip.compress(b"\0" * 1_000_000, compresslevel=9)
    file.write_bytes(good.read_bytes() + zeros * 200)
    assert refused(file)[0] == "E-RESTORE-SIZE"
    file.write_bytes(zeros * 200)
    assert refused(file)[0] in {"E-RESTORE-CUT", "E-RESTORE-FILE", "E-RESTORE-SIZE"}


def test_a_header_that_would_fill_the_memory(good: Path) -> None:
    """The extended header of a member is read whole: it must not be larger than all may be."""
    file = good.with_name("bad")
    header = part("x", tarfile.XHDTYPE)[0]
    header.size = 8_000_000_000
    with gzip.open(file, "wb") as packed:
        packed.write(header.tobuf(tarfile.GNU_FORMAT))
        for _ in range(100):
            packed.write(b"\0" * 1_000_000)
    assert refused(file)[0] == "E-RESTORE-SIZE"


# ----------------------------------------------------------------------- cut and changed


@pytest.mark.parametrize("name", ["folder/geo-target.toml", KEY, "database/audit_log.jsonl"])
def test_a_changed_member_is_named(good: Path, name: str) -> None:
    def change(parts: Parts) -> None:
        member, content = parts[at(parts, name)]
        parts[at(parts, name)] = member, content[:-1] + b"?"

    code, words = refused(forged(good, change))
    assert (code, f"bad: {name}: " in words) == ("E-RESTORE-CHANGED", True)


def test_a_missing_member(good: Path) -> None:
    assert refused(forged(good, lambda parts: parts.pop()))[0] == "E-RESTORE-CUT"


def test_cut_anywhere(good: Path) -> None:
    whole, file = good.read_bytes(), good.with_name("bad")
    sizes = [2, 20, *range(100, len(whole), len(whole) // 12), len(whole) - 8, len(whole) - 1]
    for size in sizes:
        file.write_bytes(whole[:size])
        assert refused(file)[0] == "E-RESTORE-CUT", size


def code_of_restoring(file: Path, new: Path) -> str:
    try:
        restore(file, new)
    except GeoTargetError as error:
        return error.faults[0].code
    return ""


def flips(size: int) -> Iterator[int]:
    """Places in the file; the first ten bytes are gzip's own."""
    yield from range(10, size, max(1, size // 40))
    yield from range(size - 8, size)


def test_a_flipped_bit_anywhere(good: Path) -> None:
    """Refused; or harmless, for a few bits of the packing stand for nothing."""
    whole, file = good.read_bytes(), good.with_name("bad")
    restore(good, good.with_name("whole"))
    expected, harmless = sums(good.with_name("whole")), 0
    for place in flips(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        new = good.with_name(f"new{place}")
        code = code_of_restoring(file, new)
        assert code.startswith("E-RESTORE-") if code else sums(new) == expected, place
        assert new.exists() == (not code)
        harmless += not code
    assert harmless <= 2


@pytest.mark.parametrize("content", [b"", b"age-encryption.org/v1\n", b"\x1f\x8b", b"\x1f\x8bxx",
                                     gzip.compress(b"", mtime=0),
                                     gzip.compress(b"x" * 2000, mtime=0)])  # fmt: skip
def test_another_file(good: Path, content: bytes) -> None:
    file = good.with_name("bad")
    file.write_bytes(content)
    assert refused(file)[0] in {"E-RESTORE-FILE", "E-RESTORE-CUT"}


def test_a_tar_without_a_list_and_no_file_at_all(good: Path) -> None:
    assert refused(forged(good, lambda parts: parts.pop(0)))[0] == "E-RESTORE-FILE"
    assert refused(good.with_name("none"))[0] == "E-RESTORE-FILE"


def test_of_a_newer_program(good: Path) -> None:
    def newer(told: dict[str, Any]) -> None:
        told.update(format=2, version="9.9")

    code, words = refused(forged(good, lambda parts: listed(parts, newer)))
    assert (code, "9.9" in words) == ("E-RESTORE-NEWER", True)

    def schema(told: dict[str, Any]) -> None:
        told["database"]["version"] = "9999"

    assert refused(forged(good, lambda parts: listed(parts, schema)))[0] == "E-DB-NEWER"
    assert names(good.parent) == {"office", "good", "bad"}
