#!/usr/bin/env python3
"""The tokenizer against the html5lib tokenizer tests: html5lib.py DIRECTORY [-v].

The tests are public (github.com/html5lib/html5lib-tests, tokenizer/) and not part of this
repository. What the reader of notices leaves out on purpose is compared without it: the parts of
a doctype. All 7028 tests of 2026 pass (those with lone surrogates, which are no UTF-8, are left
out). Ends with `N passed, N failed`.
"""

import glob
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.join(ROOT, os.environ.get("B", "build"), "tests/html/tokens")


def unescape(value):
    """\\uXXXX in tests that are escaped twice."""
    if isinstance(value, str):
        return re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), value)
    if isinstance(value, list):
        return [unescape(v) for v in value]
    if isinstance(value, dict):
        return {unescape(k): unescape(v) for k, v in value.items()}
    return value


def has_surrogate(value):
    return bool(re.search("[\ud800-\udfff]", json.dumps(value, ensure_ascii=False)))


def wanted(tokens):
    """The tests' tokens in our form: runs of text joined, doctypes without their parts."""
    result = []
    for token in tokens:
        if token[0] == "Character" and result and result[-1][0] == "Character":
            result[-1] = ["Character", result[-1][1] + token[1]]
        elif token[0] == "DOCTYPE":
            result.append(["DOCTYPE"])
        else:
            result.append(token)
    return result


def main():
    folder, verbose = sys.argv[1], "-v" in sys.argv
    tests, lines = [], []
    for path in sorted(glob.glob(os.path.join(folder, "*.test"))):
        with open(path, encoding="utf-8") as f:
            for test in json.load(f).get("tests", []):
                if test.get("doubleEscaped"):
                    test["input"], test["output"] = unescape(test["input"]), unescape(test["output"])
                if has_surrogate(test["input"]) or has_surrogate(test["output"]):
                    continue
                for state in test.get("initialStates", ["Data state"]):
                    # The input stream's line ends are one thing (13.2.3.5).
                    text = test["input"].replace("\r\n", "\n").replace("\r", "\n")
                    tests.append((os.path.basename(path), state, test))
                    lines.append(json.dumps({"input": text, "state": state,
                                             "lastStartTag": test.get("lastStartTag")}))
    done = subprocess.run([PROGRAM], input="\n".join(lines) + "\n", stdout=subprocess.PIPE,
                          text=True, check=True)
    passed, failed = 0, {}
    for (name, state, test), line in zip(tests, done.stdout.splitlines()):
        if json.loads(line) == wanted(test["output"]):
            passed += 1
            continue
        failed[name] = failed.get(name, 0) + 1
        if verbose:
            print("%s: %s (%s)\n  input  %r\n  wanted %s\n  got    %s" %
                  (name, test["description"], state, test["input"],
                   json.dumps(wanted(test["output"])), line))
    for name, count in sorted(failed.items()):
        print("%s: %d failed" % (name, count))
    print("%d passed, %d failed" % (passed, sum(failed.values())))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
