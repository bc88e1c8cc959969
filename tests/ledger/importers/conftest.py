"""The door, for importers that are asked for by a command."""

from tests.verbale.conftest import clock, door

__all__ = ["clock", "door"]
