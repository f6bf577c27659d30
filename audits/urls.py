from django.urls import path

from audits import views
from audits.choices import Charge

app_name = "audits"
urlpatterns = [
    path("audits/", views.audit_list, name="list"),
    path("audits/plan/", views.plan, name="plan"),
    path("audits/allot/", views.allot_many, name="allot_many"),
    path("audits/collections/<int:pk>/", views.collection, name="collection"),
    path("audits/collections/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("audits/<int:pk>/", views.detail, name="detail"),
    path("audits/<int:pk>/allot/", views.allot, name="allot"),
    path("audits/<int:pk>/finish/", views.finish, name="finish"),
    path("audits/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("audits/<int:pk>/collect/fee/", views.collect_charge, {"kind": Charge.FEE}, name="collect_fee"),
    path("audits/<int:pk>/collect/fund/", views.collect_charge, {"kind": Charge.FUND}, name="collect_fund"),
]
