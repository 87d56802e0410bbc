"""The configuration of `stillup serve`, from flags, the environment and a file."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.engine.config import Address, InstanceConfig, Problem, ServeConfig, load


def loaded(flags: dict[str, object] | None = None, environ: dict[str, str] | None = None, toml: str = ""):
    flags = {"config": "stillup.toml", **(flags or {})} if toml else flags or {}
    return load(flags, environ or {}, lambda _: toml)


def config(*args, **kwargs) -> ServeConfig:
    outcome = loaded(*args, **kwargs)
    assert isinstance(outcome, ServeConfig), [str(problem) for problem in outcome]
    return outcome


def problems(*args, **kwargs) -> list[str]:
    outcome = loaded(*args, **kwargs)
    assert isinstance(outcome, list)
    return [str(problem) for problem in outcome]


def test_nothing_given_means_the_defaults_of_the_interface() -> None:
    assert config() == ServeConfig(
        data=Path("stillup-data"),
        dns=(Address("127.0.0.1", 5300),),
        api=Address("127.0.0.1", 4566),
        site=Address("127.0.0.1", 8080),
        console=Address("127.0.0.1", 8053),
        site_address=(ip_address("127.0.0.1"),),
        clock_rate=1,
        throttle=False,
        s3_alias_ttl=60,
        account="123456789012",
        region="us-east-1",
        name_servers=(),
        probe_allow=(),
        probe_deny=(),
        healthy_fraction=0.18,
        vantages=("us-east-1", "us-west-2", "eu-west-1"),
        instances=(),
        mail_from=config().mail_from,
    )
    assert config().mail_from.startswith("stillup@")


def test_a_flag_overrides_a_variable_overrides_the_file() -> None:
    toml = 'api = "127.0.0.1:1"\nsite = "127.0.0.1:2"\nconsole = "127.0.0.1:3"\n'
    environ = {"STILLUP_SITE": "127.0.0.1:20", "STILLUP_CONSOLE": "127.0.0.1:30"}
    chosen = config({"console": "127.0.0.1:300"}, environ, toml)
    assert (chosen.api.port, chosen.site.port, chosen.console.port) == (1, 20, 300)


def test_the_config_file_may_be_named_by_a_variable() -> None:
    outcome = load({}, {"STILLUP_CONFIG": "/etc/stillup.toml"}, lambda path: f'data = "{path.parent}"')
    assert isinstance(outcome, ServeConfig)
    assert outcome.data == Path("/etc")


def test_flags_that_were_not_given_do_not_count() -> None:
    assert config({"dns": [], "api": None, "throttle": None}, {"STILLUP_THROTTLE": "yes"}).throttle


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("[::1]:5300", [Address("::1", 5300)]),
        ("0.0.0.0:53,[::]:53", [Address("0.0.0.0", 53), Address("::", 53)]),
        (["127.0.0.1:0", "127.0.0.2:0"], [Address("127.0.0.1", 0), Address("127.0.0.2", 0)]),
        ("localhost:53", [Address("127.0.0.1", 53)]),
    ],
)
def test_dns_listens_on_every_address_given(given: object, expected: list[Address]) -> None:
    assert list(config({"dns": given}).dns) == expected


@pytest.mark.parametrize(
    "wrong", ["127.0.0.1", "::1:53", "127.0.0.1:65536", "127.0.0.1:-1", "ns1:53", "[127.0.0.1]:53", ":53", ""]
)
def test_what_is_no_address_is_refused_with_what_is_allowed(wrong: str) -> None:
    (problem,) = problems({"api": wrong})
    assert problem.startswith("--api: must be ")


def test_an_address_prints_as_it_is_written() -> None:
    assert [str(Address("::1", 53)), str(Address("127.0.0.1", 53))] == ["[::1]:53", "127.0.0.1:53"]


def test_an_alias_answers_where_the_site_listens() -> None:
    assert config({"site": "[2001:db8::1]:80"}).site_address == (ip_address("2001:db8::1"),)


def test_a_site_on_all_addresses_needs_to_be_told_its_own() -> None:
    (problem,) = problems({"site": "0.0.0.0:80"})
    assert problem.startswith("site-address: must be given")
    chosen = config({"site": "0.0.0.0:80", "site-address": "192.0.2.1,2001:db8::1"})
    assert [str(address) for address in chosen.site_address] == ["192.0.2.1", "2001:db8::1"]


TOML = """\
# a whole house
dns = ["127.0.0.1:53", "[::1]:53"]
site_address = "192.0.2.1"
clock-rate = 2.5
s3-alias-ttl = 5
account = "000000000001"
region = "eu-central-1"
name-servers = ["ns1.example.com", "NS2.example.com."]
probe-allow = ["10.0.0.0/8"]
probe-deny = ["10.1.2.3"]
healthy-fraction = 0.5

[[vantage]]
name = "sa-east-1"

[[instance]]
id = "i-0123456789abcdef0"
command = ["python3", "-m", "http.server"]
env = { COLOUR = "green" }
cwd = "www"
public_ip = "203.0.113.10"
private-ip = "10.0.0.10"
name = "primary"
tags = { Team = "web" }
"""


def test_every_key_of_the_file_is_read() -> None:
    chosen = config(toml=TOML)
    assert chosen.clock_rate == 2.5
    assert (chosen.s3_alias_ttl, chosen.account, chosen.region) == (5, "000000000001", "eu-central-1")
    assert chosen.name_servers == ("ns1.example.com.", "ns2.example.com.")
    assert (chosen.probe_allow, chosen.probe_deny) == (("10.0.0.0/8",), ("10.1.2.3/32",))
    assert (chosen.healthy_fraction, chosen.vantages) == (0.5, ("sa-east-1",))
    assert chosen.instances == (
        InstanceConfig(
            id="i-0123456789abcdef0",
            command=("python3", "-m", "http.server"),
            env={"COLOUR": "green"},
            cwd=Path("www"),
            public_ip="203.0.113.10",
            private_ip="10.0.0.10",
            tags={"Name": "primary", "Team": "web"},
        ),
    )


def test_everything_that_is_wrong_is_told_at_once_with_its_line() -> None:
    toml = """\
site-adress = "192.0.2.1"
clock-rate = 0
healthy-fraction = 1
account = 123456789012

[[vantage]]
name = "mars"

[[instance]]
id = "i-1"
command = "python3 -m http.server"

[[instance]]
commands = ["true"]
id = "i-01234567"
"""
    told = problems({"api": "nowhere"}, {"STILLUP_THROTTLE": "perhaps"}, toml)
    assert {problem.split(" ", 1)[0].rstrip(":") for problem in told} == {
        "--api",
        "STILLUP_THROTTLE",
        *(f"stillup.toml:{line}" for line in (1, 2, 3, 4, 7, 10, 11, 13, 14)),
    }
    assert "stillup.toml:1: site-adress: no such key; did you mean site-address?" in told
    assert "stillup.toml:13: instance 2: command is missing" in told
    assert "stillup.toml:14: instance 2: commands: no such key; did you mean command?" in told


def test_the_public_address_of_an_instance_is_an_ipv4_address() -> None:
    toml = '[[instance]]\nid = "i-01234567"\ncommand = ["true"]\npublic-ip = "2001:db8::1"\n'
    (problem,) = problems(toml=toml)
    assert problem == ("stillup.toml:4: instance 1: public-ip: must be an IPv4 address, not '2001:db8::1'")


def test_two_instances_of_one_id_are_refused() -> None:
    toml = '[[instance]]\nid = "i-01234567"\ncommand = ["true"]\n' * 2
    assert problems(toml=toml) == ["stillup.toml:5: instance 2: id: i-01234567 is there twice"]


@pytest.mark.parametrize("toml", ['vantage = "us-east-1"', '[vantage]\nname = "us-east-1"', "instance = [1]"])
def test_tables_must_be_written_as_tables(toml: str) -> None:
    (problem,) = problems(toml=toml)
    assert "under a heading in double brackets" in problem


def test_what_is_not_toml_is_told_with_its_line() -> None:
    (problem,) = problems(toml="api = \n")
    assert problem.startswith("--config stillup.toml: is no TOML")
    assert "line 1" in problem


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    outcome = load({"config": str(missing)}, {}, lambda path: path.read_text())
    assert outcome == [Problem(f"--config {missing}", "No such file or directory")]


FLAGS = ("dns", "site", "clock-rate", "throttle", "site-address", "smtp", "mail-from", "api-url", "insecure")


@given(st.dictionaries(st.sampled_from(FLAGS), st.text()))
def test_any_text_gives_a_configuration_or_problems(flags: dict[str, object]) -> None:
    assert isinstance(loaded(flags), ServeConfig | list)
