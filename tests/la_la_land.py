"""The project's own pack, read once for all tests that are about it."""

from bot.config import PROJECT
from bot.core.content import Pack
from bot.storage.packs import read_pack

_read, _faults = read_pack(PROJECT / "data" / "la-la-land")
assert _read is not None, _faults
PACK: Pack = _read
