"""Ids and secrets have AWS's forms, and differ where chance does."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.rules.iam import names


@settings(max_examples=50)
@given(st.binary(min_size=names.ID_OCTETS, max_size=names.ID_OCTETS))
def test_ids_have_the_form_that_aws_gives_them(octets: bytes) -> None:
    assert re.fullmatch("AIDA[A-Z2-7]{17}", names.user_id(octets))
    assert re.fullmatch("ANPA[A-Z2-7]{17}", names.policy_id(octets))
    assert re.fullmatch("AKIA[A-Z2-7]{16}", names.access_key_id(octets))


@settings(max_examples=50)
@given(st.binary(min_size=names.SECRET_OCTETS, max_size=names.SECRET_OCTETS))
def test_a_secret_has_forty_characters(octets: bytes) -> None:
    assert re.fullmatch("[A-Za-z0-9+/]{40}", names.secret_access_key(octets))
