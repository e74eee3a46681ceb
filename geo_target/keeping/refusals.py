"""Why a backup, a restore or a purge is refused, and what it warns of."""

from geo_target.errors import Fault, GeoTargetError


class KeepingError(GeoTargetError):
    """Nothing was made and nothing was deleted, unless the message says so."""


def open_to_all(file: str) -> Fault:
    """Said after every backup."""
    return Fault(
        "W-BACKUP-OPEN",
        id="siapa pun yang memegang berkas ini memegang semua data dan kuncinya; simpan dalam "
        "keadaan tersandi (age atau gpg), di luar komputer ini",
        en="whoever holds this file holds all data and the keys; keep it encrypted (age or gpg), "
        "away from this machine",
        file=file,
    )


def target_taken(file: str) -> KeepingError:
    """A backup never replaces a file."""
    return KeepingError(
        Fault(
            "E-BACKUP-EXISTS",
            id="berkas ini sudah ada; beri nama lain",
            en="this file exists; choose another name",
            file=file,
        )
    )


def no_folder(file: str) -> KeepingError:
    """The folder to write into is not there."""
    return KeepingError(
        Fault(
            "E-BACKUP-FOLDER",
            id="foldernya tidak ada; buat dahulu, atau periksa letaknya",
            en="its folder does not exist; make it first, or check the path",
            file=file,
        )
    )


def moving(file: str) -> KeepingError:
    """A list was written while it was copied."""
    return KeepingError(
        Fault(
            "E-BACKUP-MOVED",
            id="berkas ini berubah selama dicadangkan; tunggu sampai selesai ditulis, lalu ulangi",
            en="this file changed while it was copied; wait until it is written, then repeat",
            file=file,
        )
    )


def unsealed(place: str) -> Fault:
    """A snapshot is not what its manifest says: the backup keeps it as it is."""
    return Fault(
        "W-BACKUP-SNAPSHOT",
        id="isi hasil ini tidak sama dengan manifesnya; dicadangkan apa adanya, tetapi "
        "ambillah dari cadangan lama bila hasil ini masih diperlukan",
        en="this snapshot is not what its manifest says; it is backed up as it is, but take it "
        "from an older backup if it is still needed",
        file=place,
    )


def in_database(name: str) -> Fault:
    """A list has no file that could be kept."""
    return Fault(
        "W-BACKUP-QUERY",
        id="daftar ini ada di basis data, bukan di cadangan ini; basis data itu dan berkas "
        "alamatnya ([database] url_file) harus dicadangkan tersendiri",
        en="this list lies in the database, not in this backup; the database and the file of its "
        "address ([database] url_file) have to be backed up on their own",
        file=name,
    )


def outside(setting: str, place: str) -> Fault:
    """A setting of the restored config still names the old place."""
    return Fault(
        "W-RESTORE-OUTSIDE",
        id=f"menunjuk ke luar folder yang dipulihkan; salinannya, bila ikut dicadangkan, ada di "
        f"{place}: ubah pengaturan ini sebelum menjalankan apa pun",
        en=f"names a place outside the restored folder; its copy, if it was backed up, is in "
        f"{place}: change the setting before you run anything",
        column=setting,
    )


def absent(setting: str, file: str) -> Fault:
    """A setting of the restored configuration names a file that is not there."""
    return Fault(
        "W-RESTORE-MISSING",
        id="berkas yang disebut setelan ini tidak ada; letakkan di situ, atau ubah setelannya, "
        "sebelum menjalankan apa pun",
        en="the file that this setting names is not there; put it there, or change the setting, "
        "before anything is run",
        file=file,
        column=setting,
    )


def no_backup(file: str) -> KeepingError:
    """Another kind of file."""
    return KeepingError(
        Fault(
            "E-RESTORE-FILE",
            id="bukan cadangan geo-target, tidak dapat dibaca, atau masih tersandi; buka "
            "sandinya dahulu, atau pilih berkas lain",
            en="no backup of geo-target, not readable, or still encrypted; decrypt it first, or "
            "choose another file",
            file=file,
        )
    )


def cut(file: str) -> KeepingError:
    """The end is missing."""
    return KeepingError(
        Fault(
            "E-RESTORE-CUT",
            id="cadangan terpotong atau rusak; tidak ada yang dipulihkan; salin lagi dari "
            "tempat simpannya, atau pakai cadangan lain",
            en="the backup is cut or damaged; nothing was restored; copy it again from where "
            "it is kept, or use another one",
            file=file,
        )
    )


def changed(file: str, member: str) -> KeepingError:
    """A member is not what the list in the backup says."""
    return KeepingError(
        Fault(
            "E-RESTORE-CHANGED",
            id=f"{member}: isinya berubah sejak dicadangkan; tidak ada yang dipulihkan; "
            "pakai cadangan lain",
            en=f"{member}: its content has changed since; nothing was restored; use another backup",
            file=file,
        )
    )


def hostile(file: str, member: str) -> KeepingError:
    """A member that no backup of ours has."""
    return KeepingError(
        Fault(
            "E-RESTORE-MEMBER",
            id=f"{member}: isi seperti ini tidak pernah dibuat oleh geo-target; tidak ada yang "
            "dipulihkan; jangan pakai berkas ini, tanyakan asalnya",
            en=f"{member}: geo-target never makes such content; nothing was restored; do not use "
            "this file, ask where it came from",
            file=file,
        )
    )


def too_large(file: str) -> KeepingError:
    """It unpacks to more than it may."""
    return KeepingError(
        Fault(
            "E-RESTORE-SIZE",
            id="isinya jauh lebih besar daripada berkasnya, atau tidak muat di cakram; tidak ada "
            "yang dipulihkan; kosongkan ruang, atau tanyakan asal berkas ini",
            en="it unpacks to far more than its own size, or more than fits on the disk; nothing "
            "was restored; free some space, or ask where this file came from",
            file=file,
        )
    )


def too_new(file: str, version: str) -> KeepingError:
    """A later program made it."""
    return KeepingError(
        Fault(
            "E-RESTORE-NEWER",
            id=f"cadangan dibuat oleh versi yang lebih baru ({version}); perbarui dengan: "
            "pip install --upgrade geo-target",
            en=f"a newer version ({version}) made this backup; upgrade with: "
            "pip install --upgrade geo-target",
            file=file,
        )
    )


def folder_taken(folder: str) -> KeepingError:
    """A restore never mixes with what is there."""
    return KeepingError(
        Fault(
            "E-RESTORE-FOLDER",
            id="folder ini sudah berisi, atau tidak dapat dibuat; pilih folder yang baru",
            en="this folder is not empty, or cannot be made; choose a new one",
            file=folder,
        )
    )


def old_source(file: str, days: int, limit: int) -> Fault:
    """An agency's list is older than it may be."""
    return Fault(
        "W-PURGE-SOURCE",
        id=f"daftar ini sudah disimpan {days} hari (batas {limit}); bila tidak diperlukan lagi, "
        "hapus dengan: geo-target purge --sources",
        en=f"this list has been kept for {days} days (limit {limit}); when it is needed no more, "
        "delete it with: geo-target purge --sources",
        file=file,
    )


def no_manifest(run: str) -> Fault:
    """Without its manifest a snapshot cannot be purged and told of."""
    return Fault(
        "E-PURGE-MANIFEST",
        id="manifes hasil ini tidak dapat dibaca, maka data orang di dalamnya tidak dihapus; "
        "kembalikan manifes dari cadangan lalu ulangi, atau hapus folder ini",
        en="the manifest of this snapshot cannot be read, so its persons were not deleted; "
        "restore the manifest from a backup and repeat, or delete the folder",
        file=run,
    )


def undeletable(file: str) -> KeepingError:
    """The system refuses to delete a file."""
    return KeepingError(
        Fault(
            "E-PURGE-FILE",
            id="berkas ini tidak dapat dihapus (sedang dibuka, atau izin kurang); tutup atau "
            "beri izin, lalu ulangi: yang belum terhapus akan diselesaikan",
            en="this file cannot be deleted (somebody holds it open, or rights are missing); "
            "close it or give the right, then repeat: the rest will be done",
            file=file,
        )
    )


def overtaken(folder: str) -> KeepingError:
    """The archive is another one than the report was about."""
    return KeepingError(
        Fault(
            "E-PURGE-CHANGED",
            id="arsip berubah sejak laporan ini dibuat; tidak ada yang dihapus; ulangi",
            en="the archive has changed since this report; nothing was deleted; repeat",
            file=folder,
        )
    )
