"""The complaint: what a validator finds wrong first, in the words of this program."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from pydantic import ValidationError

NUMBER: Final = "{it} must be a number"
WHOLE_NUMBER: Final = "{it} must be a whole number"
LIST: Final = "{it} must be a list"
FIELDS: Final = "{it} must be fields with names"
WORDS: Final = {
    "missing": "{it} is missing",
    "missing_argument": "{it} is missing",
    "extra_forbidden": "{it} is not known here",
    "greater_than": "{it} must be above {gt:.12g}",
    "greater_than_equal": "{it} must be at least {ge:.12g}",
    "less_than": "{it} must be below {lt:.12g}",
    "less_than_equal": "{it} must be at most {le:.12g}",
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": NUMBER,
    "int_type": WHOLE_NUMBER,
    "int_parsing": WHOLE_NUMBER,
    "int_parsing_size": WHOLE_NUMBER,
    "int_from_float": WHOLE_NUMBER,
    "bool_type": "{it} must be true or false",
    "bool_parsing": "{it} must be true or false",
    "string_type": "{it} must be text",
    "string_too_short": "{it} must have {min_length} or more characters",
    "string_too_long": "{it} must have at most {max_length} characters",
    "string_pattern_mismatch": "{it} has characters that cannot stand there",
    "literal_error": "{it} must be {expected}",
    "enum": "{it} must be {expected}",
    "too_short": "{it} must have {min_length} or more entries",
    "too_long": "{it} must have at most {max_length} entries",
    "list_type": LIST,
    "tuple_type": LIST,
    "dict_type": FIELDS,
    "model_type": FIELDS,
    "model_attributes_type": FIELDS,
    "json_invalid": "{it} is not written in JSON",
    "value_error": "{error}",
}
"""By pydantic's kinds of error; `it` is what the error is about."""
OTHER: Final = "{it} is of the wrong kind"
LONGEST_PLACE: Final = 60


class Complaint(NamedTuple):
    """What is wrong first: the place of a field, with dots within, and its error as pydantic has it."""

    place: str
    error: Mapping[str, Any]

    def words(self, it: str = "it") -> str:
        """Say what the field must be, and not what it was."""
        return WORDS.get(self.error["type"], OTHER).format(it=it, **self.error.get("ctx", {}))


def complaint(error: "ValidationError") -> Complaint:
    """Find what is wrong first; the place is empty where it is the whole."""
    return complaint_of(error.errors(include_url=False, include_input=False)[0])


def complaint_of(error: Mapping[str, Any]) -> Complaint:
    """Make a complaint of one of pydantic's errors; its place can be printed whoever named it."""
    place = ".".join(map(str, error["loc"]))[:LONGEST_PLACE]
    return Complaint("".join(one if one.isprintable() else "?" for one in place), error)
