"""Drills to report on."""

from __future__ import annotations

from stillup.drill.timeline import Drill, Moment, Phase, Sighting, Watcher
from stillup.plan.prediction import Prediction, Span

PREDICTION = Prediction(
    detection=Span(60.0, 85.0, 105.0),
    switch=Span(0.0, 1.0, 5.0),
    cache=Span(0.0, 30.0, 60.0),
    recovery=Span(60.0, 65.0, 95.0),
)


def seen(
    at: float, watcher: Watcher, who: str, state: str, *, is_primary: bool | None, detail: str = ""
) -> Sighting:
    return Sighting(at, watcher, who, state, is_primary, detail)


PASSED = Drill(
    failover="www.example.com",
    method="instances",
    began_at=1_795_377_561.0,
    moments=((Moment.BEGUN, 0.0), (Moment.BROKEN, 6.2), (Moment.RESTORED, 190.4), (Moment.ENDED, 330.0)),
    sightings=(
        seen(0.1, Watcher.AUTHORITY, "127.0.0.1:5300", "203.0.113.10", is_primary=True),
        seen(92.3, Watcher.AUTHORITY, "127.0.0.1:5300", "198.51.100.7", is_primary=False),
        seen(256.2, Watcher.AUTHORITY, "127.0.0.1:5300", "203.0.113.10", is_primary=True),
        seen(0.1, Watcher.RESOLVER, "192.0.2.53", "203.0.113.10", is_primary=True),
        seen(121.8, Watcher.RESOLVER, "192.0.2.53", "198.51.100.7", is_primary=False),
        seen(280.0, Watcher.RESOLVER, "192.0.2.53", "203.0.113.10", is_primary=True),
        seen(0.2, Watcher.VISITOR, "http://www.example.com/", "primary", is_primary=True),
        seen(
            6.4,
            Watcher.VISITOR,
            "http://www.example.com/",
            "error",
            is_primary=None,
            detail="Connection refused",
        ),
        seen(122.0, Watcher.VISITOR, "http://www.example.com/", "standby", is_primary=False),
        seen(281.0, Watcher.VISITOR, "http://www.example.com/", "primary", is_primary=True),
        seen(0.2, Watcher.KEPT_CONNECTION, "http://www.example.com/", "primary", is_primary=True),
        seen(6.3, Watcher.KEPT_CONNECTION, "http://www.example.com/", "error", is_primary=None),
        seen(122.5, Watcher.KEPT_CONNECTION, "http://www.example.com/", "standby", is_primary=False),
        seen(0.5, Watcher.CHECK, "abcd", "healthy", is_primary=True, detail="16 of 16 checkers"),
        seen(91.9, Watcher.CHECK, "abcd", "unhealthy", is_primary=False, detail="2 of 16 checkers"),
        seen(255.9, Watcher.CHECK, "abcd", "healthy", is_primary=True, detail="3 of 16 checkers"),
        seen(0.5, Watcher.ALARM, "stillup-www-example-com", "OK", is_primary=True),
        seen(140.0, Watcher.ALARM, "stillup-www-example-com", "ALARM", is_primary=False),
        seen(310.0, Watcher.ALARM, "stillup-www-example-com", "OK", is_primary=True),
        seen(142.0, Watcher.MESSAGE, "stillup-www-example-com", "ALARM delivered", is_primary=None),
    ),
    phases=(
        Phase("detection", 6.2, 91.9, PREDICTION.detection),
        Phase("switch", 91.9, 92.3, PREDICTION.switch),
        Phase("cache", 92.3, 122.0, PREDICTION.cache),
        Phase("recovery", 190.4, 255.9, PREDICTION.recovery),
    ),
    prediction=PREDICTION,
    budget=180.0,
    outage=115.6,
)

FAILED = Drill(
    failover="<script>alert(1)</script>.a-very-long-name-of-a-shop-for-all-of-europe.example.co.uk",
    method="command & more",
    began_at=1_795_377_561.0,
    moments=((Moment.BEGUN, 0.0), (Moment.BROKEN, 2.0), (Moment.RESTORED, 14_400.0)),
    sightings=(
        seen(0.1, Watcher.AUTHORITY, "[2001:db8::53]:53 ns1.example", "203.0.113.10", is_primary=True),
    ),
    phases=(Phase("detection", 2.0, None, PREDICTION.detection),),
    prediction=None,
    budget=None,
    outage=None,
    problems=("The check <b>never</b> turned unhealthy.",),
    interrupted=True,
)

EMPTY = Drill("www.example.com", "invert", 0.0, (), (), (), None, 60.0, 0.0)
