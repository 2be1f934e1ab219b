"""Taking a list in: what cannot be read is refused at once, in words; the rest is read by a job."""

import base64
import hashlib
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Actor, Area
from lachan.core.sealed import seal
from lachan.platform import jobs
from lachan.platform.lists import BadFile, open_table
from lachan.systems.vaccination.commands.lists.columns import columns_of
from lachan.systems.vaccination.commands.registering import CannotRegister, require_area
from lachan.systems.vaccination.models import RegistrationList
from lachan.systems.vaccination.queries.policy import rules_at

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_BYTES: Final = 20_000_000
SEALED_AS: Final = "registration-list"
WORDS: Final[Mapping[str, "StrOrPromise"]] = {
    "file-large": _("The file is larger than 20 MB. Divide the list into several files."),
    "file-empty": _("The file is empty."),
    "list-known": _("This very file was handed in before."),
}


class CannotAccept(BadFile):
    """The codes are the keys of WORDS."""

    def __init__(self, code: str) -> None:
        super().__init__(code, WORDS[code])


def accept_list(
    *, body: bytes, organisation: str, area: Area, group: str, actor: Actor, at: datetime
) -> RegistrationList:
    """Keep the file, sealed, and let a job read it. `area` and `group` hold for rows that name none.

    Raises CannotAccept, BadFile (it is no table with these columns), CannotRegister.
    """
    if not body or len(body) > MOST_BYTES:
        raise CannotAccept("file-large" if body else "file-empty")
    if not organisation.strip():
        raise CannotRegister("organisation-missing")
    require_area(area)
    if group not in {g.code for g in rules_at(at).groups}:
        raise CannotRegister("group-unknown")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "list"
        file.write_bytes(body)
        columns_of(open_table(file, wanted=()).columns)
    return _kept(body, organisation.strip(), area, group, actor, at)


def _kept(
    body: bytes, organisation: str, area: Area, group: str, actor: Actor, at: datetime
) -> RegistrationList:
    from lachan.systems.vaccination.tasks import read_registration_list

    try:
        with transaction.atomic():
            made = RegistrationList.objects.create(
                organisation=organisation, area=area, group=group, ending="xlsx" if body[:2] == b"PK" else "csv",
                digest=hashlib.sha256(body).digest(), body=seal(SEALED_AS, base64.b64encode(body).decode()),
                size=len(body), uploaded_at=at, uploaded_by=actor, moved_at=at,
            )  # fmt: skip
            jobs.defer(read_registration_list, made.pk)
    except IntegrityError as error:
        if "list_taken_once" not in str(error):
            raise
        raise CannotAccept("list-known") from error
    return made
