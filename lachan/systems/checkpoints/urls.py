"""Addresses of the gates; `public` is mounted at /q/, where posters point."""

from django.urls import path

from lachan.systems.checkpoints import views

app_name = "checkpoints"
urlpatterns = [
    path("", views.scan, name="scan"),
    path("by-hand/", views.by_hand, name="by_hand"),
    path("places/", views.places, name="places"),
    path("places/new/", views.register_place, name="register_place"),
    path("places/<str:code>/", views.place, name="place"),
    path("places/<str:code>/scan/", views.scan, name="scan_at"),
    path("places/<str:code>/by-hand/", views.by_hand, name="by_hand_at"),
    path("places/<str:code>/poster.pdf", views.poster, name="poster"),
    path("places/<str:code>/devices/", views.register_device, name="register_device"),
    path("places/<str:code>/devices/<int:number>/revoke/", views.revoke_device, name="revoke_device"),
    path("unmatched/", views.unmatched, name="unmatched"),
    path("unmatched/<uuid:number>/", views.match, name="match"),
    path("doubtful/", views.doubtful, name="doubtful"),
    path("breaches/", views.breaches, name="breaches"),
    path("people/<str:code>/card/", views.card, name="card"),
    path("people/<str:code>/card.pdf", views.card_pdf, name="card_pdf"),
]

public = ([path("<str:code>", views.check_in, name="check_in")], "venue")
