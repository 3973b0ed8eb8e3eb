"""Moving in the space: sounds mixed, taken beyond each other, bent along axes, mapped and compared."""
