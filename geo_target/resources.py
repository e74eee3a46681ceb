"""Where templates/ and geodata/ are: inside an installed wheel, or beside a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def resource_dir(name: str) -> Path:
    """Folder `name` in the installed package, or at the top of the checkout.

    Raises
    ------
    FileNotFoundError
        If neither has it, which means a broken installation.
    """
    for folder in (PACKAGE / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no {name}/ inside {PACKAGE} or beside it")


#: The user's own profiles: a process works on one configuration.
_own_profiles: list[Path] = []


def use_profiles(folder: Path | None) -> None:
    """Let the profiles in `folder` count besides ours; None or a missing folder: ours alone."""
    _own_profiles[:] = [folder] if folder is not None and folder.is_dir() else []


def profile_folders() -> list[Path]:
    """Folders of profiles; those of a later one take the place of earlier ones."""
    return [resource_dir("geodata") / "profiles", *_own_profiles]
