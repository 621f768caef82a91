"""A pack's files as they lie on the disk, read only as far as is safe: anybody may have made a pack."""

import errno
import stat
from pathlib import Path

LARGEST = 5 * 1024 * 1024
SIZE = "5 MiB"


def read_file(path: Path) -> bytes:
    """Return what is in a regular file of at most LARGEST bytes.

    Raises OSError for anything else: a pipe would wait for its other end, and a device may never end.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file")
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise OSError(errno.EFBIG, f"it is larger than {SIZE}")
    return content
