"""WebM with Opus out of a browser's MediaRecorder is transcribed as it comes: in clusters, without a length."""

import base64

import pytest

from caller import MICROPHONE_SCRIPT

TEXT = "Good morning, thank you for calling the city library."

# Records while the sentence is spoken, in pieces as recorders of pages do, and sends the file from the page itself.
RECORD_AND_SEND = """
async ([speech, type, route]) => {
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(microphone, { mimeType: type });
  const pieces = [];
  recorder.ondataavailable = (event) => pieces.push(event.data);
  const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start(250);
  await window.speakIntoMicrophone(speech);
  await window.speechOver;
  recorder.stop();
  await stopped;
  const file = new Blob(pieces, { type: recorder.mimeType });
  const form = new FormData();
  form.append('model', 'whisper-1');
  form.append('file', file, 'recording.webm');
  const answer = await fetch(route, { method: 'POST', body: route.startsWith('/v1/') ? form : file });
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  return { pieces: pieces.length, type: file.type, start: [...start], status: answer.status, document: await answer.json() };
}
"""


def words(text):
    return {"".join(letter for letter in word.lower() if letter.isalnum()) for word in text.split()}


@pytest.mark.parametrize("route", ["/v1/audio/transcriptions", "/api/stt"])
def test_a_recording_of_the_browser_is_transcribed(server, open_page, speech, route):
    page = open_page(server.url, script=MICROPHONE_SCRIPT)
    sound = base64.b64encode(speech(TEXT)).decode()
    made = page.evaluate(RECORD_AND_SEND, [sound, "audio/webm;codecs=opus", route])
    assert made["start"] == [0x1A, 0x45, 0xDF, 0xA3] and made["type"].startswith("audio/webm"), made
    assert made["pieces"] > 3 and made["status"] == 200, made
    assert len(words(made["document"]["text"]) ^ words(TEXT)) <= 1, made
    assert page.errors == []
