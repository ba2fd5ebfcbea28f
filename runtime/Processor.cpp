// Whether this processor, under this system, can run what was compiled.
#include "runtime/Errors.h"
#include "runtime/Run.h"
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace burin_rt {
#if defined(__x86_64__)
namespace {
enum Register { EAX, EBX, ECX, EDX };
/// What the system must save at a change of processes: in which registers, and as which bits of XCR0.
enum Saved { NOTHING, YMM, ZMM, TILES, APX };
const uint32_t savedBits[] = {0, 0x6, 0xe6, 0x60000, 0x80000};
struct Feature { // names stand in a text of their own: a pointer would take a relocation
  uint32_t leaf, subleaf : 1, where : 2, saved : 3, bit : 5;
};
const Feature features[] = {
#define BURIN_FEATURE(name, leaf, subleaf, where, bit, saved) {leaf, subleaf, where, saved, bit},
#include "runtime/features.def"
#undef BURIN_FEATURE
};
const char names[] = {
#define BURIN_FEATURE(name, leaf, subleaf, where, bit, saved) name "\0"
#include "runtime/features.def"
#undef BURIN_FEATURE
};
static_assert(sizeof features / sizeof *features <= 64);

uint32_t savedBySystem() {
  uint32_t r[4], low = 0, high = 0;
  constexpr uint32_t osxsave = 1u << 27;
  if (__get_cpuid(1, &r[EAX], &r[EBX], &r[ECX], &r[EDX]) && (r[ECX] & osxsave))
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

bool isThere(const Feature &f) {
  uint32_t r[4];
  return __get_cpuid_count(f.leaf, f.subleaf, &r[EAX], &r[EBX], &r[ECX], &r[EDX]) && (r[f.where] >> f.bit & 1) &&
         (~savedBySystem() & savedBits[f.saved]) == 0;
}
} // namespace

bool checkProcessor(const burin_program *program) {
  char missing[1024] = "";
  const char *name = names;
  for (const Feature &f : features) {
    if ((program->features >> (&f - features) & 1) && !isThere(f)) {
      size_t length = strlen(missing);
      snprintf(missing + length, sizeof missing - length, "%s%s", length ? ", " : "", name);
    }
    name += strlen(name) + 1;
  }
  return !*missing ||
         error("E0515", "build it here, or with `--cpu=NAME` for this processor; `--cpu=x86-64` runs on all",
               "this processor is without what the program was built for: %s", missing);
}
#else
bool checkProcessor(const burin_program *) { return true; }
#endif
} // namespace burin_rt
