"""Addresses of arrivals; `public` is mounted at /entry/."""

from django.urls import path

from lachan.systems.arrivals.views import counter, desk, transfers, vessels
from lachan.systems.arrivals.views import public as citizens

app_name = "arrivals"
urlpatterns = [
    path("", desk.home, name="home"),
    path("export", desk.export, name="export"),
    path("counter", counter.counter, name="counter"),
    path("new", desk.paper, name="paper"),
    path("<int:number>/", counter.traveller, name="traveller"),
    path("slips/<int:number>", desk.slip, name="slip"),
    path("vessels/", vessels.vessels, name="vessels"),
    path("vessels/new", vessels.new_vessel, name="new_vessel"),
    path("vessels/<int:number>/", vessels.vessel, name="vessel"),
    path("vessels/<int:number>/landing", vessels.landing, name="landing"),
    path("vessels/<int:number>/list", vessels.new_list, name="new_list"),
    path("vessels/<int:number>/missing", vessels.missing, name="missing"),
    path("lists/<int:number>/", vessels.passenger_list, name="list"),
    path("lists/<int:number>/refused.csv", vessels.refusals, name="refusals"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/new", transfers.new_transfer, name="new_transfer"),
    path("transfers/<int:number>/", transfers.transfer, name="transfer"),
    path("transfers/<int:number>/leave", transfers.leave, name="leave"),
    path("transfers/<int:number>/receive", transfers.receipt_of, name="receive"),
    path("transfers/<int:number>/paper", transfers.paper_of, name="transfer_paper"),
]

public = (
    [
        path("", citizens.declare, name="declare"),
        path("confirm", citizens.confirm, name="confirm"),
        path("r/<str:code>", citizens.receipt, name="receipt"),
        path("r/<str:code>/qr.png", citizens.picture, name="picture"),
        path("r/<str:code>/amend", citizens.amend, name="amend"),
    ],
    "entry",
)
