"""What could not be seen, gathered as sentences."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from stillup.provision.api_errors import why_unknown


class Unknown:
    """Grows while things are read; lists may be appended to from several threads."""

    def __init__(self) -> None:
        self._sentences: list[str] = []

    def add(self, what: str, error: ClientError | BotoCoreError | ResponseParserError) -> None:
        """Remember that this could not be read, and why."""
        self._sentences.append(f"{what}: {why_unknown(error)}")

    def note(self, sentence: str) -> None:
        """Remember something that is not an error of AWS's."""
        self._sentences.append(sentence)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All, each once."""
        return tuple(dict.fromkeys(self._sentences))
