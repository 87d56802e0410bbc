"""What the API's clients raise, and what is said of it where one thing less is known and the rest goes on."""

from __future__ import annotations

from typing import Final

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from stillup.provision.errors import code_of

API_ERRORS: Final = (ClientError, BotoCoreError, ResponseParserError)
"""All of it: a refusal, nobody reached, an answer that is none of AWS's."""


def why_unknown(error: ClientError | BotoCoreError | ResponseParserError) -> str:
    """The end of the sentence that begins with what is not known."""
    if isinstance(error, BotoCoreError):
        return str(error) or type(error).__name__
    if isinstance(error, ResponseParserError) or not code_of(error):
        return "somebody answered who does not speak AWS's protocols"
    words = error.response.get("Error", {}).get("Message", "")
    # A proxy before AWS answers with pages.
    said = f": {words}" if words and not words.lstrip().startswith("<") else ""
    return f"{error.operation_name} was refused with {code_of(error)}{said}"
