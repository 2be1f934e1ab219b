"""Addresses of tracing, below /tracing/."""

from django.urls import path

from lachan.systems.tracing.views import cases, contacts, export, handovers

app_name = "tracing"

urlpatterns = [
    path("", cases.home, name="home"),
    path("cases/new", cases.report, name="report"),
    path("cases/<int:number>/", cases.case, name="case"),
    path("cases/<int:number>/findings", cases.record_finding, name="record_finding"),
    path("cases/<int:number>/findings/<int:finding>/void", cases.void_finding, name="void_finding"),
    path("cases/<int:number>/exposures", cases.record_exposure, name="record_exposure"),
    path("cases/<int:number>/handover", handovers.send, name="send_handover"),
    path("line-list", export.line_list, name="line_list"),
    path("contacts/", contacts.worklist, name="worklist"),
    path("contacts/<int:number>/", contacts.contact, name="contact"),
    path("contacts/<int:number>/take", contacts.take, name="take"),
    path("contacts/<int:number>/calls", contacts.call, name="call"),
    path("contacts/<int:number>/exposures/<int:exposure>/withdraw", contacts.withdraw, name="withdraw"),
    path("handovers/", handovers.handovers, name="handovers"),
    path("handovers/<int:number>/acknowledge", handovers.acknowledge, name="acknowledge"),
    path("handovers/<int:number>/decide", handovers.decide, name="decide"),
    path("notices/", handovers.notices, name="notices"),
    path("notices/<int:number>/", handovers.notice, name="notice"),
]
