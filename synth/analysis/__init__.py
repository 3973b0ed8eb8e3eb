"""Analysis: recorded notes to controls; see `synth.analysis.note`."""
