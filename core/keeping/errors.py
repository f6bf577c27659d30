"""What the operator is told when keeping an instance cannot go on."""

from __future__ import annotations


class KeepingError(Exception):
    """Nothing was harmed, but it cannot go on; the message is one line for the operator."""


class DamagedBackupError(KeepingError):
    """The file is not, or no longer, what a backup wrote."""


class WrongPassphraseError(KeepingError):
    """The file is a sound backup, and this passphrase does not open it."""
