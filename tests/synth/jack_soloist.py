"""A program that sounds a phrase live on a JACK server and saves the log of what it applied."""

import sys
import time

import numpy as np

from embouchure.kernel_cache import use_kernel_cache

AHEAD_FRAMES = 512


def say(word: str) -> None:
    """Write a line to the program that started this one."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(log: str) -> None:
    """Sound as soon as a line says that everybody listens."""
    from synth.devices import sounding
    from synth.outputs import find_outputs
    from tests.synth.phrase import orchestra, phrase

    engine = orchestra()
    with sounding(find_outputs(None, "JACK"), lambda _: engine, engine.rate_hz):
        say("ready")
        sys.stdin.readline()
        begin = engine.frame_at(time.perf_counter())
        for event in phrase():
            while engine.frame + AHEAD_FRAMES < begin + event.frame:
                time.sleep(0.001)
            engine.push(event._replace(frame=begin + event.frame))
        time.sleep(1.0)
        np.save(log, engine.applied_events())
        say("done")
        sys.stdin.readline()


if __name__ == "__main__":
    use_kernel_cache()
    main(sys.argv[1])
