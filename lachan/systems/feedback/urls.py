"""Addresses of feedback, below /feedback/."""

from django.urls import path

from lachan.systems.feedback.views import actions, desk, export, hotline, places, public

app_name = "feedback"

urlpatterns = [
    path("", desk.home, name="home"),
    path("new", public.file, name="file"),
    path("place", places.place, name="place"),
    path("phone", public.phone, name="phone"),
    path("phone/code", public.phone_code, name="phone_code"),
    path("find", public.find, name="find"),
    path("figures", public.figures, name="figures"),
    path("of/<str:code>/", public.state, name="state"),
    path("of/<str:code>/reopen", public.reopen, name="reopen"),
    path("of/<str:code>/settled", public.settled, name="settled"),
    path("of/<str:code>/rate", public.rate, name="rate"),
    path("export", export.reports, name="export"),
    path("statistics", desk.statistics, name="statistics"),
    path("hotline", hotline.intake, name="intake"),
    path("calls/", hotline.calls, name="calls"),
    path("calls/<int:number>/", hotline.call, name="call"),
    path("<int:number>/", desk.report, name="report"),
    path("<int:number>/photo/<int:photo>", desk.photo, name="photo"),
    path("<int:number>/claim", actions.claim, name="claim"),
    path("<int:number>/let-go", actions.let_go, name="let_go"),
    path("<int:number>/acknowledge", actions.acknowledge, name="acknowledge"),
    path("<int:number>/hand-on", actions.hand_on, name="hand_on"),
    path("<int:number>/answer", actions.answer, name="answer"),
    path("<int:number>/refuse", actions.refuse, name="refuse"),
    path("<int:number>/join", actions.join, name="join"),
    path("<int:number>/separate", actions.separate, name="separate"),
]
