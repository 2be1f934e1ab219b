"""States of migrations that are not drawn anew for each constraint."""

from django.db.migrations.loader import MigrationLoader
from django.db.models import CheckConstraint, Index, Q

from lachan.platform.quick_states import quick_states


def test_a_constraint_and_an_index_are_noted_with_their_model_and_no_neighbour_is_drawn_anew() -> None:
    state = MigrationLoader(None).project_state()
    neighbour = state.apps.get_model("core", "place")
    with quick_states():
        state.add_constraint("core", "area", CheckConstraint(condition=Q(level__lt=9), name="levels"))
        state.add_index("core", "area", Index(fields=["name"], name="by_name"))
    drawn = state.apps.get_model("core", "area")._meta
    assert "levels" in {c.name for c in drawn.constraints}
    assert "by_name" in {i.name for i in drawn.indexes}
    assert state.apps.get_model("core", "place") is neighbour


def test_afterwards_states_are_drawn_as_ever_with_what_was_noted() -> None:
    state = MigrationLoader(None).project_state()
    neighbour = state.apps.get_model("core", "place")
    with quick_states():
        state.add_constraint("core", "area", CheckConstraint(condition=Q(level__lt=9), name="levels"))
    state.add_index("core", "area", Index(fields=["name"], name="by_name"))
    assert state.apps.get_model("core", "place") is not neighbour
    assert "levels" in {c.name for c in state.apps.get_model("core", "area")._meta.constraints}
