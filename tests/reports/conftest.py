"""Makes the modules beside the tests importable: without packages, pytest's importlib mode knows no neighbours."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
