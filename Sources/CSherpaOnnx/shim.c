#include "CSherpaOnnx.h"
