"""The thread in which waiting files are read, one at a time."""

from contextlib import suppress
from threading import Event, Thread

from geo_target.deliveries.delivery import Deliveries

#: How often it looks by itself, in seconds: nothing depends on it.
_LOOKS_EVERY = 30.0


class ReadingQueue:
    """Reads what waits in a daemon thread; begun by the first `wake`."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._wanted, self._ended = Event(), Event()
        self._thread: Thread | None = None

    def wake(self) -> None:
        """Say that something may wait."""
        if self._ended.is_set():
            return
        if self._thread is None or not self._thread.is_alive():
            self._thread = Thread(target=self._work, name="reading-queue", daemon=True)
            self._thread.start()
        self._wanted.set()

    def stop(self) -> None:
        """End the thread once the file that it reads is read."""
        self._ended.set()
        self._wanted.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while not self._ended.is_set():
            self._wanted.wait(_LOOKS_EVERY)
            self._wanted.clear()
            if not self._ended.is_set():
                with suppress(OSError):  # a full disk keeps no report: it is read again then
                    self._deliveries.read_waiting()
