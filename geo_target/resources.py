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
