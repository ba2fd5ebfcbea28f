// Any bytes as a safetensors file: its header is read, and then names, places and data are what the format says, or it
// is refused with an error; as the weights of a program it is loaded, and then every value is one of its type, or
// refused.
#include "runtime/Safetensors.h"
#include "runtime/Run.h"
#include "test/Fuzz/Fuzz.h"
#include <memory>
#include <setjmp.h>
#include <string.h>
using namespace burin_rt;

enum { PIXEL, DIGIT, WIDE };
static const burin_axis axes[] = {{"pixel", 3, 0, nullptr}, {"digit", 10, 0, nullptr}, {"wide", 300, 0, nullptr}};
static const uint32_t pixels[] = {PIXEL};
static const burin_slot slots[] = {{"net.w", {BURIN_F32, 0, 4, 1, pixels}, 0, 12, BURIN_PARAMETER},
                                   {"steps", {BURIN_I64, 0, 8, 0, nullptr}, 64, 8, BURIN_STATE},
                                   {"best", {BURIN_INDEX, DIGIT, 1, 0, nullptr}, 128, 1, BURIN_STATE},
                                   {"far", {BURIN_INDEX, WIDE, 2, 1, pixels}, 192, 6, BURIN_STATE},
                                   {"on", {BURIN_BOOL, 0, 1, 0, nullptr}, 256, 1, BURIN_STATE}};
static constexpr uint32_t slotCount = sizeof slots / sizeof *slots;
static const uint32_t all[] = {0, 1, 2, 3, 4};
static const char *const names[] = {"net.w", "steps", "best", "far", "on"};

// A load that fails ends the program: here it comes back (linked with --wrap=exit).
static jmp_buf failed;
static bool loading = false;
extern "C" [[noreturn]] void __real_exit(int code);
extern "C" [[noreturn]] void __wrap_exit(int code) {
  if (!loading)
    __real_exit(code);
  loading = false;
  longjmp(failed, 1);
}

static void requireFormat(size_t size) {
  fuzz::Printed printed;
  SafetensorsReader reader;
  bool fine = reader.open(fuzz::path, {"weights", "E0520", "E0521", "there is none"});
  printed.requireErrorIf(!fine);
  if (!fine)
    return;
  uint64_t bytes = 0;
  const TensorEntry *before = nullptr;
  for (const TensorEntry &entry : reader) {
    fuzz::require(!before || strcmp(before->name, entry.name) < 0, "names differ");
    before = &entry;
    fuzz::require(reader.find(entry.name) == &entry, "a tensor is found by its name");
    fuzz::require(entry.element && entry.begin <= entry.end && entry.end <= size, "a tensor lies in the file");
    auto values = std::make_unique<char[]>(entry.end - entry.begin);
    fuzz::require(reader.read(entry, values.get()), "a tensor can be read");
    bytes += entry.end - entry.begin;
    for (const TensorEntry &other : reader)
      fuzz::require(&other == &entry || other.end <= entry.begin || other.begin >= entry.end, "tensors do not overlap");
  }
  fuzz::require(bytes + 8 <= size, "all tensors lie in the file");
  reader.metadata("burin.split_seed");
}

static void requireWeights() {
  const burin_file weights = {fuzz::path, slotCount, all, names};
  burin_program program = {};
  program.axis_count = 3, program.axes = axes, program.slot_count = slotCount, program.slots = slots,
  program.file_count = 1, program.files = &weights;
  alignas(64) char persistent[320];
  memset(persistent, 0xee, sizeof persistent);
  burin_run run = {};
  run.program = &program, run.persistent = persistent;
  fuzz::Printed printed;
  if (setjmp(failed)) {
    printed.requireErrorIf(true);
    return;
  }
  loading = true;
  burin_load(&run, 0);
  loading = false;
  printed.requireErrorIf(false);
  uint16_t far[3];
  memcpy(far, persistent + 192, sizeof far);
  fuzz::require(uint8_t(persistent[128]) < 10 && far[0] < 300 && far[1] < 300 && far[2] < 300 &&
                    uint8_t(persistent[256]) < 2,
                "indices lie in their axes");
  for (const burin_slot &slot : slots)
    for (uint64_t i = slot.offset + slot.bytes; i < slot.offset + 64; ++i)
      fuzz::require(uint8_t(persistent[i]) == 0xee, "nothing beyond a slot is written");
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz::Run run;
  fuzz::setFile(data, size);
  requireFormat(size);
  requireWeights();
  return 0;
}
