"""``python -m tests.matrix`` writes ``permissions.csv`` anew; read the difference before you commit it."""

import os
import sys

import pytest

os.environ["REWRITE_PERMISSION_MATRIX"] = "1"
sys.exit(pytest.main(["-q", "-n", "0", "tests/matrix/test_permissions.py"]))
