#include "CSilero.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

// Eight floats, aligned as one float is; the compiler splits them where the machine's vectors are shorter.
typedef float Vector __attribute__((vector_size(32), aligned(4), may_alias));
enum { Lanes = 8 };

// Outputs that are computed side by side, so that eight vectors of sums stay in registers: for four rows, two rows, one row.
enum { Panel4 = 16, Panel2 = 32, Panel1 = 64 };

enum { Bins = 129, Hidden = 128, Gates = 512, Context = 64, Frames = 4 };
enum { TransformDepth = 256, TransformHop = 128, TransformWidth = 272 };

// Where each part lies in the packed weights.
enum {
  Transform = 0,
  Weights0 = Transform + TransformWidth * TransformDepth,
  Weights1 = Weights0 + 128 * 3 * Bins,
  Weights2 = Weights1 + 64 * 3 * 128,
  Weights3 = Weights2 + 64 * 2 * 64,
  WeightsLSTM = Weights3 + 128 * 64,
  Bias0 = WeightsLSTM + Gates * 2 * Hidden,
  Bias1 = Bias0 + 128,
  Bias2 = Bias1 + 64,
  Bias3 = Bias2 + 64,
  BiasLSTM = Bias3 + 128,
  WeightsSum = BiasLSTM + Gates,
  BiasSum = WeightsSum + Hidden,
  End = BiasSum + 1,
};
_Static_assert(End == SileroWeights, "the header says how much room the weights take");

// MARK: - Packing

// One convolution's weights [outputs, channels, taps], of which only the taps from `first` are kept: the others meet padding.
static float *pack(const float *tensor, int outputs, int channels, int taps, int first, int kept, int panel, float *to) {
  for (int start = 0; start < outputs; start += panel)
    for (int tap = first; tap < first + kept; tap++)
      for (int channel = 0; channel < channels; channel++)
        for (int output = start; output < start + panel; output++)
          *to++ = output < outputs ? tensor[(output * channels + channel) * taps + tap] : 0;
  return to;
}

void silero_pack(const float *const *tensors, float *weights) {
  // With one channel the 256 taps are the depth, in order.
  pack(tensors[0], 2 * Bins, 1, TransformDepth, 0, TransformDepth, Panel4, weights + Transform);
  pack(tensors[1], 128, Bins, 3, 0, 3, Panel4, weights + Weights0);
  pack(tensors[3], 64, 128, 3, 0, 3, Panel2, weights + Weights1);
  pack(tensors[5], 64, 64, 3, 1, 2, Panel1, weights + Weights2);
  pack(tensors[7], 128, 64, 3, 1, 1, Panel1, weights + Weights3);
  float *to = weights + WeightsLSTM;
  for (int start = 0; start < Gates; start += Panel1) {
    for (int part = 0; part < 2; part++)
      for (int channel = 0; channel < Hidden; channel++)
        for (int output = start; output < start + Panel1; output++)
          *to++ = tensors[9 + part][output * Hidden + channel];
  }
  memcpy(weights + Bias0, tensors[2], 128 * sizeof(float));
  memcpy(weights + Bias1, tensors[4], 64 * sizeof(float));
  memcpy(weights + Bias2, tensors[6], 64 * sizeof(float));
  memcpy(weights + Bias3, tensors[8], 128 * sizeof(float));
  for (int gate = 0; gate < Gates; gate++) weights[BiasLSTM + gate] = tensors[11][gate] + tensors[12][gate];
  memcpy(weights + WeightsSum, tensors[13], Hidden * sizeof(float));
  weights[BiasSum] = tensors[14][0];
}

// MARK: - The network

// y[row][output] = bias[output] + Σ weights[depth][output] · x[row · hop + depth], for packed weights. `rows` and `panel` are
// constants where this is used, so that the inner loops vanish and the sums stay in registers.
static inline __attribute__((always_inline)) void multiply(
    const float *weights, const float *bias, const float *x, size_t hop, const int rows, size_t depth, size_t panels,
    const int panel, float *y, size_t stride) {
  const int vectors = panel / Lanes;
  for (size_t index = 0; index < panels; index++, weights += depth * panel) {
    Vector sums[8];
    for (int row = 0; row < rows; row++)
      for (int vector = 0; vector < vectors; vector++)
        sums[row * vectors + vector] =
            bias ? *(const Vector *)(bias + index * panel + vector * Lanes) : (Vector){0};
    for (size_t at = 0; at < depth; at++) {
      for (int vector = 0; vector < vectors; vector++) {
        const Vector weight = *(const Vector *)(weights + at * panel + vector * Lanes);
        for (int row = 0; row < rows; row++) sums[row * vectors + vector] += weight * x[row * hop + at];
      }
    }
    for (int row = 0; row < rows; row++)
      for (int vector = 0; vector < vectors; vector++)
        *(Vector *)(y + row * stride + index * panel + vector * Lanes) = sums[row * vectors + vector];
  }
}

static inline __attribute__((always_inline)) void rectify(float *values, size_t count) {
  for (size_t index = 0; index < count; index++) values[index] = values[index] > 0 ? values[index] : 0;
}

static inline float sigmoid(float x) { return 1 / (1 + expf(-x)); }

// Gates in the order of the model: input, forget, cell, output.
static inline __attribute__((always_inline)) void remember(const float *gates, float *hidden, float *cell) {
  for (int unit = 0; unit < Hidden; unit++) {
    const float input = sigmoid(gates[unit]), forget = sigmoid(gates[Hidden + unit]);
    const float fresh = tanhf(gates[2 * Hidden + unit]), output = sigmoid(gates[3 * Hidden + unit]);
    cell[unit] = forget * cell[unit] + input * fresh;
    hidden[unit] = output * tanhf(cell[unit]);
  }
}

static inline __attribute__((always_inline)) float step(const float *weights, float *memory, const int16_t *window) {
  float *hidden = memory, *cell = memory + Hidden, *context = memory + 2 * Hidden;

  // 64 samples of before, the window, and its last 64 samples mirrored at its last one.
  float sound[Context + SileroWindow + Context];
  memcpy(sound, context, Context * sizeof(float));
  for (int index = 0; index < SileroWindow; index++) sound[Context + index] = (float)window[index] / 32768;
  float *end = sound + Context + SileroWindow;
  for (int index = 0; index < Context; index++) end[index] = end[-2 - index];
  memcpy(context, end - Context, Context * sizeof(float));

  float spectrum[Frames][TransformWidth];
  multiply(weights + Transform, NULL, sound, TransformHop, Frames, TransformDepth, TransformWidth / Panel4, Panel4,
           spectrum[0], TransformWidth);
  // A frame of zeros before and one behind, as the convolution pads.
  float magnitudes[Frames + 2][Bins] = {{0}};
  for (int frame = 0; frame < Frames; frame++)
    for (int bin = 0; bin < Bins; bin++) {
      const float real = spectrum[frame][bin], imaginary = spectrum[frame][Bins + bin];
      magnitudes[frame + 1][bin] = sqrtf(real * real + imaginary * imaginary);
    }

  // The second convolution takes every other of its four frames and sees one frame of zeros before them; the third does the
  // same with two frames; the fourth has one frame between two of zeros.
  float first[1 + Frames][128] = {{0}}, second[2][64], third[64], gates[Gates], seen[2 * Hidden];
  multiply(weights + Weights0, weights + Bias0, magnitudes[0], Bins, Frames, 3 * Bins, 128 / Panel4, Panel4, first[1], 128);
  rectify(first[1], Frames * 128);
  multiply(weights + Weights1, weights + Bias1, first[0], 2 * 128, 2, 3 * 128, 64 / Panel2, Panel2, second[0], 64);
  rectify(second[0], 2 * 64);
  multiply(weights + Weights2, weights + Bias2, second[0], 0, 1, 2 * 64, 64 / Panel1, Panel1, third, 64);
  rectify(third, 64);
  multiply(weights + Weights3, weights + Bias3, third, 0, 1, 64, 128 / Panel1, Panel1, seen, Hidden);
  rectify(seen, Hidden);

  memcpy(seen + Hidden, hidden, Hidden * sizeof(float));
  multiply(weights + WeightsLSTM, weights + BiasLSTM, seen, 0, 1, 2 * Hidden, Gates / Panel1, Panel1, gates, Gates);
  remember(gates, hidden, cell);

  float sum = weights[BiasSum];
  for (int unit = 0; unit < Hidden; unit++) sum += weights[WeightsSum + unit] * (hidden[unit] > 0 ? hidden[unit] : 0);
  return sigmoid(sum);
}

#if defined(__x86_64__)
// Debian's x86-64 may not have these vectors, nearly every machine in use has.
__attribute__((target("avx2,fma"))) static float step_avx2(const float *weights, float *memory, const int16_t *window) {
  return step(weights, memory, window);
}

float silero_probability(const float *weights, float *memory, const int16_t *window) {
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return step_avx2(weights, memory, window);
  return step(weights, memory, window);
}
#else
float silero_probability(const float *weights, float *memory, const int16_t *window) {
  return step(weights, memory, window);
}
#endif
