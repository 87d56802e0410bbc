"""Flags, else the environment, else the config file, else the defaults: read into one value.

Everything that is wrong is told at once, each with the flag, variable or line that says it. A key may be
written with dashes or underscores. Relative paths start where the engine was started.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from stillup.engine.config import allowed
from stillup.engine.config.agreement import disagreements
from stillup.engine.config.serve import InstanceConfig, Problem, ServeConfig
from stillup.engine.config.toml import Given, Row, read_toml, spelled
from stillup.rules.topics.endpoints import is_mail_address


def load(
    flags: Mapping[str, object], environ: Mapping[str, str], read_file: Callable[[Path], str]
) -> ServeConfig | list[Problem]:
    """The configuration, or everything that is wrong with it.

    `flags` holds what the command line gave, by key; None and empty lists count as not given, False does not.
    `read_file` may raise OSError or UnicodeDecodeError.
    """
    given_flags = {
        spelled(name): Given(value, f"--{spelled(name)}")
        for name, value in flags.items()
        if value not in (None, (), [])
    }
    given_environ = {
        name: Given(environ[variable], variable)
        for name in (*_FLAGS, *_SECRETS, "config")
        if environ.get(variable := f"STILLUP_{name.upper().replace('-', '_')}")
    }
    said = {**given_environ, **given_flags}
    path = said.pop("config", None)
    in_file = read_toml(Path(str(path.raw)), read_file) if path else {}
    if isinstance(in_file, Problem):
        return [in_file]
    values, problems = _read({**in_file, **said}, {**_SERVE, **_SECRETS}, "")
    problems += [
        Problem(in_file[name].where, "belongs in the environment, where no copy of the file tells it")
        for name in _SECRETS.keys() & in_file.keys()
    ]
    if "site" in values and values.get("site_address") == ():
        host = ip_address(values["site"].host)
        if host.is_unspecified:
            problems.append(
                Problem("site-address", f"must be given: the site listens on {host}, nobody's address")
            )
        values["site_address"] = (host,)
    for table in ("vantage", "instance"):
        if rows := values.pop(table, ()):
            values[f"{table}s"] = rows
    problems += disagreements(values)
    return problems or ServeConfig(**values)


# --- the tables of keys ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Key:
    parse: Callable[[object], object]
    """Raises ValueError with what is allowed."""
    default: object = None
    """As it would be written; None: the field's own default."""
    is_required: bool = False


class _RowsWrong(Exception):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(*problems)
        self.problems = problems


def _rows(keys: Mapping[str, _Key], build: Callable[..., Any], unique: str) -> Callable[[object], object]:
    """All rows of a table, each built from its keys; no two may agree in the key `unique`."""

    def parse(raw: object) -> tuple[Any, ...]:
        if not isinstance(raw, list) or not all(isinstance(row, Row) for row in raw):
            raise ValueError("must be written as tables, each under a heading in double brackets")
        built: dict[str, Any] = {}
        problems: list[Problem] = []
        for row in raw:
            values, wrong = _read(row.given, keys, row.where)
            problems += wrong
            if not wrong and (name := values[unique]) in built:
                problems.append(Problem(row.given[unique].where, f"{name} is there twice"))
            elif not wrong:
                built[name] = build(**values)
        if problems:
            raise _RowsWrong(problems)
        return tuple(built.values())

    return parse


def _vantage(*, name: str) -> str:
    return name


def _instance(*, name: str = "", tags: Mapping[str, str] | None = None, **values: Any) -> InstanceConfig:
    return InstanceConfig(tags={**({"Name": name} if name else {}), **(tags or {})}, **values)


def _own_mail_address() -> str:
    """Who sends where nobody was named: this host, if its name may stand in an address."""
    address = f"stillup@{socket.gethostname()}"
    return address if is_mail_address(address) else "stillup@localhost"


_VANTAGE: Final = {"name": _Key(allowed.region, is_required=True)}
_INSTANCE: Final = {
    "id": _Key(
        allowed.matching(r"i-([0-9a-f]{8}|[0-9a-f]{17})", "i- and 8 or 17 hexadecimal digits"),
        is_required=True,
    ),
    "command": _Key(allowed.argv, is_required=True),
    "env": _Key(allowed.texts),
    "cwd": _Key(allowed.path),
    "public-ip": _Key(allowed.ipv4_text),
    "private-ip": _Key(allowed.ip_text),
    "name": _Key(allowed.text),
    "tags": _Key(allowed.texts),
}
_FLAGS: Final = {
    "data": _Key(allowed.path, "stillup-data"),
    "dns": _Key(allowed.at_least_one(allowed.address, "address"), "127.0.0.1:5300"),
    "api": _Key(allowed.address, "127.0.0.1:4566"),
    "site": _Key(allowed.address, "127.0.0.1:8080"),
    "console": _Key(allowed.address, "127.0.0.1:8053"),
    "site-address": _Key(allowed.list_of(allowed.ip), ()),
    "clock-rate": _Key(allowed.number(0, 1000, "a number above 0 and up to 1000"), 1),
    "throttle": _Key(allowed.truth, default=False),
    "tls-cert": _Key(allowed.path),
    "tls-key": _Key(allowed.path),
    "insecure": _Key(allowed.list_of(allowed.one_of("api", "console")), ()),
    "smtp": _Key(allowed.smtp),
    "mail-from": _Key(allowed.mail_address, _own_mail_address()),
    "heartbeat-url": _Key(allowed.http_url),
    "heartbeat-interval": _Key(allowed.number(0, 86400, "seconds, above 0 and up to 86400"), 60),
    "api-url": _Key(allowed.base_url),
    "console-url": _Key(allowed.base_url),
    "probe-allow": _Key(allowed.list_of(allowed.network), ()),
    "probe-deny": _Key(allowed.list_of(allowed.network), ()),
}
"""Each is a flag, a variable and a key of the file."""
_SECRETS: Final = {
    "root-access-key-id": _Key(
        allowed.unechoed(r"[A-Za-z0-9_-]{3,128}", "3 to 128 letters, digits, hyphens and underscores")
    ),
    "root-secret-access-key": _Key(
        allowed.unechoed(r"[!-~]{8,256}", "8 to 256 printable ASCII characters without white space")
    ),
}
"""Each is a variable only."""
_SERVE: Final = {
    **_FLAGS,
    "s3-alias-ttl": _Key(allowed.seconds, 60),
    "account": _Key(allowed.matching(r"[0-9]{12}", "12 digits in quotes"), "123456789012"),
    "region": _Key(allowed.matching(r"[a-z]{2}(-[a-z]+)+-[0-9]", "a Region such as us-east-1"), "us-east-1"),
    "name-servers": _Key(allowed.list_of(allowed.name), ()),
    "healthy-fraction": _Key(allowed.fraction, 0.18),
    "vantage": _Key(_rows(_VANTAGE, _vantage, "name")),
    "instance": _Key(_rows(_INSTANCE, _instance, "id")),
}


def _read(
    given: Mapping[str, Given], keys: Mapping[str, _Key], where: str
) -> tuple[dict[str, Any], list[Problem]]:
    """The values of a table by field name, and all that is wrong in it."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, key in keys.items():
        said = given.get(name, Given(key.default, name))
        if said.raw is None:
            if key.is_required:
                problems.append(Problem(where, f"{name} is missing"))
            continue
        try:
            values[name.replace("-", "_")] = key.parse(said.raw)
        except ValueError as wrong:
            problems.append(Problem(said.where, str(wrong)))
        except _RowsWrong as rows:
            problems += rows.problems
    for name in given.keys() - keys.keys():
        close = get_close_matches(name, keys, 1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(keys)}"
        problems.append(Problem(given[name].where, f"no such key; {hint}"))
    return values, problems
