"""The end of a run that was published: its configuration is adopted, its files are marked."""

import json
from dataclasses import replace
from pathlib import Path

from geo_target.deliveries.configuration import adopt, following_of
from geo_target.deliveries.records import mark_used
from geo_target.deliveries.run_record import RunRecord, RunState, write_record
from geo_target.errors import ConfigError
from geo_target.publishing.archive import Archive, sha256
from geo_target.settings import read_settings


def end_published(config: Path, folder: Path, record: RunRecord, run_id: str) -> RunRecord:
    """Adopt, mark, and write down that the run is done. Repeated, it goes on where it was.

    Files of a configuration that cannot be adopted are not marked: they are still to be
    worked into the one that somebody has changed.
    """
    messages = {language: list(lines) for language, lines in record.messages.items()}
    try:
        if sha256(config) != record.following_sha256:
            adopt(
                config,
                following_of(config),
                expected_sha256=record.config_sha256,
                run_id=run_id,
            )
        else:  # nothing has changed, or it was adopted before a kill
            following_of(config).unlink(missing_ok=True)
        for file in record.files:
            mark_used(folder / file, run_id)
    except ConfigError as error:
        messages["id"].append(error.text("id"))
        messages["en"].append(error.text("en"))
    done = replace(record, state=RunState.DONE, run_id=run_id, messages=messages, stage=None)
    write_record(folder, done)
    return done


def published_by(config: Path, record: RunRecord) -> str | None:
    """The run that the archive shows, if it is this one: its process died right after."""
    archive = Archive(read_settings(config).archive.folder)
    run_id = archive.current()
    if run_id is None or run_id == record.previous:
        return None
    try:
        manifest = json.loads((archive.folder / run_id / "manifest.json").read_bytes())
        is_ours = manifest["config"]["sha256"] == record.following_sha256
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return run_id if is_ours else None
