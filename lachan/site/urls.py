"""Every address of the site; each system brings its own."""

from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from lachan.core.doors import PUBLIC, door
from lachan.issuer.views.lists import did_document
from lachan.issuer.views.verifying import verify
from lachan.platform.forms.area_search import area_nearest, area_search
from lachan.site import sign_in
from lachan.site.api import api
from lachan.site.styleguide import styleguide
from lachan.site.views import exports, health, home, numbers, oversight, people, person, walks
from lachan.systems.arrivals.urls import public as entry
from lachan.systems.checkpoints.urls import public as posters
from lachan.systems.declarations.urls import public as declare
from lachan.systems.riskmap.urls import everybody as everybody_s_map

urlpatterns = [
    path("", home.home, name="home"),
    path("posting", home.switch_posting, name="switch_posting"),
    path("people/", people.people, name="search"),
    path("people/new", people.register, name="register_person"),
    path("people/<str:code>/", person.person, name="person"),
    path("people/<str:code>/merge", people.merge, name="merge_person"),
    path("people/<str:code>/merges/<int:number>/undo", people.undo_merge, name="undo_merge"),
    path("people/<str:code>/identifiers/<int:number>", person.reveal, name="reveal_identifier"),
    path(
        "people/<str:code>/identifiers/<int:number>/verify",
        person.verify_identifier,
        name="verify_identifier",
    ),
    path("people/<str:code>/phones", numbers.note_phone, name="note_phone"),
    path("people/<str:code>/phones/<int:number>/off", numbers.take_off_phone, name="take_off_phone"),
    path("trace", oversight.trace_page, name="trace"),
    path("events/parked", oversight.parked, name="parked"),
    path("events/parked/retry", oversight.retry_parked, name="retry_parked"),
    path("messages", oversight.outbox, name="outbox"),
    path("exports/", exports.exports_page, name="exports"),
    path("exports/<uuid:number>/file", exports.fetch, name="export_file"),
    path("exports/<uuid:number>/discard", exports.discard, name="export_discard"),
    path("exports/<uuid:number>/again", exports.again, name="export_again"),
    path("checkpoints/", include("lachan.systems.checkpoints.urls")),
    path("testing/", include("lachan.systems.testing.urls")),
    path("tracing/", include("lachan.systems.tracing.urls")),
    path("quarantine/", include("lachan.systems.quarantine.urls")),
    path("declarations/", include("lachan.systems.declarations.urls")),
    path("vaccination/", include("lachan.systems.vaccination.urls")),
    path("feedback/", include("lachan.systems.feedback.urls")),
    path("riskmap/", include("lachan.systems.riskmap.urls")),
    path("map/", include(everybody_s_map)),
    path("arrivals/", include("lachan.systems.arrivals.urls")),
    path("centre/", include("lachan.centre.urls")),
    path("staff/", include("lachan.platform.staff.urls")),
    path("health-book/", include("lachan.portals.health_book.urls")),
    path("response/", include("lachan.portals.response_centre.urls")),
    path("public/", include("lachan.portals.public.urls")),
    path("verify", verify, name="verify"),
    path(".well-known/did.json", did_document, name="did_document"),
    path("certificates/", include("lachan.issuer.urls")),
    path("api/", api.urls),
    path("q/", include(posters)),
    path("declare/", include(declare)),
    path("entry/", include(entry)),
    path("sign-in/", sign_in.sign_in, name="login"),
    path("sign-out/", sign_in.sign_out, name="logout"),
    path("language", door(PUBLIC)(require_POST(set_language)), name="set_language"),
    path("areas/nearest", area_nearest, name="area_nearest"),
    path("areas/search", area_search, name="area_search"),
    path("styleguide", styleguide, name="styleguide"),
    path("walks", walks.walks, name="walks"),
    path("healthz", health.healthz, name="healthz"),
]

handler400 = "lachan.site.error_pages.bad_request"
handler403 = "lachan.site.error_pages.permission_denied"
handler404 = "lachan.site.error_pages.page_not_found"
handler500 = "lachan.site.error_pages.server_error"
