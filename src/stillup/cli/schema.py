"""`stillup schema`: what editors need to complete and check a plan file."""

from __future__ import annotations

from typing import Annotated

import typer

from stillup.cli.output import print_json


def run(
    as_json: Annotated[bool, typer.Option("--json", help="As without it: a schema is JSON.")] = False,
) -> None:
    """Print the JSON Schema of the plan file, for editors that complete and check what is typed.

    \b
    Save it beside the plan file:
        stillup schema > stillup.schema.json
    and name it in the plan file's first line:
        # yaml-language-server: $schema=stillup.schema.json
    """
    # Imported here: pydantic takes a tenth of a second, which the other verbs need not wait for.
    from stillup.plan.file.schema import json_schema

    print_json(json_schema())
