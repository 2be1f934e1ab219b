from django.urls import path

from lachan.portals.response_centre.views import calling, desk

app_name = "response_centre"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("take", desk.take, name="take"),
    path("wishes/new", desk.wish, name="wish"),
    path("wishes/<int:number>/", desk.find_number, name="find_number"),
    path("wishes/<int:number>/call", desk.call_back, name="call_back"),
    path("wishes/<int:number>/end", desk.end_wish, name="end_wish"),
    path("calls/", desk.calls, name="calls"),
    path("calls/<int:number>/", calling.call, name="call"),
    path("calls/<int:number>/open", calling.open_record, name="open_record"),
    path("calls/<int:number>/end", calling.end, name="end"),
    path("notes", desk.notes, name="notes"),
    path("notes/<int:number>/take", desk.take_over, name="take_over"),
]
