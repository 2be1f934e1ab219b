"""`lachan doctor`: what is wrong with an installation, in plain words."""

from __future__ import annotations

import click

from lachan.site.cli.running import console


@click.command()
def doctor() -> None:
    """Check this installation; each line says what is well, or what is wrong and what to do.

    Ends with status 1 if something is wrong.

    \b
    Example: lachan doctor
    """
    from lachan.site.diagnosis import findings

    wrong = 0
    for finding in findings():
        wrong += not finding.well
        console.print(
            f"[green]ok[/green]       {finding.what}"
            if finding.well
            else f"[red]problem[/red]  {finding.what}"
        )
        if finding.remedy:
            console.print(f"         → {finding.remedy}")
    if wrong:
        raise click.ClickException(f"{wrong} problem{'s' * (wrong > 1)} found.")
    console.print("All is well.")
