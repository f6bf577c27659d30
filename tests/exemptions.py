"""Every exemption from a rule of the house, with its reason, in this one file."""

from __future__ import annotations

# Addresses whose own software decides who may enter: the start of the route → why. The permission matrix and the
# check for permission decisions leave them out; tests/house/test_house_accounts.py tries them on their own.
OWN_ACCESS: dict[str, str] = {
    "admin/": "Django's administration asks is_staff and the officer's rights; its log-in goes through allauth",
    "accounts/": "allauth: log-in, log-out, password, second factor; its other pages are closed",
    "i18n/": "Django's language switch, open to everyone",
}

# Addresses that the permission matrix does not ask: url name → why.
MATRIX_EXEMPT: dict[str, str] = {}

# Templates outside templates/<app>/ may name any address: folder or file → why.
TEMPLATES_WITHOUT_ROOM: dict[str, str] = {
    "400.html": "a page for what went wrong leads back to the front page",
    "403.html": "a page for what went wrong leads back to the front page",
    "403_csrf.html": "a page for what went wrong leads back to the front page",
    "404.html": "a page for what went wrong leads back to the front page",
    "429.html": "a page for what went wrong leads back to the front page",
    "500.html": "a page for what went wrong leads back to the front page",
    "base.html": "the frame of every page carries the navigation to all rooms",
    "components/": "pieces that every room includes; their addresses are parameters of the frame",
    "account/": "allauth's pages in our frame",
    "mfa/": "allauth's pages in our frame",
    "allauth/": "allauth's pages in our frame",
    "admin/": "Django's administration in our frame",
    "pdf/": "printed pages carry no addresses of rooms",
}

# Foreign keys against the order of rooms: "app.Model.field" → why. AUTH_USER_MODEL needs no line.
UPWARD_KEYS: dict[str, str] = {}

# Rooms that may stand without models: app → why.
ROOMS_WITHOUT_MODELS: dict[str, str] = {
    "reports": "joins the rows of other rooms into pages and keeps none",
    "demo": "tells the story of the demonstration through the services of the other rooms",
}

# Files that may be longer than 500 lines: path → why.
LONG_FILES: dict[str, str] = {}

# Message ids without Bangla: msgid → why.
UNTRANSLATED: dict[str, str] = {}
