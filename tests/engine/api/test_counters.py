"""What the API counts."""

from __future__ import annotations

from stillup.engine.api.counters import ApiCounters


def test_calls_are_counted_by_service_operation_and_status() -> None:
    counters = ApiCounters()
    counters.count("sns", "Publish", 200)
    counters.count("sns", "Publish", 200)
    counters.count("sns", "Publish", 403)
    counters.count("s3", "", 404)
    assert [(figure.labels, figure.value) for figure in counters.figures()] == [
        ({"service": "s3", "operation": "", "status": "404"}, 1),
        ({"service": "sns", "operation": "Publish", "status": "200"}, 2),
        ({"service": "sns", "operation": "Publish", "status": "403"}, 1),
    ]
    assert all(figure.is_counter for figure in counters.figures())
