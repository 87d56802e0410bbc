"""Route 53's operations on record sets: change, list, and ask what a name answers now."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.route53.paging import page_size
from stillup.engine.api.route53.record_set_members import parse_change, parse_form, render_record_set
from stillup.engine.api.route53.submissions import new_submission, render_submission
from stillup.engine.api.route53.zones import found_zone
from stillup.rules.changes import RecordsChanged
from stillup.rules.ids import HostedZoneId
from stillup.rules.names import DomainName, InvalidName
from stillup.rules.records import RecordSet, RecordType
from stillup.rules.refusal import Refusal
from stillup.rules.world import World
from stillup.rules.zones.apply import apply_batch
from stillup.rules.zones.change_batch import AnyChange, ChangeBatch
from stillup.rules.zones.change_form import refuse_forms
from stillup.rules.zones.lifecycle import find_zone
from stillup.rules.zones.listing import MAX_RECORD_SETS_IN_PAGE, RecordSetStart, list_record_sets
from stillup.wire.aws.messages import AwsError, Output
from stillup.wire.dns.rdata import present_rdata

_CHANGES_AT_A_STRETCH: Final = 20
"""So many are read before DNS queries get their turn: two or three milliseconds."""


async def change_resource_record_sets(ports: ApiPorts, call: Call) -> Output:
    """ChangeResourceRecordSets: the whole batch or, with all reasons, nothing of it (CH-2)."""
    zone_id = HostedZoneId(call.parameters["HostedZoneId"])
    given = call.parameters["ChangeBatch"]
    found_zone(ports, zone_id)
    refusal = refuse_forms(map(parse_form, given["Changes"]))
    if refusal is not None:
        raise AwsError(refusal.code, refusal.message)
    comment = given.get("Comment") or ""
    batch = ChangeBatch(await _read(given["Changes"]), comment)
    submission = new_submission(ports, comment)

    def decide(world: World) -> RecordsChanged | Refusal:
        zone = find_zone(world.zones, zone_id)
        if isinstance(zone, Refusal):
            return zone
        return apply_batch(zone, batch, health_checks=world.health_checks.keys(), submission=submission)

    committed_or_raise(await ports.worlds.commit(decide))
    return Output({"ChangeInfo": render_submission(submission)})


async def list_resource_record_sets(ports: ApiPorts, call: Call) -> Output:
    """ListResourceRecordSets (LS-1 … LS-3)."""
    zone = found_zone(ports, call.parameters["HostedZoneId"])
    size = page_size(call.parameters.get("MaxItems"), MAX_RECORD_SETS_IN_PAGE)
    page = list_record_sets(zone, _start(call.parameters), size)
    return Output(
        {
            "ResourceRecordSets": [render_record_set(each) for each in page.items],
            "IsTruncated": page.next is not None,
            "MaxItems": str(size),
            **({} if page.next is None else _render_next(page.next)),
        }
    )


async def test_dns_answer(ports: ApiPorts, call: Call) -> Output:
    """TestDNSAnswer: what the DNS servers answer from this zone now, one of the answers where chance decides.

    The client's address makes no difference as long as nothing is routed by place; it is only looked over.
    """
    zone = found_zone(ports, call.parameters["HostedZoneId"])
    name = _valid_name(call.parameters["RecordName"])
    record_type = RecordType(call.parameters["RecordType"])
    _raise_if_bad_subnet(call.parameters)
    resolution = ports.resolver.resolve(zone.id, name, record_type.code)
    answer = resolution.answer_at(ports.die.fraction())
    return Output(
        {
            "Nameserver": zone.name_servers[0].to_text().removesuffix("."),
            "RecordName": call.parameters["RecordName"],
            "RecordType": record_type.value,
            "RecordData": [present_rdata(rrset.type, rdata) for rrset in answer for rdata in rrset.rdata],
            "ResponseCode": resolution.rcode.name,
            "Protocol": "UDP",
        }
    )


RECORD_OPERATIONS: Final[Mapping[str, Operation]] = {
    "ChangeResourceRecordSets": change_resource_record_sets,
    "ListResourceRecordSets": list_resource_record_sets,
    "TestDNSAnswer": test_dns_answer,
}


async def _read(changes: Sequence[Mapping[str, Any]]) -> tuple[AnyChange, ...]:
    read: list[AnyChange] = []
    for start in range(0, len(changes), _CHANGES_AT_A_STRETCH):
        read += map(parse_change, changes[start : start + _CHANGES_AT_A_STRETCH])
        await asyncio.sleep(0)
    return tuple(read)


def _start(parameters: Mapping[str, Any]) -> RecordSetStart | None:
    name, record_type = parameters.get("StartRecordName"), parameters.get("StartRecordType")
    identifier = parameters.get("StartRecordIdentifier")
    if record_type and not name:
        raise AwsError("InvalidInput", "Invalid parameter : StartRecordType needs a StartRecordName.")
    if identifier and not record_type:
        raise AwsError("InvalidInput", "Invalid parameter : StartRecordIdentifier needs a StartRecordType.")
    if not name:
        return None
    return RecordSetStart(
        _valid_name(name), RecordType(record_type) if record_type else None, identifier or None
    )


def _render_next(record_set: RecordSet) -> Mapping[str, str]:
    following = {"NextRecordName": record_set.name.to_text(), "NextRecordType": record_set.type.value}
    if record_set.set_identifier is not None:
        following["NextRecordIdentifier"] = record_set.set_identifier
    return following


def _valid_name(text: str) -> DomainName:
    try:
        return DomainName.from_text(text)
    except InvalidName as error:
        raise AwsError("InvalidInput", str(error)) from error


def _raise_if_bad_subnet(parameters: Mapping[str, Any]) -> None:
    address, mask = parameters.get("EDNS0ClientSubnetIP"), parameters.get("EDNS0ClientSubnetMask")
    if not mask:
        return
    if not address:
        raise AwsError(
            "InvalidInput", "Invalid parameter : EDNS0ClientSubnetMask needs an EDNS0ClientSubnetIP."
        )
    longest = 128 if ":" in address else 32
    if not (mask.isascii() and mask.isdigit() and int(mask) <= longest):
        raise AwsError(
            "InvalidInput", f"Invalid parameter : EDNS0ClientSubnetMask must be 0 to {longest}, not {mask!r}."
        )
