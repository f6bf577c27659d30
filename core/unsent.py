"""What a form held that could not be taken because its sender had been logged out; nothing of it is lost."""

from __future__ import annotations

from django.http import HttpRequest

# Forms with one of these are typed anew: secrets are kept nowhere, and a file cannot be put back into its field.
SECRETS = ("passphrase", "password", "password1", "oldpassword", "code")
MOST_CHARACTERS = 200_000
_ORDERLY = "csrfmiddlewaretoken"

Fields = list[tuple[str, str]]


def unsent_fields(request: HttpRequest) -> Fields:
    """The fields of a posted form in their order, to be sent again; none if it holds a secret, a file or too much."""
    if request.method != "POST" or request.FILES or any(name in request.POST for name in SECRETS):
        return []
    fields = [(name, str(value)) for name, values in request.POST.lists() for value in values if name != _ORDERLY]
    return fields if sum(len(name) + len(value) for name, value in fields) <= MOST_CHARACTERS else []


def is_from_own_page(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent this; no other site can make it say so."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
