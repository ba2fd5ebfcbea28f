// `assert`: what does not hold ends the program. `--check=nan`: so does the first NaN.
#include "runtime/Errors.h"
#include "runtime/Run.h"
#include "runtime/Values.h"
#include <stdlib.h>

using namespace burin_rt;

void burin_rt::endFailed(burin_run *run) {
  if (run->output.depth) {
    fputs("  = at: ", stderr);
    printPlace(stderr, run);
    fputc('\n', stderr);
  }
  exit(1);
}

extern "C" void burin_assert(burin_run *run, uint32_t assertion, uint32_t holds, int64_t left, int64_t right) {
  if (holds)
    return;
  const burin_assertion &a = run->program->assertions[assertion];
  leaveProgress(run);
  Place place{a.file, a.line, a.column};
  errorAt("E0534", place, nullptr, "`%s` does not hold", a.text);
  if (a.sign) {
    fputs("  = found: ", stderr);
    printElement(stderr, run->program, a.sides, &left);
    fprintf(stderr, " %s ", a.sign);
    printElement(stderr, run->program, a.sides, &right);
    fputc('\n', stderr);
  }
  endFailed(run);
}

// Of the values, those that are no numbers.
static Suspect look(const burin_assertion &a, const void *values, int64_t count, bool infinities) {
  Suspect out;
  out.place = &a, out.of = uint64_t(count);
  for (int64_t i = 0; i < count; ++i) {
    double value = numberAt(a.sides, values, uint64_t(i));
    bool fine = infinities ? value - value == 0 : value == value;
    if (!fine && out.count++ == 0)
      out.value = value, out.element = uint64_t(i);
  }
  return out;
}

static void report(burin_run *run, const Suspect &s) {
  leaveProgress(run);
  bool nan = s.value != s.value;
  errorAt("E0535", {s.place->file, s.place->line, s.place->column}, nullptr, "`%s` gives the first %s", s.place->text,
          nan ? "NaN" : "infinity");
  fprintf(stderr, "  = found: element %llu of %llu, and %llu more\n", static_cast<unsigned long long>(s.element),
          static_cast<unsigned long long>(s.of), static_cast<unsigned long long>(s.count - 1));
  fprintf(stderr, "  = help: %s\n",
          nan ? "it comes from 0 / 0, infinity - infinity, 0 * infinity, the logarithm, root or power of what is "
                "negative, or a file that is loaded"
              : "it comes from a division by 0, the logarithm of 0, or what is larger than the element holds");
  endFailed(run);
}

// A branch that an `if` does not choose may hold anything: what it gives counts if it is chosen.
extern "C" void burin_watch(burin_run *run, uint32_t assertion, const void *values, int64_t count, uint32_t how) {
  Suspect found = look(run->program->assertions[assertion], values, count, how & BURIN_INFINITIES);
  Suspect &suspect = run->suspect;
  if (how & BURIN_BRANCH) {
    if (found.count && !suspect.place)
      suspect = found;
    return;
  }
  if (found.count)
    report(run, how & BURIN_CHOICE && suspect.place ? suspect : found);
  if (how & BURIN_CHOICE)
    suspect = {};
}
