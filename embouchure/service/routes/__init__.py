"""The routes under /api/v1: a module for each noun, whose `routes` makes the router for a stage."""
