"""The instruments of the General MIDI bank: names, families and the ranges where they sound true."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """One program of the bank.

    `low` and `high` are the sounding notes; `transpose_semitones` is how far above them its keys
    lie, an octave for the sounds whose deepest layer is an octave under the key.
    """

    program: int
    name: str
    family: str
    source: str
    low: int
    high: int
    transpose_semitones: int = 0

    @property
    def label(self) -> str:
        """Name the instrument as NSynth does."""
        return f"{self.family}_{self.source}_{self.program:03d}"


FAMILIES: Final = (
    "bass", "brass", "flute", "guitar", "keyboard", "mallet",
    "organ", "reed", "string", "synth_lead", "vocal",
)  # fmt: skip
"""NSynth's families, in the order of their numbers."""

SOURCES: Final = ("acoustic", "electronic", "synthetic")

_TABLE: Final = """
0 grand-piano keyboard acoustic 21 105
1 bright-piano keyboard acoustic 21 105
2 electric-grand keyboard electronic 24 100
3 honky-tonk keyboard acoustic 28 100
4 tine-piano keyboard electronic 28 100
5 fm-piano keyboard electronic 28 100
6 harpsichord keyboard acoustic 29 89
7 clavinet keyboard electronic 29 89
8 celesta mallet acoustic 60 105
9 glockenspiel mallet acoustic 67 105
10 music-box mallet acoustic 55 103
11 vibraphone mallet acoustic 48 92
12 marimba mallet acoustic 40 96
13 xylophone mallet acoustic 60 104
14 tubular-bells mallet acoustic 55 83
15 dulcimer mallet acoustic 48 88
16 drawbar-organ organ electronic 24 68 24
17 percussive-organ organ electronic 24 84 12
18 rock-organ organ electronic 24 84 12
19 church-organ organ acoustic 36 96
20 reed-organ organ acoustic 36 96
21 accordion organ acoustic 41 93
22 harmonica reed acoustic 55 91
23 bandoneon organ acoustic 41 93
24 nylon-guitar guitar acoustic 40 84
25 steel-guitar guitar acoustic 40 84
26 jazz-guitar guitar electronic 40 86
27 clean-guitar guitar electronic 40 86
28 muted-guitar guitar electronic 40 86
29 overdriven-guitar guitar electronic 40 86
30 distorted-guitar guitar electronic 40 86
31 guitar-harmonics guitar electronic 64 106 -24
32 double-bass bass acoustic 28 60
33 finger-bass bass electronic 28 60
34 pick-bass bass electronic 28 60
35 fretless-bass bass electronic 28 60
36 slap-bass bass electronic 28 60
37 pop-bass bass electronic 28 60
38 synth-bass bass synthetic 28 60
39 rubber-bass bass synthetic 28 60
40 violin string acoustic 55 100
41 viola string acoustic 48 88
42 cello string acoustic 36 80
43 contrabass string acoustic 28 64
44 tremolo-strings string acoustic 36 92
45 pizzicato string acoustic 36 92
46 harp string acoustic 24 100
47 timpani mallet acoustic 26 48 12
48 strings string acoustic 36 96
49 slow-strings string acoustic 36 96
50 synth-strings string synthetic 36 96
51 soft-strings string synthetic 36 96
52 choir-aah vocal acoustic 43 84
53 voice-ooh vocal acoustic 43 84
54 synth-voice vocal synthetic 43 84
56 trumpet brass acoustic 54 88
57 trombone brass acoustic 38 76
58 tuba brass acoustic 28 62
59 muted-trumpet brass acoustic 54 88
60 french-horn brass acoustic 36 78
61 brass-section brass acoustic 36 88
62 synth-brass brass synthetic 36 88
63 soft-synth-brass brass synthetic 36 88
64 soprano-sax reed acoustic 54 88
65 alto-sax reed acoustic 48 82
66 tenor-sax reed acoustic 42 76
67 baritone-sax reed acoustic 36 70
68 oboe reed acoustic 57 92
69 english-horn reed acoustic 51 82
70 bassoon reed acoustic 34 72
71 clarinet reed acoustic 50 92
72 piccolo flute acoustic 72 106
73 flute flute acoustic 59 97
74 recorder flute acoustic 58 95
75 pan-flute flute acoustic 55 92
76 bottle flute acoustic 50 92
77 shakuhachi flute acoustic 52 88
78 whistle flute acoustic 62 98
79 ocarina flute acoustic 55 92
80 square-lead synth_lead synthetic 36 96
81 saw-lead synth_lead synthetic 36 96
82 calliope-lead synth_lead synthetic 40 96
83 chiff-lead synth_lead synthetic 40 96
84 charang-lead synth_lead synthetic 36 92
85 voice-lead vocal synthetic 40 88
87 bass-lead synth_lead synthetic 28 84
88 fantasia-pad synth_lead synthetic 36 92
89 warm-pad synth_lead synthetic 36 92
90 poly-pad synth_lead synthetic 36 92
91 choir-pad vocal synthetic 36 88
92 bowed-pad synth_lead synthetic 36 92
93 metal-pad synth_lead synthetic 36 92
94 halo-pad vocal synthetic 36 88
95 sweep-pad synth_lead synthetic 36 92
96 rain synth_lead synthetic 36 92
97 soundtrack synth_lead synthetic 28 80 12
98 crystal mallet synthetic 40 96
99 atmosphere synth_lead synthetic 36 92
100 brightness synth_lead synthetic 36 92
101 goblins synth_lead synthetic 36 92
102 echoes synth_lead synthetic 36 92
103 sci-fi synth_lead synthetic 36 92
104 sitar guitar acoustic 40 84
105 banjo guitar acoustic 44 88
106 shamisen guitar acoustic 44 84
107 koto guitar acoustic 43 91
108 kalimba mallet acoustic 48 92
109 bagpipe reed acoustic 50 86
110 fiddle string acoustic 55 96
111 shanai reed acoustic 50 88
112 tinkle-bell mallet acoustic 60 96
114 steel-drums mallet acoustic 48 88
"""


def _parse(line: str) -> Instrument:
    program, name, family, source, low, high, *rest = line.split()
    return Instrument(
        program=int(program),
        name=name,
        family=family,
        source=source,
        low=int(low),
        high=int(high),
        transpose_semitones=int(rest[0]) if rest else 0,
    )


INSTRUMENTS: Final = tuple(_parse(line) for line in _TABLE.strip().splitlines())

UNSEEN_PROGRAMS: Final = frozenset({3, 15, 20, 28, 36, 41, 59, 69, 76, 84, 94, 106})
"""Held out from training whole, one or two of each family, to measure sounds never heard."""

_WORDS: Final = (
    ("bass(?!oon)", "bass", "electronic"),
    ("piano|harpsi|clavi|rhodes|wurl|keys|upright", "keyboard", "acoustic"),
    ("vibra(phone|harp)|marimba|xylo|bell|celest|glock|kalimba|steel-drum|chime|mallet|timpani|hang|music-box",
     "mallet", "acoustic"),
    ("organ|accord|harmonium|bandoneon", "organ", "acoustic"),
    ("guitar|banjo|sitar|koto|(^|-)lute|(^|-)oud|ukulele|mandolin|shamisen|charango", "guitar", "acoustic"),
    ("violin|viola|cello|string|fiddle|harp|erhu|bowed|contrabass", "string", "acoustic"),
    ("trumpet|trombone|tuba|horn|brass|cornet|bugle", "brass", "acoustic"),
    ("sax|clarinet|oboe|bassoon|reed|harmonica|bagpipe|duduk|shawm", "reed", "acoustic"),
    ("flute|recorder|piccolo|ocarina|whistle|shakuhachi|panpipe|pan-pipe", "flute", "acoustic"),
    ("voice|vocal|choir|vox|aah|ooh|sing|solo-voice|whale|throat", "vocal", "acoustic"),
)  # fmt: skip
OTHER_FAMILY: Final = ("synth_lead", "synthetic")


def family_of_name(name: str) -> tuple[str, str]:
    """Tell NSynth's family and source from what an instrument is called.

    >>> family_of_name("alto-sax-vibrato"), family_of_name("zorp")
    (('reed', 'acoustic'), ('synth_lead', 'synthetic'))
    >>> family_of_name("bassoon"), family_of_name("vibraphone")
    (('reed', 'acoustic'), ('mallet', 'acoustic'))
    """
    for words, family, source in _WORDS:
        if re.search(words, name):
            return family, source
    return OTHER_FAMILY
