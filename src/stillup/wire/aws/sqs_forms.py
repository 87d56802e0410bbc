"""What SQS's lists and maps are called in a form: its model lost these names when it went over to JSON.

They are those of the query reference: `Attribute.1.Name`, `MessageAttributeName.1`, `Tag.1.Key`,
`SendMessageBatchRequestEntry.1.Id`. JSON does not look at them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_LISTS: Final[Mapping[str, str]] = {
    "AWSAccountIdList": "AWSAccountId",
    "ActionNameList": "ActionName",
    "AttributeNameList": "AttributeName",
    "MessageAttributeNameList": "MessageAttributeName",
    "MessageSystemAttributeList": "MessageSystemAttributeName",
    "QueueUrlList": "QueueUrl",
    "TagKeyList": "TagKey",
}
"""The names of single scalars; structures go by their shape's."""

_MAPS: Final[Mapping[str, tuple[str, str, str]]] = {
    "MessageBodyAttributeMap": ("MessageAttribute", "Name", "Value"),
    "MessageBodySystemAttributeMap": ("MessageSystemAttribute", "Name", "Value"),
    "MessageSystemAttributeMap": ("Attribute", "Name", "Value"),
    "QueueAttributeMap": ("Attribute", "Name", "Value"),
    "TagMap": ("Tag", "Key", "Value"),
}
"""The names of an entry, of its key and of its value."""


def give_form_names(model: dict[str, Any]) -> None:
    """Write the names into SQS's raw model."""
    shapes = model["shapes"]
    for name, shape in shapes.items():
        match shape["type"]:
            case "list" if shapes[shape["member"]["shape"]]["type"] == "structure":
                shape["member"]["locationName"] = shape["member"]["shape"]
            case "list" if name in _LISTS:
                shape["member"]["locationName"] = _LISTS[name]
            case "map":
                _, shape["key"]["locationName"], shape["value"]["locationName"] = _MAPS[name]
            case "structure":
                for member in shape["members"].values():
                    if member["shape"] in _MAPS:
                        member["locationName"] = _MAPS[member["shape"]][0]
