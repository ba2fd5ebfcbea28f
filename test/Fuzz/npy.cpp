// Any bytes as a .npy file: it is read as each type of element, and then every value is one of it, or refused with an
// error.
#include "runtime/Npy.h"
#include "test/Fuzz/Fuzz.h"
#include <string.h>
using namespace burin_rt;

enum { PIXEL, DIGIT };
static const burin_axis axes[] = {{"pixel", 3, 0, nullptr}, {"digit", 10, 0, nullptr}};
static const uint32_t pixels[] = {PIXEL};
static const burin_type types[] = {{BURIN_F32, 0, 4, 1, pixels},       {BURIN_F64, 0, 8, 1, pixels},
                                   {BURIN_I32, 0, 4, 1, pixels},       {BURIN_I64, 0, 8, 1, pixels},
                                   {BURIN_U8, 0, 1, 1, pixels},        {BURIN_BOOL, 0, 1, 1, pixels},
                                   {BURIN_INDEX, DIGIT, 1, 1, pixels}, {BURIN_F32, 0, 4, 0, nullptr}};

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz::Run run;
  fuzz::setFile(data, size);
  burin_program program = {};
  program.axis_count = 2, program.axes = axes;
  for (const burin_type &type : types) {
    uint8_t out[24 + 64];
    memset(out, 0xee, sizeof out);
    fuzz::Printed printed;
    bool fine = readNpy(&program, fuzz::path, "image", type, out);
    printed.requireErrorIf(!fine);
    size_t bytes = type.bytes * (type.rank ? 3 : 1);
    for (size_t i = bytes; i < sizeof out; ++i)
      fuzz::require(out[i] == 0xee, "nothing beyond the tensor is written");
    for (size_t i = 0; fine && i < bytes; ++i)
      fuzz::require(type.element != BURIN_BOOL ? type.element != BURIN_INDEX || out[i] < 10 : out[i] < 2,
                    "a value is one of its type");
  }
  return 0;
}
