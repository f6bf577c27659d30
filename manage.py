#!/usr/bin/env python
"""Django's command line for this portal: in English, and an error is one line on standard error."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apa_portal.settings")
    import django
    from django.conf import settings
    from django.core.management import execute_from_command_line
    from django.core.management.base import CommandParser
    from django.db import OperationalError, ProgrammingError
    from django.utils import translation

    # One command needs one connection; a pool would only try again for half a minute where nothing answers.
    settings.DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
    CommandParser.error = refuse_words  # type: ignore[assignment,method-assign]
    django.setup()
    translation.activate("en")
    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, ProgrammingError) as error:
        complaint = " ".join(str(error).split())
        lacks_tables = "no such table" in complaint or complaint.startswith("relation ")
        if "--traceback" in sys.argv or (isinstance(error, ProgrammingError) and not lacks_tables):
            raise
        sys.exit("database: it holds no tables yet; run migrate first" if lacks_tables else f"database: {complaint}")


def refuse_words(parser: CommandParser, message: str) -> NoReturn:
    """What is wrong with the words of a command; argparse would print its usage before it."""
    from django.core.management.base import CommandError

    if not parser.called_from_command_line:
        raise CommandError(f"Error: {message}")
    parser.exit(2, f"{parser.prog}: {message}; see --help\n")
    raise AssertionError("argparse has ended the process")


if __name__ == "__main__":
    main()
