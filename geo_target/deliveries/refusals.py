"""Why something of a delivery is refused; each says what to do."""

from datetime import date

from geo_target.errors import ConfigError, Fault, GeoTargetError, NotFoundError


class DeliveryError(GeoTargetError):
    """A step is refused; files, configuration and snapshots stay as they were."""


class OffsetError(DeliveryError):
    """A piece of an upload does not begin where the file ends; `offset` is where it does."""

    def __init__(self, offset: int) -> None:
        super().__init__(
            Fault(
                "E-UPLOAD-OFFSET",
                id="potongan berkas tidak bersambung; unggahan dilanjutkan dari tempatnya putus",
                en="the piece does not follow the last one; the upload goes on where it broke off",
            )
        )
        self.offset = offset


class RunBusyError(DeliveryError):
    """A run that was started here is at work."""


def wrong_size(name: str, size: int) -> DeliveryError:
    """An empty file, or more than is ever read."""
    words = (
        "berkas ini kosong; buka dan periksa, atau minta lagi kepada pengirimnya",
        "this file is empty; open and look at it, or ask its sender for it again",
    )
    if size > 0:
        words = (
            "berkas ini lebih dari 4 GB; bagi per kecamatan, lalu unggah satu per satu",
            "this file is larger than 4 GB; split it by district, and upload one by one",
        )
    return DeliveryError(Fault("E-UPLOAD-SIZE", id=words[0], en=words[1], file=name))


def grown(name: str) -> DeliveryError:
    """More bytes than were said when the upload began."""
    return DeliveryError(
        Fault(
            "E-UPLOAD-SIZE",
            id="berkas ini berubah selama diunggah; tutup di Excel, lalu unggah lagi",
            en="this file has changed while it was uploaded; close it in Excel, and upload it "
            "again",
            file=name,
        )
    )


def wrong_type(name: str) -> DeliveryError:
    """No ending of a list."""
    return DeliveryError(
        Fault(
            "E-UPLOAD-TYPE",
            id="jenis berkas ini tidak dibaca; simpan sebagai XLSX atau CSV",
            en="files of this kind are not read; save it as XLSX or CSV",
            file=name,
        )
    )


def too_many() -> DeliveryError:
    """More files than anybody hands in for a month."""
    return DeliveryError(
        Fault(
            "E-UPLOAD-MANY",
            id="terlalu banyak berkas sekaligus; selesaikan atau keluarkan yang lain dahulu",
            en="too many files at once; finish or remove others first",
        )
    )


def no_room(name: str) -> DeliveryError:
    """The disk could not hold the file and what is made of it."""
    return DeliveryError(
        Fault(
            "E-UPLOAD-DISK",
            id="ruang cakram server tidak cukup untuk berkas ini; hubungi pengelola",
            en="the server's disk has no room for this file; tell its administrator",
            file=name,
        )
    )


def clash(name: str) -> DeliveryError:
    """Another file of the same short sum: nobody hands that in by chance."""
    return DeliveryError(
        Fault(
            "E-UPLOAD-CLASH",
            id="berkas ini bertabrakan dengan berkas lain; simpan ulang lalu unggah lagi",
            en="this file collides with another one; save it again and upload that",
            file=name,
        )
    )


def no_upload() -> NotFoundError:
    """No unfinished upload of that name, or somebody else's."""
    return NotFoundError(
        Fault(
            "E-UPLOAD-NONE",
            id="unggahan ini tidak ada lagi; mulai dari awal",
            en="there is no such upload any more; begin again",
        )
    )


def no_delivery() -> NotFoundError:
    """No file of that id."""
    return NotFoundError(
        Fault(
            "E-DELIVERY-NONE",
            id="berkas ini tidak ada di antara kiriman; muat ulang halaman",
            en="there is no such file among the deliveries; load the page again",
        )
    )


def used(name: str, run_id: str) -> DeliveryError:
    """A run stands on the file."""
    return DeliveryError(
        Fault(
            "E-DELIVERY-USED",
            id=f"berkas ini dipakai hasil {run_id} dan tidak dapat diubah atau dikeluarkan",
            en=f"run {run_id} used this file: it can neither be changed nor removed",
            file=name,
        )
    )


def same(name: str, run_id: str, as_of: date) -> Fault:
    """Its bytes are those of a list that is in use; nothing is refused, and nothing waits."""
    return Fault(
        "W-DELIVERY-SAME",
        id=f"sama dengan daftar yang sudah dipakai hasil {run_id}, keadaan per {as_of}; daftar "
        "itu tetap dipakai. Untuk memberi tanggal baru, minta pengelola mengganti as_of-nya di "
        "geo-target.toml",
        en=f"the same as the list that run {run_id} used, as of {as_of}, which stays in use. To "
        "give it a new day have the administrator change its as_of in geo-target.toml",
        file=name,
    )


def busy(name: str) -> RunBusyError:
    """The run at work reads the file."""
    return RunBusyError(
        Fault(
            "E-DELIVERY-BUSY",
            id="berkas ini sedang dipakai untuk menghitung; tunggu sampai selesai",
            en="the run at work reads this file; wait until it has ended",
            file=name,
        )
    )


def wrong_answer(name: str, what: str) -> DeliveryError:
    """An answer that cannot be right; `what` is its field."""
    return DeliveryError(
        Fault(
            "E-DELIVERY-ANSWER",
            id=f"jawaban '{what}' tidak dapat dipakai; pilih lagi",
            en=f"the answer '{what}' cannot be used; choose again",
            file=name,
            column=what,
        )
    )


def unread(name: str) -> DeliveryError:
    """Not read yet."""
    return DeliveryError(
        Fault(
            "E-DELIVERY-UNREAD",
            id="berkas belum selesai dibaca; tunggu sebentar",
            en="the file is not read yet; wait a moment",
            file=name,
        )
    )


def unconfirmed(name: str) -> Fault:
    """Nobody has said that the answers are right."""
    return Fault(
        "E-DELIVERY-UNCONFIRMED",
        id="jawaban tentang berkas ini masih usulan; periksa lalu benarkan",
        en="the answers on this file are only proposed; look at them and confirm",
        file=name,
    )


def refused(name: str) -> Fault:
    """Nothing of it can be used."""
    return Fault(
        "E-DELIVERY-REFUSED",
        id="berkas ini ditolak; keluarkan, atau perbaiki lalu unggah lagi",
        en="this file is refused; remove it, or mend it and upload it again",
        file=name,
    )


def twice(name: str, other: str) -> Fault:
    """Two files for one list."""
    return Fault(
        "E-DELIVERY-TWICE",
        id=f"menggantikan daftar yang sama dengan {other}; keluarkan salah satu, atau jadikan "
        "daftar baru",
        en=f"it replaces the same list as {other}; remove one of them, or make it a new list",
        file=name,
    )


def no_source(name: str) -> Fault:
    """The list to be replaced is gone."""
    return Fault(
        "E-DELIVERY-SOURCE",
        id="daftar yang digantikan tidak ada lagi di konfigurasi; pilih lagi",
        en="the list that it replaces is not in the configuration any more; choose again",
        file=name,
    )


def config_changed(config: str, following: str) -> ConfigError:
    """Somebody edited the configuration during a run."""
    return ConfigError(
        Fault(
            "E-CONFIG-CHANGED",
            id=f"diubah orang selama penghitungan, jadi tidak ditimpa; hasil sudah terbit; "
            f"gabungkan dengan {following} di sebelahnya, atau jalankan lagi",
            en=f"somebody changed it during the run, so it is not replaced; the snapshot is "
            f"published; merge it with {following} beside it, or run again",
            file=config,
        )
    )


def unwritable_config(config: str) -> ConfigError:
    """Its layout is one that we cannot change without changing more."""
    return ConfigError(
        Fault(
            "E-CONFIG-WRITE",
            id="tidak dapat diperbarui dengan aman; tulis tiap daftar sebagai [[source]] biasa, "
            "atau ubah dengan tangan lalu geo-target run",
            en="it cannot be updated safely; write each list as a plain [[source]], or change "
            "it by hand and use geo-target run",
            file=config,
        )
    )


def run_busy() -> RunBusyError:
    """One run at a time."""
    return RunBusyError(
        Fault(
            "E-RUN-BUSY",
            id="penghitungan sedang berjalan; tunggu sampai selesai",
            en="a run is at work; wait until it has ended",
        )
    )


def bad_reason() -> DeliveryError:
    """No reason, or one with the number of a person: it is never written down."""
    return DeliveryError(
        Fault(
            "E-RUN-REASON",
            id="tulis sebabnya dalam satu atau dua kalimat, tanpa NIK atau nomor KK",
            en="write the reason in a sentence or two, without the number of a person",
        )
    )


def run_changed() -> DeliveryError:
    """What was held is not what would be run."""
    return DeliveryError(
        Fault(
            "E-RUN-CHANGED",
            id="berkas atau jawaban berubah sejak temuan itu; jalankan lagi tanpa menerima, "
            "lalu lihat temuannya",
            en="files or answers have changed since these findings; run again without "
            "accepting, and look at what it finds",
        )
    )


def run_died(kind: str = "") -> Fault:
    """It ended without a word; what it says itself may hold names."""
    named = f" ({kind})" if kind else ""
    return Fault(
        "E-RUN-DIED",
        id=f"penghitungan berhenti mendadak{named}; hasil terakhir tetap dipakai; jalankan lagi, "
        "atau geo-target run untuk melihat sebabnya",
        en=f"the run ended suddenly{named}; the last snapshot stays in use; run again, or use "
        "geo-target run to see why",
    )
