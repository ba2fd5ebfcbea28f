// The burin dialect: all families. Burin.md says why they are as they are.
#ifndef BURIN_DIALECT
#define BURIN_DIALECT
include "dialects/Burin/Base.td"
include "dialects/Burin/Pointwise.td"
include "dialects/Burin/Shape.td"
include "dialects/Burin/Contract.td"
include "dialects/Burin/Reduce.td"
include "dialects/Burin/Index.td"
include "dialects/Burin/Window.td"
include "dialects/Burin/Random.td"
include "dialects/Burin/Control.td"
#endif
