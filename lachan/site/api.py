"""The API: every system brings its own doors."""

from lachan.platform.api import new_api
from lachan.systems.checkpoints.api import router as checkpoints
from lachan.systems.quarantine.api import router as quarantine
from lachan.systems.testing.api import router as testing
from lachan.systems.tracing.api import router as tracing

api = new_api()
api.add_router("/checkpoints", checkpoints)
api.add_router("/testing", testing)
api.add_router("/tracing", tracing)
api.add_router("/quarantine", quarantine)
