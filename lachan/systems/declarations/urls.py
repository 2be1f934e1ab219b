"""Addresses of declarations; `public` is mounted at /declare/."""

from django.urls import path

from lachan.systems.declarations.views import citizens, desk, receipts

app_name = "declarations"
urlpatterns = [
    path("", desk.home, name="home"),
    path("export", desk.export, name="export"),
    path("new", desk.paper, name="paper"),
    path("silent", desk.silent, name="silent"),
    path("silent/remind", desk.remind, name="remind"),
    path("<int:number>/", desk.declaration, name="declaration"),
    path("<int:number>/calls", desk.call, name="call"),
]

public = (
    [
        path("", citizens.declare, name="declare"),
        path("confirm", citizens.confirm, name="confirm"),
        path("claim", citizens.claim, name="claim"),
        path("claim/confirm", citizens.confirm_claim, name="confirm_claim"),
        path("r/<str:code>", receipts.receipt, name="receipt"),
        path("r/<str:code>/correct", receipts.correct, name="correct"),
        path("d/<str:code>", receipts.diary, name="diary"),
    ],
    "declare",
)
