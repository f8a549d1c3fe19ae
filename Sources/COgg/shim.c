#include "COgg.h"
