"""Adds up the test results in a folder and ends with one line: N passed, N failed. What did not pass is told with its message. Exits 1 where none ran or some failed."""
import glob
import sys
import xml.etree.ElementTree as xml

NAMESPACE = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"


def said(result: xml.Element) -> str:
    """Message and stack of a result that is not a pass, as far as a reader of the log needs them."""
    error = result.find(f"{NAMESPACE}Output/{NAMESPACE}ErrorInfo")
    lines = [line for part in error or () for line in (part.text or "").splitlines()]
    return "\n".join("    " + line for line in lines[:40])


def main(folder: str) -> int:
    passed = failed = 0
    for path in sorted(glob.glob(f"{folder}/*.trx")):
        root = xml.parse(path).getroot()
        counters = root.find(f"{NAMESPACE}ResultSummary/{NAMESPACE}Counters")
        total, ok = int(counters.get("total")), int(counters.get("passed"))
        passed += ok
        failed += total - ok
        print(f"{path}: {ok} of {total} passed")
        for result in root.iter(f"{NAMESPACE}UnitTestResult"):
            if result.get("outcome") != "Passed":
                print(f"  {result.get('outcome')}: {result.get('testName')}\n{said(result)}")
    print(f"{passed} passed, {failed} failed")
    return 0 if passed > 0 and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
