"""Short ways to play to a receiver and to fold its events, for the tests."""

from collections.abc import Iterable

from mapper.receiver import Receiver
from mapper.rpn import bend_range_messages, zone_messages
from mapper.touch import Kind, TouchEvent

BELOW, CENTRE, ABOVE = "00 00", "00 40", "7f 7f"
"""Bend bytes at the lower end, the centre and the upper end."""


def play(receiver: Receiver, *messages: str, time_s: float = 1.0) -> list[TouchEvent]:
    """Send messages written in hex, all at one time."""
    return [event for m in messages for event in receiver.receive(bytes.fromhex(m), time_s)]


def configure(receiver: Receiver, manager: int, n_members: int) -> list[TouchEvent]:
    """Send an MPE Configuration Message."""
    return receiver.receive(b"".join(zone_messages(manager, n_members)), 1.0)


def set_range(receiver: Receiver, channel: int, semitones: float) -> list[TouchEvent]:
    """Send a bend range."""
    return receiver.receive(b"".join(bend_range_messages(channel, semitones)), 1.0)


def kinds(events: Iterable[TouchEvent]) -> list[str]:
    """Only what happened."""
    return [event.kind.name for event in events]


def fold(events: Iterable[TouchEvent]) -> dict[int, TouchEvent]:
    """Touches that sound after the events, by number, each as last told."""
    sounding: dict[int, TouchEvent] = {}
    for event in events:
        if event.kind in {Kind.STRIKE, Kind.MOVE}:
            sounding[event.touch] = event
        elif event.kind in {Kind.LIFT, Kind.STOP}:
            sounding.pop(event.touch, None)
        elif event.kind is Kind.PANIC:
            sounding.clear()
    return sounding


def pitches(events: Iterable[TouchEvent]) -> dict[float, float]:
    """Semitones that each sounding note is bent by, its own bend and its zone's."""
    events = list(events)
    zones = {e.zone: e.glide_semitones for e in events if e.kind is Kind.ZONE_GLIDE}
    return {e.note: e.glide_semitones + zones.get(e.zone, 0.0) for e in fold(events).values()}
