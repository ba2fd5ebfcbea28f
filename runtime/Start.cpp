// From the command line to the task and its result.
#include "runtime/Errors.h"
#include "runtime/Run.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace burin_rt {

// Subnormals are zero, operands and results.
static void flushSubnormals() {
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);
#elif defined(__aarch64__)
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("msr fpcr, %0" ::"r"(control | (1u << 24)));
#endif
}

static char *arena(uint64_t bytes, bool poison, const char *what) {
  char *p = static_cast<char *>(allocate(bytes, what));
  if (p && poison)
    memset(p, 0xff, bytes);
  return p;
}

static bool prepareData(burin_run *run) {
  const struct burin_program *program = run->program;
  run->parts = static_cast<Part *>(calloc(program->part_count + 1, sizeof(Part)));
  for (uint32_t i = 0; i < run->settings.task->data_count; ++i)
    if (!loadData(run, run->settings.task->data[i]))
      return false;
  return true;
}

static int runTask(const struct burin_program *program, Settings &settings) {
  burin_run run{};
  run.program = program, run.settings = settings;
  const burin_task *task = settings.task;
  uint64_t step = task->step_bytes > program->init_step_bytes ? task->step_bytes : program->init_step_bytes;
  uint64_t scratch = task->scratch_bytes > program->init_scratch_bytes ? task->scratch_bytes : program->init_scratch_bytes;
  run.persistent = arena(program->persistent_bytes, settings.poison, "parameters and states");
  char *stepArena = arena(step, settings.poison, "a step"), *scratchArena = arena(scratch, settings.poison, "kernels");
  if (!run.persistent || !stepArena || !scratchArena || !prepareData(&run) || !beginOutput(&run))
    return 1;
  flushSubnormals();
  if (program->initialise)
    program->initialise(run.persistent, stepArena, scratchArena, nullptr, settings.seed, &run);
  if (settings.poison)
    memset(stepArena, 0xff, step);
  task->run(run.persistent, stepArena, scratchArena, settings.arguments, settings.seed, &run);
  endOutput(&run);
  if (task->has_result)
    printResult(program, task->result, stepArena + task->result_offset);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    error("E0511", "was its reader closed?", "the output can't be written");
    return 1;
  }
  return 0;
}
} // namespace burin_rt

using namespace burin_rt;

extern "C" int burin_main(const struct burin_program *program, int argc, char **argv) {
  Settings settings;
  if (int code = readCommandLine(program, argc, argv, settings))
    return code - 1;
  if (settings.directory && chdir(settings.directory) != 0) {
    error("E0503", "name a folder", "can't go to the folder `%s`", settings.directory);
    return 1;
  }
  return runTask(program, settings);
}

extern "C" int64_t burin_rows(burin_run *run, uint32_t part) { return int64_t(run->parts[part].rows); }
extern "C" const void *burin_column(burin_run *run, uint32_t part, uint32_t field) { return run->parts[part].columns[field]; }
