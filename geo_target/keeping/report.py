"""What the commands print about a backup and a purge."""

from geo_target.errors import Fault, Language
from geo_target.keeping.contents import FOLDER, Contents
from geo_target.keeping.purging import Purge

QUESTION: dict[Language, str] = {
    "id": "Hapus sekarang? Yang terhapus tidak dapat dikembalikan",
    "en": "Delete now? What is deleted cannot be brought back",
}
DONE: dict[Language, str] = {"id": "Selesai.", "en": "Done."}
NOTHING_DONE: dict[Language, str] = {
    "id": "Percobaan: tidak ada yang diubah.",
    "en": "Dry run: nothing was changed.",
}


def contents_lines(contents: Contents, language: Language) -> list[str]:
    """What is in a backup."""
    is_id = language == "id"
    files = [name.removeprefix(FOLDER) for name in contents.files if name.startswith(FOLDER)]
    size = sum(sealed.size for sealed in contents.files.values())
    words = "berkas" if is_id else "files"
    lines = [f"{len(files)} {words}, {size / 1e6:.1f} MB"]
    if contents.database is None:
        lines.append("tanpa basis data operasi" if is_id else "no operations database")
        return lines
    words = "baris basis data" if is_id else "rows of the database"
    rows = ", ".join(f"{name} {table.rows}" for name, table in contents.database.tables.items())
    head = contents.database.head
    words_head = "ujung jejak audit" if is_id else "head of the audit log"
    return [*lines, f"{words}: {rows}", f"{words_head}: {head.seq}:{head.hash}"]


def purge_lines(found: Purge, language: Language) -> list[str]:
    """What is past its time, the same before and without deleting it."""
    is_id = language == "id"
    lines = [
        f"{run.run_id}: {len(run.files)} {'berkas' if is_id else 'files'}, {run.size / 1e6:.1f} MB"
        for run in found.plan.runs
    ]
    words = "hari" if is_id else "days"
    if found.with_sources:
        lines += [f"{one.file.name}: {one.days} {words}" for one in found.plan.sources]
    for old in found.plan.deliveries:
        place = old.path.relative_to(found.plan.folder or old.path.parent).as_posix()
        lines.append(f"{place}: {old.days} {words}")
    if copies := len(found.plan.copies):
        lines.append(f"{copies} salinan daftar" if is_id else f"{copies} copies of lists")
    if found.expired is not None:
        sessions, attempts = found.expired.sessions, found.expired.login_attempts
        lines.append(
            f"{sessions} sesi, {attempts} percobaan masuk"
            if is_id
            else f"{sessions} sessions, {attempts} sign-in attempts"
        )
        visits, outcomes = found.expired.visits, found.expired.visit_outcomes
        if visits or outcomes:
            lines.append(
                f"{visits} kunjungan, {outcomes} hasil kunjungan"
                if is_id
                else f"{visits} visits, {outcomes} outcomes of visits"
            )
    if found.is_empty:
        lines.append(
            "tidak ada yang melewati batas simpan" if is_id else "nothing is past its time"
        )
    return lines


def purge_faults(found: Purge) -> list[Fault]:
    """What the operator has to see to; not the lists that are deleted now anyway."""
    hidden = {"W-PURGE-SOURCE"} if found.with_sources else set[str]()
    return [fault for fault in found.plan.faults() if fault.code not in hidden]
