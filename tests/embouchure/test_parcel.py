"""A parcel holds what was heard, exactly."""

from hypothesis import given
from hypothesis import strategies as st

from embouchure.parcel import pack, unpack
from mapper.performance import Played

HEARD = st.builds(
    Played,
    st.floats(0, 1e9, allow_nan=False),
    st.integers(0, 2**32 - 1),
    st.binary(min_size=1, max_size=400),
)


@given(st.lists(HEARD, min_size=1, max_size=20))
def test_what_was_packed_comes_out_again(heard: list[Played]):
    assert list(unpack(pack(heard))) == heard
