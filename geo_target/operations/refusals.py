"""Errors of this room: each carries what is wrong, where, and what to do."""

from geo_target.errors import Fault, GeoTargetError


class DatabaseError(GeoTargetError):
    """The operations database cannot be used as it is."""


class StorageError(GeoTargetError):
    """The database could not write or be reached; nothing of the change is kept."""


class AccountError(GeoTargetError):
    """A change of an account is refused; nothing has changed."""


class SignInError(GeoTargetError):
    """Nobody is signed in."""


class SignInWaitError(SignInError):
    """Too many wrong passwords, or too many people at once: try again later."""

    def __init__(self, fault: Fault, *, wait_seconds: int) -> None:
        super().__init__(fault)
        self.wait_seconds = wait_seconds


class PublicationError(GeoTargetError):
    """A step toward publication is refused; what the public sees stays as it is."""


class SettlementError(GeoTargetError):
    """What somebody says of a pair is not taken; what stood still stands."""


class VisitError(GeoTargetError):
    """A change of officers, plans, visits or outcomes is refused; nothing has changed."""


class AuditError(GeoTargetError):
    """The entry could not be kept, so what it tells of must not happen either."""


class MeetingError(GeoTargetError):
    """A meeting or decision that is not kept."""


class StaleMeetingError(MeetingError):
    """Somebody else has changed it since it was read; what they wrote stands."""
