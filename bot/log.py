"""The log: one line per event, as text for people or as JSON for machines."""

import json
import logging
from datetime import UTC, datetime

TEXT_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"

OURS = ("bot", "cogs", "playground")


class JsonFormatter(logging.Formatter):
    """One JSON object per line: time (UTC), level, logger, message and, after an exception, its trace."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def set_up_logging(level: str, form: str) -> None:
    """Send the log to standard error; `form` is text or json."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if form == "json" else logging.Formatter(TEXT_FORMAT))
    number = logging.getLevelNamesMapping()[level]
    # At DEBUG, libraries log what they are handed: who chose what, and whole packs.
    logging.basicConfig(level=max(logging.INFO, number), handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(number)
    # At INFO, discord.py logs each reconnect twice; its warnings are what an operator needs.
    logging.getLogger("discord").setLevel(max(logging.WARNING, number))
