"""`lachan trace`: why something is as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from rich.console import Console

from lachan.site.cli.running import console, ready

if TYPE_CHECKING:
    from rich.tree import Tree

    from lachan.site.trace import Node


# Into a file or a pipe each event is one line, however deep it stands.
one_line_each = Console(highlight=False, width=2_000)


@click.command()
@click.argument("what")
def trace(what: str) -> None:
    """Print the chain of causes of a person, case, order, test or contact, and all that followed, as a tree.

    WHAT is a person's code, case:12, order:34, test:56 or contact:78. What was asked for is bold; a line without a
    code is of the same person as the line above it on the left. Times are local.

    \b
    Example: lachan trace order:34
    """
    ready()
    from django.utils import translation

    from lachan.core.errors import Refusal
    from lachan.site.trace import tree

    with translation.override("en"):
        try:
            shown = drawn(what, tree(what))
        except Refusal as refusal:
            raise click.ClickException(str(refusal.message)) from refusal
    (console if console.is_terminal else one_line_each).print(shown)


def drawn(what: str, nodes: Sequence[Node]) -> Tree:
    """The nodes, causes first, as branches below what was asked for."""
    from rich.markup import escape
    from rich.tree import Tree

    top = Tree(f"[bold]{escape(what)}[/bold]", guide_style="dim")
    branches, people = {-1: top}, {-1: ""}
    for node in nodes:
        told = node.person_code != people[node.depth - 1]
        branches[node.depth] = branches[node.depth - 1].add(_line(node, with_code=told))
        people[node.depth] = node.person_code
    return top


def _line(node: Node, *, with_code: bool) -> str:
    from django.utils import timezone
    from rich.markup import escape

    from lachan.core.codes import format_code
    from lachan.site.words import sentence

    said = escape(sentence(node.event))
    parts = [
        f"[dim]{timezone.localtime(node.event.happened_at):%d/%m/%Y %H:%M}[/dim]",
        f"[bold]{said}[/bold]" if node.wanted else said,
        f"[cyan]{format_code(node.person_code)}[/cyan]" if with_code and node.person_code else "",
        f"[dim](and {node.more} more like this)[/dim]" if node.more else "",
    ]
    return " ".join(part for part in parts if part)
