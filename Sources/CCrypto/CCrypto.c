// The functions are in the header.
#include "CCrypto.h"
