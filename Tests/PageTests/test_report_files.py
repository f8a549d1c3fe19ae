"""The reports of a run, opened by programs that are not ours: XML by a schema, JSON, WAV, labels."""

import json
import wave
from pathlib import Path

import pytest
from lxml import etree

SCHEMA = Path(__file__).parent / "junit.xsd"


@pytest.fixture(scope="module")
def junit(sample_report):
    return etree.parse(sample_report / "junit.xml")


def test_junit_fits_the_schema(junit):
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    assert schema.validate(junit), schema.error_log


def test_the_schema_refuses_what_servers_do_not_take(junit):
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    broken = etree.fromstring(etree.tostring(junit))
    etree.SubElement(broken.find(".//testcase"), "properties")
    assert not schema.validate(broken)


def test_junit_counts_are_those_of_its_cases(junit):
    suite = junit.find(".//testsuite")
    for count, elements in [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]:
        assert int(suite.get(count)) == len(suite.findall(f".//{elements}")), count
    names = [(case.get("classname"), case.get("name")) for case in suite.findall("testcase")]
    assert len(set(names)) == len(names)


def test_json_is_json_and_tells_the_same_as_junit(sample_report, junit):
    report = json.loads((sample_report / "report.json").read_bytes())
    suite = junit.find(".//testsuite")
    assert report["counts"]["failed"] == int(suite.get("failures"))
    assert report["counts"]["invalid"] == int(suite.get("errors"))
    assert [case["verdict"] for case in report["cases"]].count("passed") == report["counts"]["passed"]
    assert "\x1b[31m" in report["cases"][-1]["title"]


def test_sound_is_stereo_at_16_khz(sample_report):
    files = sorted((sample_report / "calls").glob("*.wav"))
    assert len(files) == 6
    for path in files:
        with wave.open(str(path)) as sound:
            assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, 16000)
            assert sound.getnframes() > 16000
            assert len(sound.readframes(sound.getnframes())) == sound.getnframes() * 4


def test_labels_are_spans_within_their_sound(sample_report):
    files = sorted((sample_report / "calls").glob("*.txt"))
    assert files
    for path in files:
        for line in path.read_text().splitlines():
            start, end, label = line.split("\t")
            assert 0 <= float(start) <= float(end) < 60 and label
