"""Migrating in half the time: Django draws a model and all its neighbours anew for each constraint and index that a
migration adds, which is most of the work of a first start. Neither changes what a neighbour looks like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState


@contextmanager
def quick_states() -> Iterator[None]:
    """Within, an added constraint or index is noted with its model, and nothing is drawn anew."""
    was = ProjectState._append_option  # type: ignore[attr-defined]
    ProjectState._append_option = _append_in_place  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._append_option = was  # type: ignore[attr-defined]


def _append_in_place(self: Any, app_label: str, model_name: str, option_name: str, obj: object) -> None:
    options = self.models[app_label, model_name].options
    options[option_name] = [*options[option_name], obj]
    if "apps" in self.__dict__:
        setattr(self.apps.get_model(app_label, model_name)._meta, option_name, list(options[option_name]))
