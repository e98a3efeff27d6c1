"""The one address."""

from django.urls import path

from . import views

urlpatterns = [path("betalingen/<int:year>", views.payments, name="payments")]
