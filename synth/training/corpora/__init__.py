"""Building a corpus: from soundfonts, folders of notes, the NSynth dataset and recordings."""
