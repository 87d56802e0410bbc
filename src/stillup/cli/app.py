"""The verbs, in the order in which a newcomer meets them."""

from __future__ import annotations

import typer

from stillup.cli import (
    apply,
    demo,
    destroy,
    drill,
    init,
    lint,
    plan,
    policy,
    replay,
    schema,
    serve,
    status,
    watch,
    why,
)

app = typer.Typer(
    name="stillup",
    help="Your primary goes down at 2 AM. You are still up.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.run)
app.command("init")(init.run)
app.command("drill")(drill.run)
app.command("lint")(lint.run)
app.command("plan")(plan.run)
app.command("apply")(apply.run)
app.command("destroy")(destroy.run)
app.command("policy")(policy.run)
app.command("status")(status.run)
app.command("watch")(watch.run)
app.command("why")(why.run)
app.command("replay")(replay.run)
app.command("schema")(schema.run)
app.command("serve")(serve.run)


def main() -> None:
    """Run the verb that the arguments name. Exit codes: 0 done, 1 an error, 2 wrong use."""
    app()
