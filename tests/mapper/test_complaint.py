"""What is wrong with a field is said in the program's words, and never in the validator's."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from mapper.complaint import Complaint, complaint


class Part(BaseModel):
    share: float = Field(0.5, ge=0, le=1, allow_inf_nan=False)


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field("a", min_length=1, max_length=4, pattern="^[a-z]*$")
    kind: Literal["reed", "string"] = "reed"
    count: int = 1
    number: int = Field(1, ge=-(10**9), le=10**9)
    length_s: float = Field(1.0, gt=0, lt=60)
    is_kept: bool = True
    notes: tuple[Annotated[int, Field(le=127)], ...] = Field((1,), min_length=1, max_length=2)
    part: Part = Part()
    by_name: dict[str, int] = {}

    @field_validator("count")
    @classmethod
    def _even(cls, count: int) -> int:
        if count == 13:
            raise ValueError("thirteen is unlucky")
        return count


def wrong(**fields: Any) -> Complaint:  # noqa: ANN401
    with pytest.raises(ValidationError) as refused:
        Whole.model_validate(fields)
    return complaint(refused.value)


@pytest.mark.parametrize(
    ("fields", "place", "words"),
    [
        ({"part": {"share": 2}}, "part.share", "it must be at most 1"),
        ({"part": {"share": -1}}, "part.share", "it must be at least 0"),
        ({"part": {"share": float("nan")}}, "part.share", "it must be a number"),
        ({"part": {"share": "loud"}}, "part.share", "it must be a number"),
        ({"part": 3}, "part", "it must be fields with names"),
        ({"by_name": 3}, "by_name", "it must be fields with names"),
        ({"length_s": 0}, "length_s", "it must be above 0"),
        ({"length_s": 60}, "length_s", "it must be below 60"),
        ({"number": 10**10}, "number", "it must be at most 1000000000"),
        ({"number": -(10**10)}, "number", "it must be at least -1000000000"),
        ({"count": 1.5}, "count", "it must be a whole number"),
        ({"count": []}, "count", "it must be a whole number"),
        ({"count": 13}, "count", "thirteen is unlucky"),
        ({"is_kept": "perhaps"}, "is_kept", "it must be true or false"),
        ({"name": 3}, "name", "it must be text"),
        ({"name": ""}, "name", "it must have 1 or more characters"),
        ({"name": "abcde"}, "name", "it must have at most 4 characters"),
        ({"name": "A"}, "name", "it has characters that cannot stand there"),
        ({"kind": "brass"}, "kind", "it must be 'reed' or 'string'"),
        ({"notes": []}, "notes", "it must have 1 or more entries"),
        ({"notes": [1, 2, 3]}, "notes", "it must have at most 2 entries"),
        ({"notes": 3}, "notes", "it must be a list"),
        ({"notes": [1, 128]}, "notes.1", "it must be at most 127"),
        ({"loud": 1}, "loud", "it is not known here"),
    ],
)
def test_what_is_wrong_is_said_in_a_players_words(fields: dict[str, Any], place: str, words: str):
    assert (wrong(**fields).place, wrong(**fields).words()) == (place, words)


def test_it_is_called_as_the_player_calls_it():
    assert wrong(length_s=99).words("the length") == "the length must be below 60"


def test_a_kind_of_error_without_words_of_its_own_has_a_sentence_too():
    assert (
        Complaint("x", {"type": "url_scheme", "loc": ("x",)}).words() == "it is of the wrong kind"
    )


def test_a_foreign_name_is_short_and_prints_on_one_line():
    place = wrong(**{"a\nb\x1b[2J" + "c" * 99: 1}).place
    assert place.startswith("a?b?[2Jc")
    assert len(place) == 60


def test_what_is_no_json_at_all_is_said():
    with pytest.raises(ValidationError) as refused:
        Whole.model_validate_json("{")
    assert (complaint(refused.value).place, complaint(refused.value).words()) == (
        "",
        "it is not written in JSON",
    )
