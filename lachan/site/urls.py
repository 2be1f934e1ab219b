"""Every address of the site; each system brings its own."""

from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from lachan.core.doors import PUBLIC, door
from lachan.platform.forms.area_search import area_search
from lachan.site import sign_in
from lachan.site.api import api
from lachan.site.styleguide import styleguide
from lachan.site.views import health, home, oversight, people, person
from lachan.systems.checkpoints.urls import public as posters

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
    path("trace", oversight.trace_page, name="trace"),
    path("events/parked", oversight.parked, name="parked"),
    path("events/parked/retry", oversight.retry_parked, name="retry_parked"),
    path("messages", oversight.outbox, name="outbox"),
    path("checkpoints/", include("lachan.systems.checkpoints.urls")),
    path("testing/", include("lachan.systems.testing.urls")),
    path("tracing/", include("lachan.systems.tracing.urls")),
    path("quarantine/", include("lachan.systems.quarantine.urls")),
    path("api/", api.urls),
    path("q/", include(posters)),
    path("sign-in/", sign_in.sign_in, name="login"),
    path("sign-out/", sign_in.sign_out, name="logout"),
    path("language", door(PUBLIC)(require_POST(set_language)), name="set_language"),
    path("areas/search", area_search, name="area_search"),
    path("styleguide", styleguide, name="styleguide"),
    path("healthz", health.healthz, name="healthz"),
]

handler400 = "lachan.site.error_pages.bad_request"
handler403 = "lachan.site.error_pages.permission_denied"
handler404 = "lachan.site.error_pages.page_not_found"
handler500 = "lachan.site.error_pages.server_error"
