from django.urls import path

from offices import inbox_views, life_views, officer_book_views, officer_views, views

app_name = "offices"
urlpatterns = [
    path("rights/", views.rights, name="rights"),
    path("resume/", views.resume, name="resume"),
    path("officers/", officer_views.officers, name="officers"),
    path("officers/new/", officer_views.invite, name="invite"),
    path("officers/workbook/<slug:office>/", officer_book_views.officer_book, name="officer_book"),
    path("officers/workbook/<slug:office>/file/", officer_book_views.officer_book_file, name="officer_book_file"),
    path("officers/<int:pk>/", officer_views.officer, name="officer"),
    path("officers/<int:pk>/edit/", officer_views.edit, name="edit_officer"),
    path("officers/<int:pk>/posting/", officer_views.appoint, name="appoint"),
    path("officers/<int:pk>/reset/", officer_views.reset, name="reset_password"),
    path("officers/<int:pk>/close/", officer_views.close, name="close_officer"),
    path("officers/<int:pk>/reopen/", officer_views.reopen, name="reopen_officer"),
    path("officers/postings/<int:pk>/end/", officer_views.end, name="end_posting"),
    path("offices/", life_views.offices, name="offices"),
    path("offices/<slug:office>/", life_views.office, name="office"),
    path("offices/<slug:office>/open/", life_views.open_below, name="open_office"),
    path("offices/<slug:office>/close/", life_views.close, name="close_office"),
    path("offices/<slug:office>/move/", life_views.move, name="move_office"),
    path("inbox/", inbox_views.inbox, name="inbox"),
]
