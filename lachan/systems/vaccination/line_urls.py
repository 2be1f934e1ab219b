from django.urls import path

from lachan.systems.vaccination.views import closing, doses, examining, injecting, line, slip, watching

urlpatterns = [
    path("line/", line.line_sessions, name="line_sessions"),
    path("line/<int:number>/", line.board, name="line"),
    path("line/<int:number>/table", line.set_table, name="set_table"),
    path("line/<int:number>/reception", line.reception, name="reception"),
    path("line/<int:number>/examination", examining.examine, name="examine"),
    path("line/<int:number>/injection", injecting.inject, name="inject"),
    path("line/<int:number>/vial", injecting.open_vial, name="open_vial"),
    path("line/<int:number>/watch", watching.watch, name="watch"),
    path("line/<int:number>/close", closing.close_session, name="close_session"),
    path("line/<int:number>/rest", closing.waste_rest, name="waste_rest"),
    path("visits/<int:number>/earlier", examining.earlier_dose, name="earlier_dose"),
    path("visits/<int:number>/watched", watching.end_watch, name="end_watch"),
    path("visits/<int:number>/gone", watching.let_go, name="let_go"),
    path("doses/<int:number>/slip", slip.slip, name="slip"),
    path("doses/<int:number>/back", injecting.take_back, name="take_back"),
    path("lots/<int:number>/doses", doses.of_lot, name="doses_of_lot"),
]
