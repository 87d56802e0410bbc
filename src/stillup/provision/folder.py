"""The standby's folder: its files as objects of a website, with what each is served as.

Hidden files and links that lead out of the folder are left out, since neither is meant for everybody to read.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stillup.plan.setup import StoredObject
from stillup.provision.errors import ProvisionFailed

_TYPES: Final = mimetypes.MimeTypes(filenames=())
"""Python's own table: what this machine has installed must not decide what visitors get."""
for _suffix, _type in (
    (".avif", "image/avif"),
    (".ico", "image/x-icon"),
    (".js", "text/javascript"),
    (".md", "text/markdown"),
    (".mjs", "text/javascript"),
    (".svg", "image/svg+xml"),
    (".webmanifest", "application/manifest+json"),
    (".webp", "image/webp"),
    (".woff", "font/woff"),
    (".woff2", "font/woff2"),
    (".xml", "application/xml"),
):
    _TYPES.add_type(_type, _suffix)

_ENCODED: Final = {"gzip": "application/gzip", "br": "application/octet-stream"}
_UNKNOWN: Final = "application/octet-stream"
_TEXTS_ELSEWHERE: Final = frozenset({"application/json", "application/xml", "image/svg+xml"})
_LONGEST_KEY: Final = 1024
"""Octets (S3)."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the folder. `stored` is what it becomes; its cache header is the plan's to say."""

    stored: StoredObject
    path: Path

    def read(self) -> bytes:
        """The content as it was. Raises ProvisionFailed where it is another one meanwhile."""
        content = _content(self.path)
        if _digest(content) != self.stored.digest:
            raise ProvisionFailed(
                f"{self.path} was changed after it was read.", "Run the same command again."
            )
        return content


class EmptyFolder(ProvisionFailed):
    """There is a folder, and nothing in it to publish."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that was read."""

    files: Mapping[str, File]
    """By key: the path below the folder, with slashes."""
    left_out: tuple[str, ...] = ()
    """Sentences for whoever wonders where a file is."""

    @property
    def stored(self) -> dict[str, StoredObject]:
        """The objects alone, by key."""
        return {key: file.stored for key, file in self.files.items()}


def read_folder(path: Path) -> Folder:
    """Every file in the folder and below it. Raises ProvisionFailed where there is none, or one cannot be read."""
    if not path.is_dir():
        raise ProvisionFailed(
            f"The standby's folder {path} is {'no folder' if path.exists() else 'not there'}.",
            "`standby.folder` is relative to the plan file.",
        )
    root = path.resolve()
    files: dict[str, File] = {}
    left_out: list[str] = []
    with _readable():
        for each in _below(path):
            key = each.relative_to(path).as_posix()
            reason = _reason_against(each, key, root)
            if reason is None:
                files[key] = _file(each, key)
            else:
                left_out.append(f"{key} is left out: {reason}.")
    if not files:
        raise EmptyFolder(
            f"The standby's folder {path} holds no file to publish.", "Put an index.html there."
        )
    return Folder(files, tuple(left_out))


def content_type(key: str, content: bytes) -> str:
    """What the file is served as: by its suffix; texts in UTF-8 say so, others leave it to the browser."""
    kind, encoding = _TYPES.guess_type(key, strict=False)
    if encoding is not None:
        return _ENCODED.get(encoding, _UNKNOWN)
    if kind is None:
        return _UNKNOWN
    if (kind.startswith("text/") or kind in _TEXTS_ELSEWHERE) and _is_utf8(content):
        return f"{kind}; charset=utf-8"
    return kind


def _below(folder: Path) -> Iterator[Path]:
    """Files, and whatever else is no folder, in order of their keys; folders that are hidden or links, as they are."""
    for each in sorted(folder.iterdir()):
        if each.is_dir() and not each.is_symlink() and not each.name.startswith("."):
            yield from _below(each)
        else:
            yield each


def _reason_against(file: Path, key: str, root: Path) -> str | None:
    if file.name.startswith("."):
        return "it is hidden"
    if not file.resolve().is_relative_to(root):
        return "it is a link that leads out of the folder"
    if not file.is_file():
        return "it is a link to a folder" if file.is_dir() else "it is no file"
    return "its name is too long for S3" if len(key.encode()) > _LONGEST_KEY else None


def _file(path: Path, key: str) -> File:
    content = _content(path)
    return File(StoredObject(key, _digest(content), len(content), content_type(key, content)), path)


def _content(path: Path) -> bytes:
    with _readable():
        return path.read_bytes()


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ProvisionFailed(
            f"{error.filename} cannot be read: {error.strerror}.", "Change its mode."
        ) from error


def _digest(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
