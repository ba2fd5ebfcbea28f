// `assert`: what does not hold ends the program.
#include "runtime/Errors.h"
#include "runtime/Run.h"
#include "runtime/Values.h"
#include <stdlib.h>

using namespace burin_rt;

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
  if (run->output.depth) {
    fputs("  = at: ", stderr);
    printPlace(stderr, run);
    fputc('\n', stderr);
  }
  exit(1);
}
