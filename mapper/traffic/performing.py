"""A performance made to order: strokes as a maker's controller would send them, byte for byte."""

from collections.abc import Iterable, Iterator, Sequence

from mapper.profile import Profile
from mapper.rpn import bend_range_messages, zone_messages
from mapper.traffic.finger import Finger
from mapper.traffic.habits import Habits, habits_of
from mapper.traffic.storm import Traffic
from mapper.traffic.stroke import Stroke


def perform(profile: Profile, strokes: Iterable[Stroke]) -> Traffic:
    """Yield the strokes as the controller sends them: time in seconds, one message each.

    The zone and range come first where the controller announces them. On a channel that several
    strokes share, only the newest bends and slides, as the finger in focus does.
    """
    habits = habits_of(profile)
    ordered = sorted(strokes, key=lambda stroke: stroke.start_s)
    messages = list(_announce(habits))
    for stroke, channel, focus_end_s in _spread(ordered, habits.members):
        messages += Finger(profile, habits, stroke, channel, focus_end_s).messages()
    yield from sorted(messages, key=lambda message: message[0])


def _announce(habits: Habits) -> Iterator[tuple[float, bytes]]:
    if habits.announced_members is not None:
        yield from ((0.0, message) for message in zone_messages(0, habits.announced_members))
    if habits.announced_range_semitones is not None:
        for channel in (0, *habits.members):
            for message in bend_range_messages(channel, habits.announced_range_semitones):
                yield 0.0, message


def _spread(
    strokes: Sequence[Stroke], members: Sequence[int]
) -> Iterator[tuple[Stroke, int, float]]:
    """Give each stroke a channel, and the time at which another stroke takes that channel over.

    The channel least recently released is the next; with none free the one taken longest ago.
    """
    free_from_s = dict.fromkeys(members, float("-inf"))
    channels = []
    for stroke in strokes:
        channel = min(members, key=lambda member: (free_from_s[member], members.index(member)))
        free_from_s[channel] = stroke.end_s
        channels.append(channel)
    for place, (stroke, channel) in enumerate(zip(strokes, channels, strict=True)):
        later = zip(strokes[place + 1 :], channels[place + 1 :], strict=True)
        takes_s = (other.start_s for other, taken in later if taken == channel)
        yield stroke, channel, next(takes_s, float("inf"))
