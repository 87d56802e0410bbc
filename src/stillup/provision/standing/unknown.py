"""What could not be seen, gathered as sentences."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from stillup.provision.errors import code_of


class Unknown:
    """Grows while things are read; lists may be appended to from several threads."""

    def __init__(self) -> None:
        self._sentences: list[str] = []

    def add(self, what: str, error: ClientError | BotoCoreError) -> None:
        """Remember that this could not be read, and why."""
        if isinstance(error, ClientError):
            words = error.response.get("Error", {}).get("Message", "")
            # What is no AWS at all, or a proxy before it, answers with pages.
            why = f", {words}" if words and not words.lstrip().startswith("<") else ""
            self._sentences.append(f"{what}: {error.operation_name} says {code_of(error)}{why}")
        else:
            self._sentences.append(f"{what}: {error}")

    def note(self, sentence: str) -> None:
        """Remember something that is not an error of AWS's."""
        self._sentences.append(sentence)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All, each once."""
        return tuple(dict.fromkeys(self._sentences))
