import pytest

from accounts.context_processors import is_bare_address


@pytest.mark.parametrize(
    ("host", "is_bare"),
    [
        ("127.0.0.1:8000", True),
        ("127.0.0.1", True),
        ("[::1]:8000", True),
        ("[::1]", True),
        ("localhost:8000", False),
        ("rafiq.example", False),
        ("rafiq.example:443", False),
    ],
)
def test_passkeys_are_offered_only_where_browsers_take_them(host, is_bare):
    assert is_bare_address(host) == is_bare
