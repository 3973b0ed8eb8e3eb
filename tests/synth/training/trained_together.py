"""Under torchrun: train the toy corpus' few steps together with other processes."""

import sys
from pathlib import Path

from synth.training import train as training
from synth.training.together import joined_world
from synth.training.train import MOST_PROCESSES, train
from tests.synth.training.test_train import CROPS, TASK, pack_of

if __name__ == "__main__":
    training.CROPS.update(CROPS)
    with joined_world(MOST_PROCESSES) as world:
        train(pack_of(Path(sys.argv[1])), Path(sys.argv[2]), TASK, world=world)
