"""The caller in the browser: a microphone fed from WAV files on cue, and an ear on the loudspeaker."""

import base64
import time

from playwright.sync_api import expect

# Replaces the microphone before the page's own scripts run, and taps what goes to the loudspeaker.
MICROPHONE_SCRIPT = """
(() => {
  const connect = AudioNode.prototype.connect;
  let loudest = 0;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) listen(this);
    return connect.call(this, target, ...rest);
  };
  function listen(node) {
    const tap = node.context.createAnalyser();
    const samples = new Float32Array(tap.fftSize);
    connect.call(node, tap);
    setInterval(() => {
      tap.getFloatTimeDomainData(samples);
      loudest = samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), loudest);
    }, 40);
  }
  window.takeLoudestOutput = () => [loudest, (loudest = 0)][0];

  let room;
  navigator.mediaDevices.getUserMedia = async () => {
    room ??= new AudioContext({ sampleRate: 48000 });
    await room.resume();
    room.microphone = room.createMediaStreamDestination();
    return room.microphone.stream;
  };
  window.speakIntoMicrophone = async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const source = room.createBufferSource();
    source.buffer = await room.decodeAudioData(bytes.buffer);
    source.connect(room.microphone);
    const over = new Promise((resolve) => { source.onended = resolve; });
    source.start();
    window.speechOver = over;
  };
})();
"""

REFUSING_SCRIPT = """
navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException('Permission denied', 'NotAllowedError');
};
"""

# Quieter than this, 0…1, is no voice.
VOICE_PEAK_MIN = 0.03
# A turn takes half a second on an idle machine; a busy one may be a hundred times slower before a test fails.
TURN_WAIT_MS = 60_000
# An agent that says two utterances in a row listens for a moment between them: longer than this it is the caller's turn.
STEADY_S = 0.8


class Caller:
    """Holds a call on `page` the way a person would, watching what the page shows."""

    def __init__(self, page, speech):
        self.page = page
        self._speech = speech
        self._listed_before = []

    def rehearse(self, *texts):
        """Makes the speech beforehand: on cue there is no time for it."""
        for text in texts:
            self._speech(text)

    def choose(self, flow):
        self.page.select_option("#flow", flow)

    def start(self, button="#call"):
        self._listed_before = self.page.locator("#history li[data-call-id]").evaluate_all("rows => rows.map(row => row.dataset.callId)")
        self.page.locator(f"{button}:enabled").click()
        self.wait_live()

    def wait_live(self):
        self.page.locator("body[data-call-state=live]").wait_for(timeout=TURN_WAIT_MS)

    def wait_activity(self, name):
        self.page.locator(f"#activity[data-activity={name}]").wait_for(timeout=TURN_WAIT_MS)

    def wait_for_my_turn(self):
        """Returns when the agent has listened for `STEADY_S` without speaking on."""
        deadline = time.monotonic() + TURN_WAIT_MS / 1000
        steady_since = None
        while time.monotonic() < deadline:
            listening = self.page.get_attribute("#activity", "data-activity") == "listening"
            steady_since = (steady_since or time.monotonic()) if listening else None
            if steady_since and time.monotonic() - steady_since > STEADY_S:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("the agent never listened")

    def begin_to_say(self, text):
        """Returns at the first sample; `finish_saying` waits for the last."""
        self.page.evaluate("wav => speakIntoMicrophone(wav)", base64.b64encode(self._speech(text)).decode())

    def finish_saying(self):
        self.page.evaluate("() => speechOver")

    def say(self, text):
        self.begin_to_say(text)
        self.finish_saying()

    def type(self, text):
        self.page.fill("#message", text)
        self.page.press("#message", "Enter")

    def hang_up(self):
        self.page.click("#hangup")
        self.wait_ended()

    def wait_ended(self):
        self.page.locator("body[data-call-state=ended]").wait_for(timeout=TURN_WAIT_MS)

    def history_row(self):
        """The row of the call just ended: one that was not there when it began."""
        older = "".join(f":not([data-call-id='{one}'])" for one in self._listed_before)
        row = self.page.locator(f"#history li[data-call-id]{older}").first
        row.wait_for(timeout=TURN_WAIT_MS)
        return row

    def wait_turns(self, count):
        self.page.locator("#latency li[data-turn]").nth(count - 1).wait_for(timeout=TURN_WAIT_MS)

    def entries(self, selector=""):
        return self.page.locator(f"#transcript > li{selector}")

    def heard_as(self, number, words):
        """Waits until the caller's entry of that number, from 0, has `words` for good."""
        expect(self.entries("[data-role=caller][data-final=true]").nth(number)).to_contain_text(words, ignore_case=True)

    def wait_entries(self, count, selector=""):
        self.entries(selector).nth(count - 1).wait_for(timeout=TURN_WAIT_MS)
