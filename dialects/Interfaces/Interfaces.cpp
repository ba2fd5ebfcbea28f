#include "dialects/Interfaces/Interfaces.h"
#include "dialects/Interfaces/Interfaces.cpp.inc"
