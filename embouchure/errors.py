"""What a player can do wrong; every message is one sentence that says what to do.

ValueError, or RuntimeError where the machine is at fault
├── SpaceError           synth.space: the file of a space is missing or damaged
├── MovingError          synth.moving.refusal: sounds that cannot be mixed or moved as was asked
├── PresetError          presets.refusal: no such preset, or one that cannot be opened or kept
├── TargetError          calibration.targets.target: no such target, or a damaged one
├── TakeError            calibration.demonstrations.take: a touch that teaches nothing, or a damaged take
├── LearningError        calibration.fitting.learning: a preset that cannot be taught
├── RefinementError      calibration.refinements.refusal: a step of refinement that cannot be taken
├── UnknownInstrumentError  calibration.targets.known_instruments: no such preset or sound
├── RecordingError       calibration.targets.sound_file: sound that no target can be made of
├── ExplorationError     calibration.exploration.shelf: no such exploration or sound
├── StudyError           calibration.study.plan: a study that cannot be made, or not drawn
├── PerformanceError     mapper.performance: not a MIDI file, or a damaged one
├── TuningError          mapper.scala_file: a tuning that cannot be used, or a wrong Scala file
├── HandError            mapper.hand: no such hand, a damaged one, or one that cannot be measured
├── PortError            mapper.ports: no such MIDI port, or no MIDI at all
├── DeviceError          synth.outputs: no such sound device, or none that opens
├── CorpusError          synth.training.corpus: no recordings to learn a space from
├── SoundfontError       synth.training.soundfont: no soundfont or no FluidSynth to render one
├── PictureError         synth.training.evaluation.pictures: nothing that draws is installed
├── StaffError           synth.training.staff: no such scheduler, or workers that are not ready or too many
├── CheckpointError      synth.training.checkpoint: a training that cannot be gone on with
└── ProgramError         this program: whatever is left
"""

import sys
from typing import Final

ERRORS: Final = {
    "synth.space": "SpaceError",
    "synth.moving.refusal": "MovingError",
    "presets.refusal": "PresetError",
    "calibration.targets.target": "TargetError",
    "calibration.demonstrations.take": "TakeError",
    "calibration.fitting.learning": "LearningError",
    "calibration.refinements.refusal": "RefinementError",
    "calibration.targets.known_instruments": "UnknownInstrumentError",
    "calibration.targets.sound_file": "RecordingError",
    "calibration.exploration.shelf": "ExplorationError",
    "calibration.study.plan": "StudyError",
    "mapper.performance": "PerformanceError",
    "mapper.scala_file": "TuningError",
    "mapper.hand": "HandError",
    "mapper.ports": "PortError",
    "synth.outputs": "DeviceError",
    "synth.training.corpus": "CorpusError",
    "synth.training.soundfont": "SoundfontError",
    "synth.training.evaluation.pictures": "PictureError",
    "synth.training.staff": "StaffError",
    "synth.training.checkpoint": "CheckpointError",
    "embouchure.errors": "ProgramError",
}
NOT_THE_PLAYERS: Final = "this went wrong by no fault of yours; the service's log says how"
"""What is said of an error that is none of these."""


class ProgramError(ValueError):
    """The program cannot do what was asked; the message is one sentence for the player."""


def player_errors() -> tuple[type[Exception], ...]:
    """List every error above whose module is in use; no other can have been raised."""
    return tuple(
        getattr(sys.modules[module], name)
        for module, name in ERRORS.items()
        if module in sys.modules
    )
