"""Measures how far the estimated times of words are from the true ones, against a running server.

    word_times.py [http://127.0.0.1:8080]

eSpeak NG (libespeak-ng) speaks 12 sentences by two voices at three rates and tells at which millisecond each word begins; the server is
asked for the times of the same words. Prints the median, the 90th percentile and the largest error of the words' beginnings.
"""
import ctypes
import difflib
import io
import json
import sys
import urllib.request
import wave

SENTENCES = [
    "Good morning, thank you for calling the city library. How can I help you today?",
    "Please hold the line while I look for your account.",
    "I would like to book a table for two people on Friday evening, if that is possible.",
    "The quick brown fox jumps over the lazy dog.",
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness.",
    "My name is Peter, and I am calling about the invoice that you sent me last week.",
    "No, I never ordered that. Please send it back and return the money to my bank.",
    "The train leaves at seven in the morning and arrives before noon.",
    "Could you please repeat the last sentence, because the line was very bad?",
    "We are open from Monday to Friday, and closed at the weekend.",
    "The doctor is not available this week, but her colleague can see you on Tuesday.",
    "Yes, that sounds good. Thank you very much for your help, and have a nice day.",
]
VOICES, WORDS_PER_MINUTE = ["en-us", "en-gb"], [150, 175, 220]
# speak_lib.h: AUDIO_OUTPUT_RETRIEVAL, POS_CHARACTER, espeakCHARS_UTF8, espeakRATE, espeakEVENT_WORD.
RETRIEVAL, CHARACTERS, UTF8, RATE, WORD = 1, 1, 1, 1, 1
BOUNDARY = "a-boundary-of-the-form"


class Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int), ("identifier", ctypes.c_uint), ("place", ctypes.c_int), ("length", ctypes.c_int),
        ("milliseconds", ctypes.c_int), ("sample", ctypes.c_int), ("user", ctypes.c_void_p), ("name", ctypes.c_char * 8)]


class Speaker:
    def __init__(self):
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        self.sample_rate = self._library.espeak_Initialize(RETRIEVAL, 200, None, 0)
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
        self._callback = kind(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text, voice, words_per_minute):
        """Returns samples, and each word with the second at which it begins."""
        self._sound, self._words, self._text = b"", [], text
        self._library.espeak_SetVoiceByName(voice.encode())
        self._library.espeak_SetParameter(RATE, words_per_minute, 0)
        self._library.espeak_Synth(text.encode(), len(text) + 1, 0, CHARACTERS, 0, UTF8, None, None)
        self._library.espeak_Synchronize()
        return self._sound, self._words

    def _take(self, samples, count, events):
        if samples and count > 0:
            self._sound += ctypes.string_at(samples, 2 * count)
        index = 0
        while events[index].type:
            event = events[index]
            if event.type == WORD:
                word = self._text[event.place - 1:event.place - 1 + event.length]
                self._words.append((word, event.milliseconds / 1000))
            index += 1
        return 0


def heard(server, samples, sample_rate):
    """What the server hears: each word with the second at which it begins."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, sample_rate, 0, "NONE", ""))
        writer.writeframes(samples)
    fields = {"model": "whisper-1", "response_format": "verbose_json", "timestamp_granularities[]": "word"}
    form = "".join(f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    form += f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
    body = form.encode() + file.getvalue() + f"\r\n--{BOUNDARY}--\r\n".encode()
    request = urllib.request.Request(
        f"{server}/v1/audio/transcriptions", body, {"content-type": f"multipart/form-data; boundary={BOUNDARY}"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return [(word["word"], word["start"]) for word in json.load(answer)["words"]]


def errors(said, told):
    """By how many seconds each word that was understood is told too late."""
    said_words, told_words = ([word.lower() for word, _ in words] for words in (said, told))
    blocks = difflib.SequenceMatcher(None, said_words, told_words, autojunk=False).get_matching_blocks()
    return [told[block.b + i][1] - said[block.a + i][1] for block in blocks for i in range(block.size)]


def main():
    server = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
    speaker = Speaker()
    print("voice  words/min  words  median  90 %  largest, in milliseconds")
    for voice in VOICES:
        for rate in WORDS_PER_MINUTE:
            off = []
            for sentence in SENTENCES:
                samples, said = speaker.speak(sentence, voice, rate)
                off += errors(said, heard(server, samples, speaker.sample_rate))
            sizes = sorted(abs(error) * 1000 for error in off)
            print(f"{voice:6} {rate:9} {len(sizes):6} {sizes[len(sizes) // 2]:7.0f} {sizes[len(sizes) * 9 // 10]:5.0f} {sizes[-1]:8.0f}")


if __name__ == "__main__":
    main()
