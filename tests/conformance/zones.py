"""Record sets through boto3, and what the DNS says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dns.message
import dns.query
import dns.rdatatype

if TYPE_CHECKING:  # conftest imports this module
    from tests.conformance.conftest import Subject


def all_record_sets(route53: Any, zone_id: str, page_size: int = 300) -> list[dict[str, Any]]:
    pages = route53.get_paginator("list_resource_record_sets").paginate(
        HostedZoneId=zone_id, PaginationConfig={"PageSize": page_size}
    )
    return [each for page in pages for each in page["ResourceRecordSets"]]


def change(route53: Any, zone_id: str, action: str, *record_sets: dict[str, Any]) -> dict[str, Any]:
    changes = [{"Action": action, "ResourceRecordSet": each} for each in record_sets]
    done: dict[str, Any] = route53.change_resource_record_sets(
        HostedZoneId=zone_id, ChangeBatch={"Changes": changes, "Comment": "by a test"}
    )
    return done


def in_sync(route53: Any, done: dict[str, Any]) -> None:
    waiter = route53.get_waiter("resource_record_sets_changed")
    waiter.wait(Id=done["ChangeInfo"]["Id"], WaiterConfig={"Delay": 1, "MaxAttempts": 20})


def values(name: str, record_type: str, *texts: str, **fields: Any) -> dict[str, Any]:
    records = [{"Value": text} for text in texts]
    return {"Name": name, "Type": record_type, "TTL": 300, "ResourceRecords": records, **fields}


def ask(subject: Subject, name: str, record_type: str) -> dns.message.Message:
    query = dns.message.make_query(name, dns.rdatatype.from_text(record_type))
    return dns.query.udp(query, subject.dns.host, port=subject.dns.port, timeout=5)
