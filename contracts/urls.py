from django.urls import path

from contracts import views

app_name = "contracts"
urlpatterns = [
    path("agreements/", views.agreement_list, name="list"),
    path("agreements/<slug:office>/<str:fiscal_year>/", views.agreement_page, name="agreement"),
    path("agreements/<slug:office>/<str:fiscal_year>/score/", views.score, name="score"),
    path("agreements/<slug:office>/<str:fiscal_year>/score/<str:code>/", views.indicator, name="indicator"),
    path("agreements/<slug:office>/<str:fiscal_year>/achievements/", views.achievements, name="achievements"),
    path("agreements/<slug:office>/<str:fiscal_year>/paper/", views.paper, name="paper"),
    path("agreements/<slug:office>/<str:fiscal_year>/sign/", views.sign, name="sign"),
    path("agreements/<slug:office>/<str:fiscal_year>/propose/", views.propose, name="propose"),
    path("agreements/<slug:office>/<str:fiscal_year>/decide/", views.decide, name="decide"),
]
