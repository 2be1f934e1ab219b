"""The API: every system brings its own doors."""

from lachan.centre.alarms.api import router as alarms
from lachan.centre.daily_counts.api import router as daily_counts
from lachan.centre.situation.api import router as situation
from lachan.issuer.api import router as certificates
from lachan.platform.api import new_api
from lachan.systems.arrivals.api import router as arrivals
from lachan.systems.arrivals.vessel_api import router as vessels
from lachan.systems.checkpoints.api import router as checkpoints
from lachan.systems.declarations.api import router as declarations
from lachan.systems.feedback.api import router as feedback
from lachan.systems.quarantine.api import router as quarantine
from lachan.systems.riskmap.api import router as riskmap
from lachan.systems.testing.api import router as testing
from lachan.systems.tracing.api import router as tracing
from lachan.systems.vaccination.api import router as vaccination
from lachan.systems.vaccination.line_api import router as line
from lachan.systems.vaccination.people_api import router as people
from lachan.systems.vaccination.recall_api import router as recalls

api = new_api()
api.add_router("/checkpoints", checkpoints)
api.add_router("/testing", testing)
api.add_router("/tracing", tracing)
api.add_router("/quarantine", quarantine)
api.add_router("/declarations", declarations)
api.add_router("/feedback", feedback)
api.add_router("/riskmap", riskmap)
api.add_router("/arrivals", arrivals)
api.add_router("/arrivals", vessels)
api.add_router("/certificates", certificates)
api.add_router("/vaccination", vaccination)
api.add_router("/vaccination", line)
api.add_router("/vaccination", people)
api.add_router("/vaccination", recalls)
api.add_router("/centre", situation)
api.add_router("/centre", daily_counts)
api.add_router("/centre", alarms)
