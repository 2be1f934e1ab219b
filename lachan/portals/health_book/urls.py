"""Addresses of the health book, below /health-book/."""

from django.urls import path

from lachan.portals.health_book.views import (
    certificates,
    codes,
    corrections,
    entry,
    questions,
    reactions,
    reads,
    record,
)

app_name = "health_book"

urlpatterns = [
    path("", entry.home, name="home"),
    path("sign-in", entry.sign_in, name="sign_in"),
    path("code", entry.code, name="code"),
    path("sign-out", entry.sign_out, name="sign_out"),
    path("family", entry.family, name="family"),
    path("devices", entry.devices, name="devices"),
    path("devices/<int:number>/end", entry.end_device, name="end_device"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<int:number>/", questions.question, name="question"),
    path("people/<str:code>/reads", reads.paper, name="paper"),
    path("<str:code>/", record.record, name="record"),
    path("<str:code>/certificates/<int:number>", certificates.certificate, name="certificate"),
    path("<str:code>/reaction", reactions.reaction, name="reaction"),
    path("<str:code>/correction", corrections.correction, name="correction"),
    path("<str:code>/live", codes.live, name="live"),
    path("<str:code>/printed", codes.printed, name="printed"),
    path("<str:code>/reads/", reads.reads, name="reads"),
    path("<str:code>/reads/<int:number>", reads.ask, name="ask"),
]
