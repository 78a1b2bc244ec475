"""Adds up the test results in a folder and ends with one line: N passed, N failed. Exits 1 where none ran or some failed."""
import glob
import sys
import xml.etree.ElementTree as xml

NAMESPACE = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"


def main(folder: str) -> int:
    passed = failed = 0
    for path in sorted(glob.glob(f"{folder}/*.trx")):
        counters = xml.parse(path).getroot().find(f"{NAMESPACE}ResultSummary/{NAMESPACE}Counters")
        total, ok = int(counters.get("total")), int(counters.get("passed"))
        passed += ok
        failed += total - ok
        print(f"{path}: {ok} of {total} passed")
    print(f"{passed} passed, {failed} failed")
    return 0 if passed > 0 and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
