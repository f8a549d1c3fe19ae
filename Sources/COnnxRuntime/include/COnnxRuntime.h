#ifndef COnnxRuntime_H
#define COnnxRuntime_H

#include <stddef.h>
#include <stdint.h>

// ONNX Runtime, opened at run time from the engine folder. No package of Debian 12 and no wheel ships its header; its C API
// is an append-only table of function pointers, so shim.c declares the slots it uses, by index, for API version 17.

/// One loaded library with its environment. Lives until the process ends.
typedef struct OnnxRuntime OnnxRuntime;
/// A model ready to run; may be run by several threads at once.
typedef struct OnnxSession OnnxSession;
/// A tensor: either over the caller's memory, or made by a run.
typedef struct OnnxTensor OnnxTensor;

enum { OnnxElementFloat = 1, OnnxElementInt64 = 7 };

/// Opens the library at `path`. NULL when it cannot be loaded or is too old.
OnnxRuntime *onnx_open(const char *path);

/// Loads a model with one intra-op and one inter-op thread. 0 or ONNX Runtime's error code.
int onnx_load(OnnxRuntime *runtime, const char *path, OnnxSession **session);
void onnx_unload(OnnxRuntime *runtime, OnnxSession *session);

/// Wraps `bytes` of the caller's memory, which must outlive the tensor.
int onnx_tensor(OnnxRuntime *runtime, void *data, size_t bytes, const int64_t *shape, size_t dimensions, int element,
                OnnxTensor **tensor);
void onnx_tensor_release(OnnxRuntime *runtime, OnnxTensor *tensor);
/// The tensor's values and how many there are.
int onnx_tensor_values(OnnxRuntime *runtime, OnnxTensor *tensor, float **values, size_t *count);

/// Runs the model. An entry of `outputs` that is not NULL receives the values; a NULL entry is replaced by a new tensor.
int onnx_run(OnnxRuntime *runtime, OnnxSession *session, const char *const *input_names, OnnxTensor *const *inputs,
             size_t input_count, const char *const *output_names, size_t output_count, OnnxTensor **outputs);
#endif
