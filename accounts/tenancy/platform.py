"""The few database functions that see every organization: owned by the platform role, registered here by their users.

The platform role has a policy ``USING (true)`` and no BYPASSRLS, so this works on managed servers too. Every function
pins its search path, and only the role it names may execute it.
"""

import hashlib
from dataclasses import dataclass

_functions: dict[tuple[str, str], "PlatformFunction"] = {}


@dataclass(frozen=True)
class PlatformFunction:
    """``sql`` is a whole ``CREATE OR REPLACE FUNCTION schema.name(arguments) …``; ``arguments`` are its types."""

    schema: str
    name: str
    arguments: str
    sql: str
    executed_by: str

    @property
    def digest(self) -> str:
        """Kept as the function's comment: tells the reconciler whether the database has this text."""
        return hashlib.sha256(f"{self.arguments}{self.sql}{self.executed_by}".encode()).hexdigest()[:16]

    def statements(self) -> list[str]:
        signature = f"{self.schema}.{self.name}({self.arguments})"
        return [
            f"CREATE SCHEMA IF NOT EXISTS {self.schema} AUTHORIZATION rafiq_platform",
            "SET LOCAL ROLE rafiq_platform",
            f"GRANT USAGE ON SCHEMA {self.schema} TO {self.executed_by}",
            self.sql,
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {signature} TO {self.executed_by}",
            f"COMMENT ON FUNCTION {signature} IS '{self.digest}'",
            "RESET ROLE",
        ]


def register_platform_function(function: PlatformFunction) -> None:
    """Have the reconciler keep ``function`` in the database. Registering the same name twice is a ValueError."""
    key = (function.schema, function.name)
    if _functions.get(key, function) != function:
        raise ValueError(f"Platform function {function.schema}.{function.name} is registered twice.")
    _functions[key] = function


def platform_functions() -> list[PlatformFunction]:
    return list(_functions.values())
