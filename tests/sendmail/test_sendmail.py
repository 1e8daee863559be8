#!/usr/bin/env python3
"""Mail through a real Sendmail, unpacked beside."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from harness import any_server, tap
from harness.sendmail import Sendmail
from harness.site import Site

if __name__ == "__main__":
    sys.exit(tap.run(vars(any_server), lambda: Site(Sendmail, any_server.POLICY % (3, "reject")),
                     lambda s: s and s.close()))
