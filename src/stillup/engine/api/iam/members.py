"""Identities as members of IAM's shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from stillup.engine.api.iam.paging import render_tag
from stillup.rules.iam.identity import AccessKey, ManagedPolicy, PolicyVersion, User


def render_user(user: User, *, tagged: bool) -> dict[str, Any]:
    """A user; lists leave the tags out."""
    tags = {"Tags": render_tags(user.tags)} if tagged and user.tags else {}
    return {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.id,
        "Arn": user.arn,
        "CreateDate": user.created_at,
    } | tags


def render_key(user: User, key: AccessKey) -> dict[str, Any]:
    """An access key without its secret."""
    return {
        "UserName": user.name,
        "AccessKeyId": key.id,
        "Status": "Active" if key.is_active else "Inactive",
        "CreateDate": key.created_at,
    }


def render_policy(policy: ManagedPolicy, *, attachments: int) -> dict[str, Any]:
    """A managed policy without its tags, as lists show it."""
    return {
        "PolicyName": policy.name,
        "PolicyId": policy.id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": policy.default_version,
        "AttachmentCount": attachments,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "CreateDate": policy.created_at,
        "UpdateDate": policy.updated_at,
    }


def render_version(policy: ManagedPolicy, version: PolicyVersion) -> dict[str, Any]:
    """A version without its document."""
    return {
        "VersionId": version.id,
        "IsDefaultVersion": version.id == policy.default_version,
        "CreateDate": version.created_at,
    }


def render_attached(policy: ManagedPolicy) -> dict[str, str]:
    """A managed policy as those list it who have it attached."""
    return {"PolicyName": policy.name, "PolicyArn": policy.arn}


def render_document(document: str) -> str:
    """A policy's text, URL-encoded by RFC 3986 inside the XML, as IAM has it and as every SDK undoes it."""
    return quote(document, safe="")


def render_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """All tags, in the order in which they were given."""
    return [render_tag(tag) for tag in tags.items()]
