"""The routes: one module for each noun that can be asked for under /api/v1."""
