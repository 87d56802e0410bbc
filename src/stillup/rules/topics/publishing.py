"""What may be published: texts, subjects, attributes (SN-5)."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import category

from stillup.rules.ids import Arn, Instant, MessageId
from stillup.rules.refusal import Refusal
from stillup.rules.topics.message import Message, MessageAttribute, MessageType
from stillup.rules.topics.refusals import invalid

MOST_OCTETS: Final = 256 * 1024
"""Of a message with its attributes, and of all messages of a batch together."""
MOST_SUBJECT: Final = 100
MOST_BATCH: Final = 10

_ENTRY_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
_NOT_IN_NAME: Final = re.compile(r"[^A-Za-z0-9_.-]", re.ASCII)
_MOST_NAME: Final = 256
_TYPE: Final = re.compile(r"(String|Number|Binary)(?:\..+)?")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class GivenAttribute:
    """A message attribute as the request has it."""

    data_type: str
    text: str | None = None
    octets: bytes | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """One message as the request has it."""

    text: str
    subject: str | None = None
    structure: str | None = None
    """MessageStructure: `json` or nothing."""
    attributes: Mapping[str, GivenAttribute] | None = None


def compose(
    publication: Publication, *, message_id: MessageId, topic_arn: Arn, now: Instant
) -> Message | Refusal:
    """The notification, or the first thing that SNS finds wrong with it.

    | what is wrong                                        | refusal                                        |
    |------------------------------------------------------|------------------------------------------------|
    | no text                                              | InvalidParameter: Empty message                |
    | a subject that is empty, over 100 characters long    | InvalidParameter: Subject                      |
    | or has control characters                            |                                                |
    | an attribute                                         | ParameterValueInvalid, which and what          |
    | text and attributes above 256 KiB                    | InvalidParameter: Message too long             |
    | MessageStructure json that is none, or no `default`  | InvalidParameter: Message Structure - …        |
    """
    if not publication.text:
        return invalid("Empty message")
    if publication.subject is not None and not _is_subject(publication.subject):
        return invalid("Subject")
    attributes: dict[str, MessageAttribute] = {}
    for name, given in (publication.attributes or {}).items():
        attribute = _attribute(name, given)
        if isinstance(attribute, Refusal):
            return attribute
        attributes[name] = attribute
    if octets_of(publication) > MOST_OCTETS:
        return invalid("Message too long")
    texts = _texts(publication)
    if isinstance(texts, Refusal):
        return texts
    return Message(
        id=message_id,
        topic_arn=topic_arn,
        type=MessageType.NOTIFICATION,
        texts=texts,
        at=now,
        subject=publication.subject,
        attributes=attributes,
    )


def octets_of(publication: Publication) -> int:
    """What counts against the limit: the text, and the names, types and values of the attributes."""
    return len(publication.text.encode(errors="replace")) + sum(
        len(f"{name}{given.data_type}{given.text or ''}".encode(errors="replace")) + len(given.octets or b"")
        for name, given in (publication.attributes or {}).items()
    )


def check_batch(ids: Sequence[str], octets: int) -> Refusal | None:
    """What is wrong with a batch as such: its size and the ids of its entries."""
    if not ids:
        return Refusal.because("EmptyBatchRequest", "The batch request doesn't contain any entries.")
    if len(ids) > MOST_BATCH:
        return Refusal.because(
            "TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible."
        )
    if not all(map(_ENTRY_ID.fullmatch, ids)):
        return Refusal.because(
            "InvalidBatchEntryId",
            "The Id of a batch entry in a batch request doesn't abide by the specification.",
        )
    if len(set(ids)) < len(ids):
        return Refusal.because(
            "BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id."
        )
    if octets > MOST_OCTETS:
        return Refusal.because(
            "BatchRequestTooLong", "The length of all the messages put together is more than the limit."
        )
    return None


def _is_subject(text: str) -> bool:
    return 1 <= len(text) <= MOST_SUBJECT and not any(
        category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text
    )


def _attribute(name: str, given: GivenAttribute) -> MessageAttribute | Refusal:
    kind = _TYPE.fullmatch(given.data_type)
    wrong_name = _wrong_with_name(name)
    if wrong_name is not None:
        return _bad_value(wrong_name)
    if kind is None:
        return _bad_value(
            f"The message attribute '{name}' has an invalid message attribute type, the set of supported type "
            "prefixes is Binary, Number, and String."
        )
    field, value = ("Binary", given.octets) if kind[1] == "Binary" else ("String", given.text)
    if value is None and (given.text or given.octets):
        return _bad_value(
            f"The message attribute '{name}' with type '{given.data_type}' must use field '{field}'."
        )
    if not value:
        return _bad_value(
            f"The message attribute '{name}' must contain non-empty message attribute value for message "
            f"attribute type '{given.data_type}'."
        )
    if isinstance(value, bytes):
        return MessageAttribute(given.data_type, b64encode(value).decode())
    if kind[1] == "Number" and not _NUMBER.fullmatch(value):
        return _bad_value(f"Could not cast message attribute '{name}' value to number.")
    return MessageAttribute(given.data_type, value)


def _wrong_with_name(name: str) -> str | None:
    """What SNS says of a name that no attribute has (observed on AWS)."""
    stranger = _NOT_IN_NAME.search(name)
    if len(name.encode(errors="replace")) > _MOST_NAME:
        return f"Length of message attribute name must be less than {_MOST_NAME} bytes."
    if stranger is not None:
        return (
            f"Invalid non-alphanumeric character '#x{ord(stranger[0]):X}' was found in the message attribute name. "
            "Can only include alphanumeric characters, hyphens, underscores, or dots."
        )
    if name.startswith(".") or not name:
        return f"Invalid message attribute name starting with character '{name[:1]}' was found."
    if name.endswith("."):
        return "Invalid message attribute name ending with character '.' was found."
    return "Message attribute name can not have successive '.' character." if ".." in name else None


def _bad_value(reason: str) -> Refusal:
    return Refusal.because("ParameterValueInvalid", reason)


def _texts(publication: Publication) -> dict[str, str] | Refusal:
    if publication.structure is None:
        return {"default": publication.text}
    if publication.structure != "json":
        return invalid("MessageStructure")
    try:
        document = json.loads(publication.text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        return invalid("Message Structure - JSON message body failed to parse")
    texts = {key: value for key, value in document.items() if isinstance(value, str)}
    if "default" not in texts:
        return invalid("Message Structure - No default entry in JSON message body")
    return texts
