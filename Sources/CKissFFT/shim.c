#include "CKissFFT.h"
