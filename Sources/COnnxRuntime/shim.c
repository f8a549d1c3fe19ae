#include "COnnxRuntime.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

// Slot numbers of OrtApi, counted in the published onnxruntime_c_api.h; entries are only ever appended.
enum {
  CreateEnv = 3,
  CreateSession = 7,
  Run = 9,
  CreateSessionOptions = 10,
  SetGraphOptimizationLevel = 23,
  SetIntraOpNumThreads = 24,
  SetInterOpNumThreads = 25,
  CreateTensorWithDataAsOrtValue = 49,
  GetTensorMutableData = 51,
  GetTensorShapeElementCount = 64,
  GetTensorTypeAndShape = 65,
  CreateCpuMemoryInfo = 69,
  ReleaseStatus = 93,
  ReleaseSession = 95,
  ReleaseValue = 96,
  ReleaseTensorTypeAndShapeInfo = 99,
  ReleaseSessionOptions = 100,
  GetErrorCode = 1,
};
enum { API_VERSION = 17, LOG_LEVEL_ERROR = 3, OPTIMIZE_ALL = 99, DEVICE_ALLOCATOR = 0, MEMORY_DEFAULT = 0 };

typedef void Status;
struct ApiBase {
  const void *(*get_api)(uint32_t version);
  const char *(*get_version)(void);
};
struct OnnxRuntime {
  void *const *slots;
  void *environment;
  void *memory;
};

#define SLOT(runtime, index, type) ((type)(runtime)->slots[index])

/// Releases the status and returns its code; 0 for success.
static int finish(OnnxRuntime *runtime, Status *status) {
  if (!status) return 0;
  int code = SLOT(runtime, GetErrorCode, int (*)(const Status *))(status);
  SLOT(runtime, ReleaseStatus, void (*)(Status *))(status);
  return code ? code : 1;
}

OnnxRuntime *onnx_open(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  const struct ApiBase *(*base)(void) = library ? (const struct ApiBase *(*)(void))dlsym(library, "OrtGetApiBase") : NULL;
  const void *api = base ? base()->get_api(API_VERSION) : NULL;
  OnnxRuntime *runtime = api ? calloc(1, sizeof(OnnxRuntime)) : NULL;
  if (!runtime) return NULL;
  runtime->slots = api;
  int failed =
      finish(runtime, SLOT(runtime, CreateEnv, Status * (*)(int, const char *, void **))(LOG_LEVEL_ERROR, "voiceforge", &runtime->environment)) ||
      finish(runtime,
             SLOT(runtime, CreateCpuMemoryInfo, Status * (*)(int, int, void **))(DEVICE_ALLOCATOR, MEMORY_DEFAULT, &runtime->memory));
  if (failed) {
    free(runtime);
    return NULL;
  }
  return runtime;
}

int onnx_load(OnnxRuntime *runtime, const char *path, OnnxSession **session) {
  void *options = NULL;
  int code = finish(runtime, SLOT(runtime, CreateSessionOptions, Status * (*)(void **))(&options));
  if (code) return code;
  typedef Status *(*Set)(void *, int);
  code = finish(runtime, SLOT(runtime, SetIntraOpNumThreads, Set)(options, 1));
  if (!code) code = finish(runtime, SLOT(runtime, SetInterOpNumThreads, Set)(options, 1));
  if (!code) code = finish(runtime, SLOT(runtime, SetGraphOptimizationLevel, Set)(options, OPTIMIZE_ALL));
  if (!code) {
    typedef Status *(*Create)(void *, const char *, const void *, OnnxSession **);
    code = finish(runtime, SLOT(runtime, CreateSession, Create)(runtime->environment, path, options, session));
  }
  SLOT(runtime, ReleaseSessionOptions, void (*)(void *))(options);
  return code;
}

void onnx_unload(OnnxRuntime *runtime, OnnxSession *session) {
  SLOT(runtime, ReleaseSession, void (*)(OnnxSession *))(session);
}

int onnx_tensor(OnnxRuntime *runtime, void *data, size_t bytes, const int64_t *shape, size_t dimensions, int element,
                OnnxTensor **tensor) {
  typedef Status *(*Create)(const void *, void *, size_t, const int64_t *, size_t, int, OnnxTensor **);
  return finish(runtime,
                SLOT(runtime, CreateTensorWithDataAsOrtValue, Create)(runtime->memory, data, bytes, shape, dimensions, element, tensor));
}

void onnx_tensor_release(OnnxRuntime *runtime, OnnxTensor *tensor) {
  SLOT(runtime, ReleaseValue, void (*)(OnnxTensor *))(tensor);
}

int onnx_tensor_values(OnnxRuntime *runtime, OnnxTensor *tensor, float **values, size_t *count) {
  void *shape = NULL;
  int code = finish(runtime, SLOT(runtime, GetTensorTypeAndShape, Status * (*)(const OnnxTensor *, void **))(tensor, &shape));
  if (code) return code;
  code = finish(runtime, SLOT(runtime, GetTensorShapeElementCount, Status * (*)(const void *, size_t *))(shape, count));
  SLOT(runtime, ReleaseTensorTypeAndShapeInfo, void (*)(void *))(shape);
  if (code) return code;
  return finish(runtime, SLOT(runtime, GetTensorMutableData, Status * (*)(OnnxTensor *, void **))(tensor, (void **)values));
}

int onnx_run(OnnxRuntime *runtime, OnnxSession *session, const char *const *input_names, OnnxTensor *const *inputs,
             size_t input_count, const char *const *output_names, size_t output_count, OnnxTensor **outputs) {
  typedef Status *(*RunModel)(OnnxSession *, const void *, const char *const *, OnnxTensor *const *, size_t, const char *const *,
                              size_t, OnnxTensor **);
  return finish(runtime,
                SLOT(runtime, Run, RunModel)(session, NULL, input_names, inputs, input_count, output_names, output_count, outputs));
}
