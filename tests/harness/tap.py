"""Tests as plain functions, reported as TAP: one line each, the reason below a failure."""

import os
import sys
import time
import traceback


class Skip(Exception):
    """What the test needs is not on this machine."""


def check(condition, message="is not so"):
    if not condition:
        raise AssertionError(message)


def equal(got, wanted, what=""):
    if got != wanted:
        raise AssertionError("%s: got %r, wanted %r" % (what or "value", got, wanted))


def contains(text, part, what=""):
    if part not in text:
        raise AssertionError("%s: no %r in %r" % (what or "text", part, text))


TAMPERED = []


def found(what):
    """An attempt to tamper that was noticed: counted, and the count is said at the end."""
    TAMPERED.append(what)


# A machine that is busy with other things is no failure: waiting ends for what never comes.
PATIENCE = float(os.environ.get("PATIENCE", "4"))


def wait_for(condition, seconds=10, what="the condition"):
    """Polls until condition() is true, and returns what it returned. seconds are those of a machine
    that has nothing else to do."""
    seconds *= PATIENCE
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError("%s did not come true within %s s" % (what, seconds))
        time.sleep(0.02)


def run(module_globals, setup=None, teardown=None):
    """Runs every function whose name begins with test_, in their order; names on the command line
    choose some."""
    tests = [f for name, f in module_globals.items() if name.startswith("test_")]
    chosen = sys.argv[1:]
    if chosen:
        tests = [f for f in tests if any(c in f.__name__ for c in chosen)]
    failed = 0
    print("1..%d" % len(tests), flush=True)
    try:
        context = setup() if setup else None
    except Skip as skip:
        return skip_all(tests, str(skip))
    try:
        for number, test in enumerate(tests, 1):
            failed += not one(number, test, context)
    finally:
        if teardown:
            teardown(context)
    if TAMPERED:
        print("# %d attempts to tamper, all found" % len(TAMPERED) if not failed else
              "# %d attempts to tamper found" % len(TAMPERED), flush=True)
    return 1 if failed else 0


def one(number, test, context):
    name = test.__name__[5:].replace("_", " ")
    begun = time.monotonic()
    try:
        test(context) if context is not None else test()
    except Skip as skip:
        print("ok %d - %s # SKIP %s" % (number, name, skip), flush=True)
        return True
    except Exception as error:  # a test may fail in any way
        print("not ok %d - %s" % (number, name))
        text = str(error) if isinstance(error, AssertionError) else traceback.format_exc()
        where = traceback.extract_tb(error.__traceback__)
        lines = [f.lineno for f in where if f.name == test.__name__]
        print("# line %s" % (lines[-1] if lines else "?"))
        for line in text.rstrip().splitlines()[-30:]:
            print("#   " + line)
        sys.stdout.flush()
        return False
    print("ok %d - %s # %.2f s" % (number, name, time.monotonic() - begun), flush=True)
    return True


def skip_all(tests, reason):
    """In continuous integration everything has to be there."""
    strict = os.environ.get("CI") == "true"
    for number, test in enumerate(tests, 1):
        name = test.__name__[5:].replace("_", " ")
        print("%s %d - %s # SKIP %s" % ("not ok" if strict else "ok", number, name, reason))
    return 1 if strict else 0
