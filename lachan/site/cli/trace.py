"""`lachan trace`: why something is as it is."""

from __future__ import annotations

import click

from lachan.site.cli.running import console, ready


@click.command()
@click.argument("what")
def trace(what: str) -> None:
    """Print the chain of causes of a person, case, order, test or contact, and all that followed, as a tree.

    WHAT is a person's code, case:12, order:34, test:56 or contact:78.

    \b
    Example: lachan trace order:34
    """
    ready()
    from django.utils import translation
    from rich.tree import Tree

    from lachan.core.errors import Refusal
    from lachan.site.trace import tree
    from lachan.site.words import sentence

    with translation.override("en"):
        try:
            nodes = tree(what)
        except Refusal as refusal:
            raise click.ClickException(str(refusal.message)) from refusal
        top = Tree(what)
        branches = {-1: top}
        for node in nodes:
            more = f" [dim](and {node.more} more like this)[/dim]" if node.more else ""
            when = f"[dim]{node.event.happened_at:%Y-%m-%d %H:%M}Z[/dim]"
            line = f"{when} {sentence(node.event)} {node.person_code}"
            branches[node.depth] = branches[node.depth - 1].add(f"{line}{more}")
    console.print(top)
