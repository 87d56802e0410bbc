"""The account's own key: given in the environment, else made at the first start and kept in the data folder.

`AWS_SHARED_CREDENTIALS_FILE=DATA/root-credentials` is all that a client needs: the file is one of AWS's own.
"""

from __future__ import annotations

import configparser
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from stillup.engine.files import keep_private
from stillup.engine.ports import Die
from stillup.rules.iam.names import ID_OCTETS, SECRET_OCTETS, access_key_id, secret_access_key

FILE: Final = "root-credentials"


@dataclass(frozen=True, slots=True)
class RootKey:
    """Whoever signs with it may do everything."""

    id: str
    secret: str = field(repr=False)
    is_given: bool = False
    """Whether the operator chose it, and so means it to be used."""


class RootKeyUnusable(Exception):
    """The operator's to put right: the file cannot be read, written or understood."""


def root_key(
    directory: Path, die: Die, *, given: tuple[str, str] | None, show: Callable[[Path, str], object]
) -> RootKey:
    """The key of this data folder.

    A new one is on disk before it is shown, once: `show` is given the file and what is in it. Blocks. Raises RootKeyUnusable.
    """
    if given is not None:
        return RootKey(*given, is_given=True)
    path = directory / FILE
    try:
        return _read(path)
    except FileNotFoundError:
        key = RootKey(access_key_id(die.octets(ID_OCTETS)), secret_access_key(die.octets(SECRET_OCTETS)))
    except OSError as wrong:
        raise RootKeyUnusable(f"{path}: {wrong}") from wrong
    except (ValueError, KeyError, configparser.Error):
        # What they say may have the secret in it.
        raise RootKeyUnusable(
            f"{path}: has no aws_access_key_id and aws_secret_access_key in [default]"
        ) from None
    try:
        keep_private(path, _file(key).encode())
    except OSError as wrong:
        raise RootKeyUnusable(f"{path}: {wrong}") from wrong
    show(path, _file(key))
    return key


def _read(path: Path) -> RootKey:
    """Raises OSError; and KeyError, ValueError or configparser.Error for a file that has no key."""
    document = configparser.ConfigParser(interpolation=None)
    document.read_string(path.read_text(encoding="utf-8"), str(path))
    default = document["default"]
    key = RootKey(default["aws_access_key_id"], default["aws_secret_access_key"])
    if not key.id or not key.secret:
        raise ValueError("an empty key, with which everybody could sign")
    return key


def _file(key: RootKey) -> str:
    return f"[default]\naws_access_key_id = {key.id}\naws_secret_access_key = {key.secret}\n"
