"""What a bot's process and the playground that starts it have agreed on.

It stands alone, for `inside` runs it by its path.
"""

import os
import signal
import threading

URL_VARIABLE = "PLAYGROUND_URL"
API_VARIABLE = "PLAYGROUND_API"
GATEWAY_VARIABLE = "PLAYGROUND_GATEWAY"
CDN_VARIABLE = "PLAYGROUND_CDN"
"""Where the local Discord is, for libraries that take its address; they append the API's version."""
CLOCK_VARIABLE = "PLAYGROUND_CLOCK"
"""The file that holds how far the playground's time is ahead, as a double."""
WATCHED_VARIABLE = "PLAYGROUND_WATCHES"
"""If set, the process ends with the one that started it, which holds a pipe to its input."""


def end_with_parent() -> None:
    """End this process, if it was told to, once the one that started it is gone: its input closes then."""
    # Removed, because processes that this one starts have another input.
    if os.environ.pop(WATCHED_VARIABLE, None) is None:
        return

    def watch() -> None:
        # Not sys.stdin: its lock would be held by this thread when the interpreter ends.
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()
