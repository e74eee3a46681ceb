"""geo-target.toml of the next month: written beside this month's, and adopted after its run."""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from geo_target import platform
from geo_target.deliveries import refusals
from geo_target.deliveries.private_files import write_bytes
from geo_target.deliveries.proposals import keyed_sources, profile_of
from geo_target.deliveries.records import Delivered, State
from geo_target.errors import ConfigError, Fault
from geo_target.publishing.archive import sha256
from geo_target.settings import CodeSystem, Settings, Source, read_settings

#: Settings of a source that a delivered file says anew; its paper stays.
_SAID = ("file", "query", "name", "profile", "as_of", "program", "sheet", "code_system")


def following_of(config: Path) -> Path:
    """Where the configuration of the next run lies: ``geo-target.next.toml``."""
    return config.with_name(f"{config.stem}.next{config.suffix}")


def before_of(config: Path, run_id: str) -> Path:
    """Where the configuration is kept that a run replaced."""
    return config.with_name(f"{config.stem}.before-{run_id}{config.suffix}")


def next_configuration(config: Path, files: Sequence[Delivered], *, on: date) -> Path:
    """Write the configuration that uses `files`; comments and order are those of `config`.

    Parameters
    ----------
    config
        geo-target.toml.
    files
        Read and confirmed: each takes the place of the source that it `replaces`, or is a
        new one, without a paper.
    on
        Day of coverage.

    Raises
    ------
    ConfigError
        With every file that cannot be used, ``E-DELIVERY-...``; or if what was written does
        not say what it should.
    """
    config = config.resolve()
    settings = read_settings(config)
    replaced = _replaced(files, settings)
    following = following_of(config)
    text = _text(config, settings, files, replaced, on)
    write_bytes(following, text.encode())
    following.chmod(config.stat().st_mode & 0o777)
    if read_settings(following) != _expected(settings, files, replaced, on):
        following.unlink()
        raise refusals.unwritable_config(config.name)
    return following


def adopt(config: Path, following: Path, *, expected_sha256: str, run_id: str) -> None:
    """Make the next configuration the one in use; the old one is kept beside it.

    Repeated after a kill, it goes on where it was.

    Parameters
    ----------
    expected_sha256
        Of `config` when the run began.

    Raises
    ------
    ConfigError
        ``E-CONFIG-CHANGED``, if it has changed since: then `following` stays beside it.
    """
    if sha256(config) != expected_sha256:
        raise refusals.config_changed(config.name, following.name)
    write_bytes(before_of(config, run_id), config.read_bytes())
    platform.sync_file(following)
    platform.replace(following, config)
    platform.sync_folder(config.parent)


def _replaced(files: Sequence[Delivered], settings: Settings) -> dict[str, int]:
    """Position of the source that each file takes the place of, by the file's id."""
    positions = {key: at for at, key in enumerate(keyed_sources(settings))}
    faults: list[Fault] = []
    by_source: dict[str, Delivered] = {}
    for file in files:
        key = file.answers.replaces
        if file.state is State.REFUSED:
            faults.append(refusals.refused(file.name))
        elif file.state is not State.READ:
            faults.extend(refusals.unread(file.name).faults)
        elif not file.confirmed:
            faults.append(refusals.unconfirmed(file.name))
        elif key is not None and key not in positions:
            faults.append(refusals.no_source(file.name))
        elif key is not None and by_source.setdefault(key, file) is not file:
            faults.append(refusals.twice(file.name, by_source[key].name))
    if faults:
        raise ConfigError(*faults)
    return {file.id: positions[key] for key, file in by_source.items()}


def _text(
    config: Path,
    settings: Settings,
    files: Sequence[Delivered],
    replaced: Mapping[str, int],
    on: date,
) -> str:
    try:
        document: Any = tomlkit.parse(config.read_text("utf-8-sig"))
        sources = document["source"]
        if not isinstance(sources, AoT) or len(sources) != len(settings.source):
            raise refusals.unwritable_config(config.name)
        for file in files:
            said = _said(file, config.parent)
            if file.id in replaced:
                _change(sources[replaced[file.id]], said)
            else:
                sources.append(_new(said))
        document["coverage"]["on"] = on
        return tomlkit.dumps(document)
    except (TOMLKitError, KeyError, TypeError):
        raise refusals.unwritable_config(config.name) from None


def _said(file: Delivered, folder: Path) -> dict[str, Any]:
    relative = Path(os.path.relpath(file.path, folder)).as_posix()
    return {name: getattr(_source(file), name) for name in _SAID} | {"file": relative}


def _source(file: Delivered) -> Source:
    answers = file.answers
    return Source(
        file=file.path,
        profile=profile_of(file) or "",
        as_of=answers.as_of,
        program=answers.program,
        sheet=answers.sheet,
        code_system=cast("CodeSystem | None", answers.code_system),
    )


def _change(source: Any, said: Mapping[str, Any]) -> None:
    for name, value in said.items():
        if value is None:
            source.pop(name, None)
        elif source.get(name) != value:
            source[name] = value


def _new(said: Mapping[str, Any]) -> Any:
    table = tomlkit.table()
    for name, value in said.items():
        if value is not None:
            table[name] = value
    return table


def _expected(
    settings: Settings, files: Sequence[Delivered], replaced: Mapping[str, int], on: date
) -> Settings:
    """What the written configuration has to say."""
    sources = list(settings.source)
    for file in files:
        said = _source(file)
        if file.id in replaced:
            old = sources[replaced[file.id]]
            sources[replaced[file.id]] = said.model_copy(update={"basis": old.basis})
        else:
            sources.append(said)
    coverage = settings.coverage.model_copy(update={"on": on})
    return settings.model_copy(update={"source": tuple(sources), "coverage": coverage})
