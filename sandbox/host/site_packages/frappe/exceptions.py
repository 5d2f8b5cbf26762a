"""The exception classes of Frappe 15 that the app may catch or raise, with their parents and HTTP status."""

from __future__ import annotations


class ValidationError(Exception):
    """A rule of the document was broken; the user sees the message."""

    http_status_code = 417


class AuthenticationError(Exception):
    """Not signed in, or the credentials are wrong."""

    http_status_code = 401


class PermissionError(Exception):
    """Signed in, but not allowed."""

    http_status_code = 403


class DoesNotExistError(ValidationError):
    """No document of that name."""

    http_status_code = 404


class NameError(Exception):
    """A name is missing or taken."""

    http_status_code = 409


class DuplicateEntryError(NameError):
    """A document of that name exists."""


class UniqueValidationError(ValidationError):
    """A field marked unique holds a value that another document has."""


class MandatoryError(ValidationError):
    """A required field is empty."""


class LinkValidationError(ValidationError):
    """A Link field names a document that does not exist."""


class CharacterLengthExceededError(ValidationError):
    """A value is longer than its column."""


class TimestampMismatchError(ValidationError):
    """The document was changed by someone else after it was read."""


class QueryTimeoutError(Exception):
    """A lock was not granted in time (MariaDB 1205; here: the database file stayed locked)."""


class QueryDeadlockError(Exception):
    """The database chose this transaction as a deadlock's victim (MariaDB 1213)."""
