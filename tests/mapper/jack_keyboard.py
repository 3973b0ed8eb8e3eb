"""A program with two MIDI outputs on a JACK server, told what to do on its standard input."""

import queue
import sys
import time

import jack

PATIENCE_S = 5.0


def joined() -> jack.Client:
    """Join the server as soon as it answers."""
    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            return jack.Client("keyboard", no_start_server=True)
        except jack.JackOpenError:
            if time.monotonic() > deadline_s:
                raise
            time.sleep(0.05)


class Keyboard:
    """A JACK client that sends one message in each period."""

    def __init__(self) -> None:
        self._client = joined()
        self._outputs = {n: self._client.midi_outports.register(n) for n in ("left", "right")}
        self._waiting: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        self._client.set_process_callback(self._process)

    def run(self) -> None:
        """Obey the lines of the standard input, and answer each."""
        with self._client:
            print("ready", flush=True)  # noqa: T201
            for line in sys.stdin:
                command, *words = line.split()
                print(getattr(self, command)(*words), flush=True)  # noqa: T201

    def send(self, output: str, message: str) -> str:
        """Send a message given in hex."""
        self._waiting.put((output, bytes.fromhex(message)))
        return "sent"

    def connect(self, output: str, port: str) -> str:
        """Connect an output to another client's input."""
        self._client.connect(self._outputs[output], port)
        return "connected"

    def leave(self, output: str) -> str:
        """Take an output away."""
        self._outputs.pop(output).unregister()
        return "left"

    def enter(self, output: str) -> str:
        """Offer an output again."""
        self._outputs[output] = self._client.midi_outports.register(output)
        return "entered"

    def ports(self) -> str:
        """List all MIDI ports of the server."""
        return " ".join(port.name for port in self._client.get_ports(is_midi=True))

    def _process(self, _: int) -> None:
        for output in list(self._outputs.values()):
            output.clear_buffer()
        if not self._waiting.empty():
            name, message = self._waiting.get()
            self._outputs[name].write_midi_event(0, message)


if __name__ == "__main__":
    Keyboard().run()
