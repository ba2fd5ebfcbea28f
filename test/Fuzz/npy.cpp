// Any bytes as a .npy file: it is read as each type of element, and then every value is one of it, or refused with an
// error.
#include "runtime/Npy.h"
#include "runtime/Data.h"
#include "test/Fuzz/Fuzz.h"
#include <stdlib.h>
#include <string.h>
using namespace burin_rt;

enum { PIXEL, DIGIT };
static const burin_axis axes[] = {{"pixel", 3, 0, nullptr}, {"digit", 10, 0, nullptr}};
static const uint32_t pixels[] = {PIXEL};
static const burin_type types[] = {{BURIN_F32, 0, 4, 1, pixels},       {BURIN_F64, 0, 8, 1, pixels},
                                   {BURIN_I32, 0, 4, 1, pixels},       {BURIN_I64, 0, 8, 1, pixels},
                                   {BURIN_U8, 0, 1, 1, pixels},        {BURIN_BOOL, 0, 1, 1, pixels},
                                   {BURIN_INDEX, DIGIT, 1, 1, pixels}, {BURIN_F32, 0, 4, 0, nullptr}};

// The same bytes as the rows of a data set, of each type.
static void requireRows(burin_reader read) {
  static const burin_axis all[] = {{"pixel", 3, 0, nullptr},
                                   {"digit", 10, 0, nullptr},
                                   {"data.train", -1, 0, nullptr},
                                   {"data.test", -1, 0, nullptr}};
  static const burin_part described[] = {{"train", 0, 0.5, 0, 2, nullptr, 0, nullptr},
                                         {"test", 0, 0.5, 1, 3, nullptr, 0, nullptr}};
  for (const burin_type &type : types) {
    burin_field field = {"image", type, 0, 0, BURIN_ELEMENTS, 0, 0, 0, nullptr, nullptr, 0, 0, nullptr, fuzz::path};
    burin_data set = {"data", fuzz::path, read, 1, &field, 0, 2};
    burin_program program = {};
    program.axis_count = 4, program.axes = all, program.data_count = 1, program.data = &set, program.part_count = 2,
    program.parts = described;
    Part parts[2] = {};
    fuzz::Printed printed;
    bool fine = read(&program, 0, 1, parts);
    printed.requireErrorIf(!fine);
    for (const Part &part : parts) {
      for (uint64_t i = 0; fine && i < part.rows * (type.rank ? 3 : 1); ++i) {
        uint8_t value = static_cast<uint8_t *>(part.columns[0])[i * type.bytes];
        fuzz::require(type.element != BURIN_BOOL ? type.element != BURIN_INDEX || value < 10 : value < 2,
                      "a row's value is one of its type");
      }
      if (part.columns)
        free(part.columns[0]);
      free(part.columns);
    }
  }
}

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
  requireRows(burin_read_npy);
  requireRows(burin_read_idx);
  return 0;
}
