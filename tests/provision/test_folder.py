"""The standby's folder: which files are published, and what each is served as."""

from __future__ import annotations

from hashlib import md5
from pathlib import Path

import pytest

from stillup.provision.errors import ProvisionFailed
from stillup.provision.folder import content_type, read_folder


def test_files_become_objects_with_their_paths_as_keys(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "index.html").write_text("<h1>ä</h1>")
    (tmp_path / "css" / "a b.css").write_bytes(b"body{}")
    folder = read_folder(tmp_path)
    assert list(folder.files) == ["css/a b.css", "index.html"]
    stored = folder.stored["css/a b.css"]
    assert (stored.digest, stored.size) == (md5(b"body{}").hexdigest(), 6)
    assert folder.files["index.html"].read() == "<h1>ä</h1>".encode()
    assert folder.left_out == ()


TYPES = [
    ("index.html", "ä".encode(), "text/html; charset=utf-8"),
    ("old.html", "ä".encode("latin-1"), "text/html"),
    ("a.css", b"", "text/css; charset=utf-8"),
    ("a.js", b"", "text/javascript; charset=utf-8"),
    ("a.json", b"{}", "application/json; charset=utf-8"),
    ("logo.svg", b"<svg/>", "image/svg+xml; charset=utf-8"),
    ("logo.PNG", b"\x89PNG", "image/png"),
    ("a.woff2", b"", "font/woff2"),
    ("favicon.ico", b"", "image/x-icon"),
    ("robots.txt", b"", "text/plain; charset=utf-8"),
    ("site.tar.gz", b"", "application/gzip"),
    ("LICENSE", b"", "application/octet-stream"),
]


@pytest.mark.parametrize(("key", "content", "expected"), TYPES, ids=[key for key, _, _ in TYPES])
def test_a_file_is_served_as_its_suffix_says(key: str, content: bytes, expected: str) -> None:
    assert content_type(key, content) == expected


def test_hidden_files_and_links_that_lead_out_are_left_out_with_a_word(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / ".git").mkdir(parents=True)
    (site / ".git" / "config").write_text("secret")
    (site / ".env").write_text("secret")
    (site / "index.html").write_text("hello")
    (tmp_path / "secret").write_text("secret")
    (site / "out.html").symlink_to(tmp_path / "secret")
    (site / "folder").symlink_to(tmp_path)
    (site / "broken.html").symlink_to(site / "nowhere")
    (site / "home.html").symlink_to(site / "index.html")
    folder = read_folder(site)
    assert list(folder.files) == ["home.html", "index.html"]
    assert sorted(each.split(" ", 1)[0] for each in folder.left_out) == [
        ".env",
        ".git",
        "broken.html",
        "folder",
        "out.html",
    ]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "not there"),
        (lambda path: path.write_text("x"), "no folder"),
        (lambda path: path.mkdir(), "holds no file"),
    ],
)
def test_a_folder_that_cannot_be_published_is_refused(make: object, says: str, tmp_path: Path) -> None:
    make(tmp_path / "site")  # type: ignore[operator]
    with pytest.raises(ProvisionFailed, match=says):
        read_folder(tmp_path / "site")
