"""What the cogs work with."""

from dataclasses import dataclass
from random import Random

from bot.runners.recounter import Recounter
from bot.runners.time import Time
from bot.storage.catalogue import Catalogue
from bot.storage.database import Database
from bot.storage.settings import Settings
from bot.ui.names import Names
from bot.ui.router import Router


@dataclass(frozen=True, slots=True)
class Services:
    """Opened once by the composition root; each cog keeps those that it needs."""

    database: Database
    catalogue: Catalogue
    settings: Settings
    router: Router
    names: Names
    time: Time
    rng: Random
    recounter: Recounter
