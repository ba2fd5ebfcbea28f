"""The last line of `./x test`: N passed, N failed[, N skipped], from lit's own JSON report."""
import collections
import json
import sys

PASSED = {"PASS", "FLAKYPASS", "XFAIL"}
SKIPPED = {"UNSUPPORTED", "EXCLUDED", "SKIPPED"}


def main(report):
    with open(report) as file:
        tests = json.load(file)["tests"]
    count = collections.Counter(
        "passed" if test["code"] in PASSED else "skipped" if test["code"] in SKIPPED else "failed" for test in tests
    )
    line = f"{count['passed']} passed, {count['failed']} failed"
    print(line + (f", {count['skipped']} skipped" if count["skipped"] else ""))
    return 1 if count["failed"] or not tests else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
