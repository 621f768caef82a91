"""What a bot's process and the playground that starts it have agreed on."""

import os
import signal
import threading

URL_VARIABLE = "PLAYGROUND_URL"
CLOCK_VARIABLE = "PLAYGROUND_CLOCK"
WATCHED = "--end-with-parent"


def end_with_parent() -> None:
    """End this process when the one that started it is gone: our input closes then."""

    def watch() -> None:
        # Not sys.stdin: its lock would be held by this thread when the interpreter ends.
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()
