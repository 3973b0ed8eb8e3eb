"""Traffic: the bytes that controllers send, made to order.

`perform` sends what a maker's controller would for given strokes; `storm` and `ten_fingers` send
random traffic for endurance and for measuring speed. Where velocity is always 127, a stroke's strike
shows in its first pressures.

>>> from mapper.profile import OSMOSE
>>> stroke = Stroke(note=64, start_s=0.1, press=lambda age_s: 0.3 * age_s)
>>> [data.hex(" ") for _, data in perform(OSMOSE, [stroke])][:5]
['e1 00 40', 'b1 4a 00', 'd1 01', 'd1 02', 'd1 03']
"""

from mapper.traffic.performing import perform
from mapper.traffic.storm import LINNSTRUMENT_HZ, N_FINGERS, Traffic, storm, ten_fingers
from mapper.traffic.stroke import Curve, Stroke, still

__all__ = [
    "LINNSTRUMENT_HZ",
    "N_FINGERS",
    "Curve",
    "Stroke",
    "Traffic",
    "perform",
    "still",
    "storm",
    "ten_fingers",
]
