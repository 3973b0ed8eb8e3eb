"""What a player can do wrong; every message is one sentence that says what to do.

ValueError, or RuntimeError where the machine is at fault
├── SpaceError           synth.space: the file of a space is missing or damaged
├── PresetError          presets.preset: no such preset, or a damaged one
├── PerformanceError     mapper.performance: not a MIDI file, or a damaged one
├── PortError            mapper.ports: no such MIDI port, or no MIDI at all
├── DeviceError          synth.devices: no such sound device, or none that opens
└── ProgramError         this program: whatever is left
"""


class ProgramError(ValueError):
    """The program cannot do what was asked; the message is one sentence for the player."""


def player_errors() -> tuple[type[Exception], ...]:
    """List every error above; call it only once something failed, since it imports widely."""
    from mapper.performance import PerformanceError
    from mapper.ports import PortError
    from presets.preset import PresetError
    from synth.devices import DeviceError
    from synth.space import SpaceError

    return SpaceError, PresetError, PerformanceError, PortError, DeviceError, ProgramError
