"""Ask an installed wheel, from outside the source tree, whether everything it needs came along."""

from importlib.metadata import packages_distributions
from importlib.resources import files

DATA = [
    ("synth", "spaces/fluid.safetensors"),
    ("embouchure", "performance.mid"),
    *((package, "py.typed") for package in ("mapper", "synth", "calibration", "presets")),
]
for package, path in DATA:
    assert files(package).joinpath(path).is_file(), f"{package}/{path} is not in the wheel"

factory = files("presets").joinpath("factory")
n_presets = sum(item.name.endswith(".preset") for item in factory.iterdir())
assert n_presets >= 6, f"the wheel holds {n_presets} factory presets"

for package in ("mapper", "synth", "calibration", "presets", "embouchure"):
    owners = packages_distributions()[package]
    assert owners == ["embouchure"], f"{package} belongs to {owners}"
