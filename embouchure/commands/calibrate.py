"""`embouchure calibrate`: the instrument learns its player."""

from embouchure.commands.calibrate_demo import demo
from embouchure.commands.calibrate_hand import hand
from embouchure.commands.calibrate_refine import refine
from embouchure.commands.group import make_group

calibrate = make_group("calibrate", "Let the instrument learn how you play.")
calibrate.command("hand")(hand)
calibrate.command("demo")(demo)
calibrate.command("refine")(refine)
