"""Addresses of the desk of certificates, below /certificates/."""

from django.urls import path

from lachan.issuer.views import batches, desk, foreign, people, recalls

app_name = "certificates"
urlpatterns = [
    path("", desk.home, name="home"),
    path("people/<str:code>/", people.person, name="person"),
    path("records/<int:number>/issue", people.issue, name="issue"),
    path("<int:number>/paper", people.paper, name="paper"),
    path("<int:number>/reissue", people.reissue, name="reissue"),
    path("<int:number>/revoke", people.revoke, name="revoke"),
    path("recalls/", recalls.recalls, name="recalls"),
    path("recalls/<int:number>", recalls.decide, name="decide"),
    path("batches/", batches.batches, name="batches"),
    path("batches/of-key/<int:number>", batches.reissue, name="reissue_of_key"),
    path("keys/", desk.keys, name="keys"),
    path("foreign/", foreign.foreign, name="foreign"),
    path("foreign/load", foreign.load, name="foreign_load"),
    path("foreign/<int:number>/remove", foreign.remove, name="foreign_remove"),
    path("stop", desk.stop, name="stop"),
    path("resume", desk.resume, name="resume"),
]
