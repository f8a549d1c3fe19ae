"""The caller in the browser: a microphone fed from WAV files on cue, and an ear on the loudspeaker."""

import base64

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

TURN_WAIT_MS = 30_000


class Caller:
    """Holds a call on `page` the way a person would, watching what the page shows."""

    def __init__(self, page, speech):
        self.page = page
        self._speech = speech

    def choose(self, flow):
        self.page.select_option("#flow", flow)

    def start(self, button="#call"):
        self.page.locator(f"{button}:enabled").click()
        self.wait_live()

    def wait_live(self):
        self.page.locator("body[data-call-state=live]").wait_for(timeout=TURN_WAIT_MS)

    def wait_activity(self, name):
        self.page.locator(f"#activity[data-activity={name}]").wait_for(timeout=TURN_WAIT_MS)

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

    def wait_turns(self, count):
        self.page.locator("#latency li[data-turn]").nth(count - 1).wait_for(timeout=TURN_WAIT_MS)

    def entries(self, selector=""):
        return self.page.locator(f"#transcript > li{selector}")

    def wait_entries(self, count, selector=""):
        self.entries(selector).nth(count - 1).wait_for(timeout=TURN_WAIT_MS)
