"""Where the service may listen: other machines come in only where people sign in."""

from flask import Flask

from geo_target.errors import Fault, GeoTargetError
from geo_target.web import visitors


class HostRefusedError(GeoTargetError):
    """The service would be open to other machines without anybody signing in."""

    exit_code = 2


def refuse_debugger(app: Flask, host: str) -> None:
    """Refuse Flask's debugger where other machines reach it: whoever asks it runs commands."""
    if app.debug and not _is_inside(host):
        raise HostRefusedError(
            Fault(
                "E-DEBUG",
                id=f"FLASK_DEBUG menyala dan layanan dibuka di {host}: siapa pun di jaringan "
                "dapat menjalankan perintah; matikan FLASK_DEBUG",
                en=f"FLASK_DEBUG is on and the service is opened on {host}: anybody on the "
                "network could run commands; switch FLASK_DEBUG off",
            )
        )


def check_loopback(host: str, setting: str) -> None:
    """Refuse a host that other machines reach while `setting` lets everybody in."""
    if not _is_inside(host):
        raise HostRefusedError(
            Fault(
                "E-HOST",
                id=f"layanan tidak dibuka di {host}: dengan {setting} siapa pun di jaringan "
                "dapat masuk seolah dari mesin ini; pakai --host 127.0.0.1",
                en=f"the service is not opened on {host}: with {setting} anybody on the "
                "network could come in as if from this machine; use --host 127.0.0.1",
                column=f"access.{setting}",
            )
        )


def _is_inside(host: str) -> bool:
    return host == "localhost" or visitors.is_loopback(host.strip("[]"))
