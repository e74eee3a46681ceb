import socket
from pathlib import Path

import pytest

from geo_target.web.app import HostRefusedError, serve


def test_a_port_that_another_program_holds_is_said_so(tmp_path: Path) -> None:
    said: list[str] = []
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(HostRefusedError, match="E-PORT"):
            serve(
                tmp_path, host="127.0.0.1", port=port, open_on_loopback=True, announce=said.append
            )
    assert said == []


def test_a_host_that_others_reach_is_never_announced(tmp_path: Path) -> None:
    said: list[str] = []
    with pytest.raises(HostRefusedError, match="E-HOST"):
        serve(tmp_path, host="0.0.0.0", port=0, open_on_loopback=True, announce=said.append)
    assert said == []
