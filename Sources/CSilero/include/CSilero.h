#ifndef CSilero_H
#define CSilero_H

#include <stdint.h>

// The network of Silero VAD 5 and 6 for 16 kHz: a Fourier transform written as a convolution, four convolutions with ReLU, one
// LSTM cell, and a weighted sum through a sigmoid. In C for its vectors: the same speed in debug and release builds.

enum {
  /// Samples of one window: 32 ms.
  SileroWindow = 512,
  /// Floats that one listener keeps: 128 of hidden state, 128 of cell state, the last 64 samples.
  SileroMemory = 320,
  /// Tensors of the model, in the order of `silero_pack`.
  SileroTensors = 15,
  /// Floats of the packed weights.
  SileroWeights = 69632 + 49536 + 24576 + 8192 + 8192 + 131072 + 128 + 64 + 64 + 128 + 512 + 128 + 1,
};

/// Lays the model's tensors out as `silero_probability` reads them.
///
/// `tensors`, each row-major as in the model file: the transform [258, 1, 256]; weights and biases of the convolutions
/// [128, 129, 3], [128], [64, 128, 3], [64], [64, 64, 3], [64], [128, 64, 3], [128]; of the LSTM for its input [512, 128], for its
/// state [512, 128], and a bias for each [512], [512]; of the sum [128], [1]. `weights` has room for `SileroWeights` floats.
void silero_pack(const float *const *tensors, float *weights);

/// Takes in one window and tells how likely it holds speech, 0 … 1. `memory` is all zero at the start. Uses 17 KB of stack and
/// nothing else; safe for several threads with a memory each.
float silero_probability(const float *weights, float *memory, const int16_t *window);

#endif
