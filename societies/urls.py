from django.urls import path

from societies import book_views, views

app_name = "societies"
urlpatterns = [
    path("societies/", views.society_list, name="list"),
    path("societies/register/", views.register, name="register"),
    path("societies/export/<slug:format>/", views.export, name="export"),
    path("societies/workbook/<slug:office>/", book_views.book, name="book"),
    path("societies/workbook/<slug:office>/file/", book_views.book_file, name="book_file"),
    path("societies/events/<int:pk>/", views.event, name="event"),
    path("societies/<int:pk>/", views.detail, name="detail"),
    path("societies/<int:pk>/status/", views.status, name="status"),
    path("societies/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("societies/<int:pk>/transfer/", views.transfer, name="transfer"),
]
