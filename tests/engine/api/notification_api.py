"""The operations of SNS and SQS called as the listener calls them, each output held against botocore's model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

from stillup.engine.api.call import Call
from stillup.engine.api.sns.operations import SNS_OPERATIONS
from stillup.engine.api.sqs.operations import SQS_OPERATIONS
from stillup.engine.ports import DeadLetter, DeliveryReport
from stillup.rules.iam.identity import Principal, PrincipalKind
from stillup.rules.ids import Arn
from stillup.rules.topics.message import Message
from stillup.wire.aws.messages import AwsError, HttpRequest, Output
from tests.fakes import ROOT, FakeClock, FakeWorlds, api_ports

_SESSION: Any = botocore.session.get_session()
_MODELS: dict[str, Any] = {name: _SESSION.get_service_model(name) for name in ("sns", "sqs")}
_OPERATIONS = {"sns": SNS_OPERATIONS, "sqs": SQS_OPERATIONS}
ANONYMOUS = Principal(PrincipalKind.ANONYMOUS, "123456789012")


class FakeDeliveries:
    """What the test says became of the messages."""

    def __init__(self) -> None:
        self.reports: dict[Arn, DeliveryReport] = {}

    def of(self, subscription: Arn) -> DeliveryReport:
        return self.reports.get(subscription, DeliveryReport())


class FakeDeadLetters:
    """Dead letters in a dict, and what was redriven."""

    def __init__(self) -> None:
        self.letters: dict[str, DeadLetter] = {}
        self.redriven: list[str] = []

    async def list(self, *, limit: int, after: str | None = None) -> Sequence[DeadLetter]:
        ids = sorted(each for each in self.letters if after is None or each > after)
        return [self.letters[each] for each in ids[:limit]]

    async def redrive(self, ids: Sequence[str] | None = None) -> int:
        chosen = [each for each in self.letters if ids is None or each in ids]
        for each in chosen:
            del self.letters[each]
        self.redriven.extend(chosen)
        return len(chosen)

    async def discard(self, ids: Sequence[str]) -> None:
        for each in ids:
            self.letters.pop(each, None)


async def _no_body() -> AsyncIterator[bytes]:
    chunks: tuple[bytes, ...] = ()
    for chunk in chunks:
        yield chunk


class NotificationApi:
    """The operations over an empty world."""

    def __init__(self) -> None:
        self.worlds = FakeWorlds()
        self.clock = FakeClock()
        self.deliveries = FakeDeliveries()
        self.dead_letters = FakeDeadLetters()
        self.ports = api_ports(
            worlds=self.worlds,
            clock=self.clock,
            deliveries=self.deliveries,
            dead_letters=self.dead_letters,
        )

    async def call(
        self,
        operation: str,
        *,
        service: str = "sns",
        region: str = "us-east-1",
        principal: Principal = ROOT,
        **parameters: Any,
    ) -> Mapping[str, Any]:
        """The members of the output, valid by the model. Raises AwsError."""
        model = _MODELS[service].operation_model(operation)
        asked = ParamValidator().validate(parameters, model.input_shape)
        assert not asked.has_errors(), asked.generate_report()
        call = Call(
            service,
            operation,
            parameters,
            HttpRequest("POST", "/", "", {"host": "127.0.0.1:4566"}),
            "id",
            region,
            None,
            _no_body(),
            principal,
            "127.0.0.1",
        )
        output = await _OPERATIONS[service][operation](self.ports, call)
        assert isinstance(output, Output)
        if model.output_shape is not None:
            report = ParamValidator().validate(output.members, model.output_shape)
            assert not report.has_errors(), report.generate_report()
            assert set(output.members) <= set(model.output_shape.members)
        return output.members

    async def refusal(self, operation: str, **parameters: Any) -> AwsError:
        """The error that the call ends with, which leaves the world as it was and is in the model."""
        before = self.worlds.current
        try:
            output = await self.call(operation, **parameters)
        except AwsError as error:
            assert self.worlds.current is before
            return error
        raise AssertionError(output)

    async def topic(self, name: str = "alerts", **given: Any) -> str:
        """The ARN of a new topic."""
        return str((await self.call("CreateTopic", Name=name, **given))["TopicArn"])

    async def subscription(self, topic: str, *, confirmed: bool = True, **given: Any) -> str:
        """The ARN of a new subscription."""
        usual = {"Protocol": "https", "Endpoint": "https://example.com/", "ReturnSubscriptionArn": True}
        made = await self.call("Subscribe", TopicArn=topic, **(usual | given))
        if confirmed:
            token = self.messages()[-1].token
            await self.call("ConfirmSubscription", TopicArn=topic, Token=token)
        return str(made["SubscriptionArn"])

    async def attributes(self, arn: str) -> Mapping[str, str]:
        """Those of a subscription, or of a topic."""
        if arn.count(":") > 5:
            got = await self.call("GetSubscriptionAttributes", SubscriptionArn=arn)
        else:
            got = await self.call("GetTopicAttributes", TopicArn=arn)
        attributes: Mapping[str, str] = got["Attributes"]
        return attributes

    def messages(self) -> list[Message]:
        """Everything that the outbox took, in order."""
        return [message for change in self.worlds.changes for message in getattr(change, "messages", ())]

    def pass_time(self, seconds: float) -> None:
        """Move the clock."""
        self.clock.instant += seconds
