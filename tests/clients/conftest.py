from tests.managers.conftest import line

__all__ = ["line"]
