"""Loaded before nbgrader, it spares ``mapt mark`` a second and a half that marks nothing.

- jsonschema looks for packages that check addresses and durations: it is told there are none.
- ``nbgrader`` itself loads its pages for JupyterLab: of the package only the parts that are
  asked for by name are loaded. In a process that has all of it already, nothing changes.
"""

import importlib.util
import sys

for _name in ("rfc3987_syntax", "isoduration"):
    sys.modules.setdefault(_name, None)
_found = importlib.util.find_spec("nbgrader") if "nbgrader" not in sys.modules else None
if _found:
    sys.modules["nbgrader"] = importlib.util.module_from_spec(_found)
