// Written by Sources/setup/embed.py; run it when there is a new file.
#include "CPage.h"

static const unsigned char file0[] = {
#embed "../../Samples/flows/appointment.yaml"
};
static const unsigned char file1[] = {
#embed "../../Samples/flows/order-status.yaml"
};
static const unsigned char file2[] = {
#embed "../../Samples/flows/support-triage.yaml"
};
static const unsigned char file3[] = {
#embed "../../Samples/load/flows/story.yaml"
};
static const unsigned char file4[] = {
#embed "../../Samples/load/media-plane.yaml"
};
static const unsigned char file5[] = {
#embed "../../Samples/load/uncompressed.yaml"
};
static const unsigned char file6[] = {
#embed "../../Samples/testcases/appointment.yaml"
};
static const unsigned char file7[] = {
#embed "../../Samples/testcases/manners.yaml"
};
static const unsigned char file8[] = {
#embed "../../Samples/testcases/must-fail.yaml"
};
static const unsigned char file9[] = {
#embed "../../Samples/testcases/order-status.yaml"
};
static const unsigned char file10[] = {
#embed "../../Samples/testcases/predecessor.json"
};
static const unsigned char file11[] = {
#embed "../../Samples/testcases/support-triage.yaml"
};
static const unsigned char file12[] = {
#embed "../../Samples/testcases/worlds.yaml"
};
static const unsigned char file13[] = {
#embed "../../web/favicon.svg"
};
static const unsigned char file14[] = {
#embed "../../web/flows.css"
};
static const unsigned char file15[] = {
#embed "../../web/flows.html"
};
static const unsigned char file16[] = {
#embed "../../web/index.html"
};
static const unsigned char file17[] = {
#embed "../../web/js/agents.js"
};
static const unsigned char file18[] = {
#embed "../../web/js/api.js"
};
static const unsigned char file19[] = {
#embed "../../web/js/ask.js"
};
static const unsigned char file20[] = {
#embed "../../web/js/audio.js"
};
static const unsigned char file21[] = {
#embed "../../web/js/bars.js"
};
static const unsigned char file22[] = {
#embed "../../web/js/call.js"
};
static const unsigned char file23[] = {
#embed "../../web/js/codec.js"
};
static const unsigned char file24[] = {
#embed "../../web/js/dom.js"
};
static const unsigned char file25[] = {
#embed "../../web/js/editor.js"
};
static const unsigned char file26[] = {
#embed "../../web/js/flow.js"
};
static const unsigned char file27[] = {
#embed "../../web/js/flowapi.js"
};
static const unsigned char file28[] = {
#embed "../../web/js/flowcheck.js"
};
static const unsigned char file29[] = {
#embed "../../web/js/flowconflict.js"
};
static const unsigned char file30[] = {
#embed "../../web/js/flowlines.js"
};
static const unsigned char file31[] = {
#embed "../../web/js/flows.js"
};
static const unsigned char file32[] = {
#embed "../../web/js/flowstore.js"
};
static const unsigned char file33[] = {
#embed "../../web/js/flowtrial.js"
};
static const unsigned char file34[] = {
#embed "../../web/js/flowversions.js"
};
static const unsigned char file35[] = {
#embed "../../web/js/heard.js"
};
static const unsigned char file36[] = {
#embed "../../web/js/history.js"
};
static const unsigned char file37[] = {
#embed "../../web/js/key.js"
};
static const unsigned char file38[] = {
#embed "../../web/js/keypad.js"
};
static const unsigned char file39[] = {
#embed "../../web/js/keys.js"
};
static const unsigned char file40[] = {
#embed "../../web/js/layout.js"
};
static const unsigned char file41[] = {
#embed "../../web/js/load.js"
};
static const unsigned char file42[] = {
#embed "../../web/js/loadform.js"
};
static const unsigned char file43[] = {
#embed "../../web/js/loadview.js"
};
static const unsigned char file44[] = {
#embed "../../web/js/loadwatch.js"
};
static const unsigned char file45[] = {
#embed "../../web/js/loadwords.js"
};
static const unsigned char file46[] = {
#embed "../../web/js/main.js"
};
static const unsigned char file47[] = {
#embed "../../web/js/microphone.js"
};
static const unsigned char file48[] = {
#embed "../../web/js/notices.js"
};
static const unsigned char file49[] = {
#embed "../../web/js/plot.js"
};
static const unsigned char file50[] = {
#embed "../../web/js/protocol.js"
};
static const unsigned char file51[] = {
#embed "../../web/js/readiness.js"
};
static const unsigned char file52[] = {
#embed "../../web/js/recording.js"
};
static const unsigned char file53[] = {
#embed "../../web/js/resample.js"
};
static const unsigned char file54[] = {
#embed "../../web/js/runner.js"
};
static const unsigned char file55[] = {
#embed "../../web/js/sampleplayer.js"
};
static const unsigned char file56[] = {
#embed "../../web/js/stage.js"
};
static const unsigned char file57[] = {
#embed "../../web/js/testcases.js"
};
static const unsigned char file58[] = {
#embed "../../web/js/testruns.js"
};
static const unsigned char file59[] = {
#embed "../../web/js/tests.js"
};
static const unsigned char file60[] = {
#embed "../../web/js/testviews.js"
};
static const unsigned char file61[] = {
#embed "../../web/js/textdiff.js"
};
static const unsigned char file62[] = {
#embed "../../web/js/timeline.js"
};
static const unsigned char file63[] = {
#embed "../../web/js/transcript.js"
};
static const unsigned char file64[] = {
#embed "../../web/js/usage.js"
};
static const unsigned char file65[] = {
#embed "../../web/js/usagewords.js"
};
static const unsigned char file66[] = {
#embed "../../web/js/verdict.js"
};
static const unsigned char file67[] = {
#embed "../../web/js/voices.js"
};
static const unsigned char file68[] = {
#embed "../../web/js/voicewords.js"
};
static const unsigned char file69[] = {
#embed "../../web/js/waveform.js"
};
static const unsigned char file70[] = {
#embed "../../web/js/words.js"
};
static const unsigned char file71[] = {
#embed "../../web/js/worker.js"
};
static const unsigned char file72[] = {
#embed "../../web/keys.html"
};
static const unsigned char file73[] = {
#embed "../../web/load.html"
};
static const unsigned char file74[] = {
#embed "../../web/style.css"
};
static const unsigned char file75[] = {
#embed "../../web/tests.html"
};
static const unsigned char file76[] = {
#embed "../../web/usage.css"
};
static const unsigned char file77[] = {
#embed "../../web/usage.html"
};
static const unsigned char file78[] = {
#embed "../../web/voices.html"
};
static const unsigned char file79[] = {
#embed "../../web/worklets/capture.js"
};
static const unsigned char file80[] = {
#embed "../../web/worklets/jitter-buffer.js"
};
static const unsigned char file81[] = {
#embed "../../web/worklets/playback.js"
};

static const struct embedded_file files[] = {
  {"Samples/flows/appointment.yaml", file0, sizeof file0},
  {"Samples/flows/order-status.yaml", file1, sizeof file1},
  {"Samples/flows/support-triage.yaml", file2, sizeof file2},
  {"Samples/load/flows/story.yaml", file3, sizeof file3},
  {"Samples/load/media-plane.yaml", file4, sizeof file4},
  {"Samples/load/uncompressed.yaml", file5, sizeof file5},
  {"Samples/testcases/appointment.yaml", file6, sizeof file6},
  {"Samples/testcases/manners.yaml", file7, sizeof file7},
  {"Samples/testcases/must-fail.yaml", file8, sizeof file8},
  {"Samples/testcases/order-status.yaml", file9, sizeof file9},
  {"Samples/testcases/predecessor.json", file10, sizeof file10},
  {"Samples/testcases/support-triage.yaml", file11, sizeof file11},
  {"Samples/testcases/worlds.yaml", file12, sizeof file12},
  {"web/favicon.svg", file13, sizeof file13},
  {"web/flows.css", file14, sizeof file14},
  {"web/flows.html", file15, sizeof file15},
  {"web/index.html", file16, sizeof file16},
  {"web/js/agents.js", file17, sizeof file17},
  {"web/js/api.js", file18, sizeof file18},
  {"web/js/ask.js", file19, sizeof file19},
  {"web/js/audio.js", file20, sizeof file20},
  {"web/js/bars.js", file21, sizeof file21},
  {"web/js/call.js", file22, sizeof file22},
  {"web/js/codec.js", file23, sizeof file23},
  {"web/js/dom.js", file24, sizeof file24},
  {"web/js/editor.js", file25, sizeof file25},
  {"web/js/flow.js", file26, sizeof file26},
  {"web/js/flowapi.js", file27, sizeof file27},
  {"web/js/flowcheck.js", file28, sizeof file28},
  {"web/js/flowconflict.js", file29, sizeof file29},
  {"web/js/flowlines.js", file30, sizeof file30},
  {"web/js/flows.js", file31, sizeof file31},
  {"web/js/flowstore.js", file32, sizeof file32},
  {"web/js/flowtrial.js", file33, sizeof file33},
  {"web/js/flowversions.js", file34, sizeof file34},
  {"web/js/heard.js", file35, sizeof file35},
  {"web/js/history.js", file36, sizeof file36},
  {"web/js/key.js", file37, sizeof file37},
  {"web/js/keypad.js", file38, sizeof file38},
  {"web/js/keys.js", file39, sizeof file39},
  {"web/js/layout.js", file40, sizeof file40},
  {"web/js/load.js", file41, sizeof file41},
  {"web/js/loadform.js", file42, sizeof file42},
  {"web/js/loadview.js", file43, sizeof file43},
  {"web/js/loadwatch.js", file44, sizeof file44},
  {"web/js/loadwords.js", file45, sizeof file45},
  {"web/js/main.js", file46, sizeof file46},
  {"web/js/microphone.js", file47, sizeof file47},
  {"web/js/notices.js", file48, sizeof file48},
  {"web/js/plot.js", file49, sizeof file49},
  {"web/js/protocol.js", file50, sizeof file50},
  {"web/js/readiness.js", file51, sizeof file51},
  {"web/js/recording.js", file52, sizeof file52},
  {"web/js/resample.js", file53, sizeof file53},
  {"web/js/runner.js", file54, sizeof file54},
  {"web/js/sampleplayer.js", file55, sizeof file55},
  {"web/js/stage.js", file56, sizeof file56},
  {"web/js/testcases.js", file57, sizeof file57},
  {"web/js/testruns.js", file58, sizeof file58},
  {"web/js/tests.js", file59, sizeof file59},
  {"web/js/testviews.js", file60, sizeof file60},
  {"web/js/textdiff.js", file61, sizeof file61},
  {"web/js/timeline.js", file62, sizeof file62},
  {"web/js/transcript.js", file63, sizeof file63},
  {"web/js/usage.js", file64, sizeof file64},
  {"web/js/usagewords.js", file65, sizeof file65},
  {"web/js/verdict.js", file66, sizeof file66},
  {"web/js/voices.js", file67, sizeof file67},
  {"web/js/voicewords.js", file68, sizeof file68},
  {"web/js/waveform.js", file69, sizeof file69},
  {"web/js/words.js", file70, sizeof file70},
  {"web/js/worker.js", file71, sizeof file71},
  {"web/keys.html", file72, sizeof file72},
  {"web/load.html", file73, sizeof file73},
  {"web/style.css", file74, sizeof file74},
  {"web/tests.html", file75, sizeof file75},
  {"web/usage.css", file76, sizeof file76},
  {"web/usage.html", file77, sizeof file77},
  {"web/voices.html", file78, sizeof file78},
  {"web/worklets/capture.js", file79, sizeof file79},
  {"web/worklets/jitter-buffer.js", file80, sizeof file80},
  {"web/worklets/playback.js", file81, sizeof file81},
};

const struct embedded_file *embedded_files(void) { return files; }
size_t embedded_files_count(void) { return sizeof files / sizeof files[0]; }
