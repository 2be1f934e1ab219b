"""The command line. One module per command; Django is loaded by the commands that need it."""

from __future__ import annotations

import click

from lachan import __version__
from lachan.site.cli.certificate import certificate
from lachan.site.cli.codes import codes
from lachan.site.cli.demo import demo
from lachan.site.cli.doctor import doctor
from lachan.site.cli.imports import import_
from lachan.site.cli.issuer import issuer
from lachan.site.cli.issuer_trust import trust
from lachan.site.cli.migrate import migrate
from lachan.site.cli.serve import serve
from lachan.site.cli.simulate import simulate
from lachan.site.cli.staff import staff
from lachan.site.cli.trace import trace
from lachan.site.cli.worker import worker


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="lachan")
def main() -> None:
    """Lá Chắn: a country, a province or a city runs its response to an epidemic.

    \b
    lachan demo                              a synthetic province on http://127.0.0.1:8000
    lachan migrate                           prepare or update the database
    lachan serve --port 8000                 pages and API
    lachan worker                            deliver events, run jobs and schedules
    lachan issuer run                        sign certificates, as a database role of its own
    lachan certificate verify photo.png      is this code genuine
    lachan issuer trust import dsc.json --country FR --by an.tran
    lachan codes list                        the keys of personal codes
    lachan import cases cases.csv --mapping cases.toml
    lachan staff add an.tran --name "Trần An" --role administrator --area 48
    lachan trace order:34                    why, as a tree
    lachan simulate --people 10000 --score   how much of a known outbreak tracing finds
    lachan doctor                            what is wrong here, in plain words
    """


issuer.add_command(trust)
for command in (
    demo, serve, worker, issuer, certificate, codes, migrate, import_, staff, trace, simulate, doctor
):  # fmt: skip
    main.add_command(command)
