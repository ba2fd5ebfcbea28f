// From the command line to the task and its result.
#include "runtime/Errors.h"
#include "runtime/Run.h"
#include "runtime/Safetensors.h"
#include "runtime/Values.h"
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace burin_rt {

// Nothing is allocated for an arena of no bytes.
static char *arena(uint64_t bytes, bool poison, const char *what) {
  static char nothing[64] __attribute__((aligned(64)));
  if (bytes == 0)
    return nothing;
  char *p = static_cast<char *>(allocate(bytes, what));
  if (p && poison)
    memset(p, 0xff, bytes);
  return p;
}

static uint64_t larger(uint64_t a, uint64_t b) { return a > b ? a : b; }

uint64_t stepBytes(const burin_program *program, const burin_task *task) {
  return larger(task->step_bytes, program->init_step_bytes);
}

static bool prepareData(burin_run *run) {
  run->parts = allocateZeroed<Part>(run->program->part_count, "data sets");
  bool fine = run->parts;
  for (uint32_t i = 0; fine && i < run->settings.task->data_count; ++i) {
    uint32_t data = run->settings.task->data[i];
    fine = run->program->data[data].read(run->program, data, uint64_t(run->settings.splitSeed), run->parts);
  }
  return fine;
}

// Threads, if a kernel of the task has pieces for them.
static bool prepareThreads(burin_run *run) {
  uint64_t pieces = larger(run->settings.task->pieces, run->program->init_pieces);
  uint32_t wanted = run->settings.threads ? run->settings.threads : availableThreads();
  uint32_t threads = wanted < pieces ? wanted : uint32_t(pieces);
  return threads < 2 || (run->pool = startPool(threads));
}

static int runTask(burin_run &run) {
  const burin_program *program = run.program;
  const Settings &settings = run.settings;
  const burin_task *task = settings.task;
  uint64_t wanted = stepBytes(program, task);
  run.persistent = arena(program->persistent_bytes, settings.poison, "parameters and states");
  char *step = arena(wanted, settings.poison, "a step");
  char *scratch = arena(larger(task->scratch_bytes, program->init_scratch_bytes), settings.poison, "kernels");
  run.step = step;
  if (!run.persistent || !step || !scratch || !prepareData(&run) || !noteData(&run) || !beginOutput(&run) ||
      !restore(&run) || !openLog(&run) || !prepareThreads(&run))
    return 1;
  flushSubnormals();
  if (program->initialise && !settings.resume)
    program->initialise(run.persistent, step, scratch, nullptr, settings.seed, &run);
  if (settings.poison && !settings.resume)
    memset(step, 0xff, wanted);
  task->run(run.persistent, step, scratch, settings.arguments, settings.seed, &run);
  stopPool(run.pool);
  if (!endOutput(&run))
    return 1;
  for (uint32_t i = 0; i < task->result_count; ++i)
    printResult(program, *task, i, step);
  if (fflush(stdout) != 0 || ferror(stdout))
    return !error("E0511", "was its reader closed, or is the disk full?", "the output can't be written");
  endCheckpoints(&run);
  return 0;
}
} // namespace burin_rt

using namespace burin_rt;

extern "C" int burin_main(const burin_program *program, int argc, char **argv) {
  if (program->abi != BURIN_ABI)
    return !error("E0513", "link it with the libburin_rt.a of the `burin` that compiled it",
                  "the program is of version %u of the seam, its runtime of %d", program->abi, BURIN_ABI);
  if (!checkProcessor(program))
    return 1;
  setlocale(LC_ALL, "C");   // numbers are read and written with a point, whatever our caller has set
  signal(SIGXFSZ, SIG_IGN); // a file that grows too large is an error of its write
  static burin_run run;
  run = {};
  SafetensorsReader checkpoint;
  run.program = program, run.resumption.file = &checkpoint;
  Settings &settings = run.settings;
  settings.began = now();
  Request request = readCommandLine(program, argc, argv, settings);
  if (request != Request::run)
    return request == Request::misuse ? 2 : 0;
  if (settings.directory && chdir(settings.directory) != 0)
    return !error("E0503", "name a folder", "can't go to the folder `%s`: %s", settings.directory, strerror(errno));
  request = readArguments(program, settings);
  if (request != Request::run)
    return request == Request::misuse ? 2 : 1;
  if (!beginCheckpoints(&run))
    return 1;
  return runTask(run);
}

extern "C" int64_t burin_rows(burin_run *run, uint32_t part) { return int64_t(run->parts[part].rows); }
extern "C" const void *burin_column(burin_run *run, uint32_t part, uint32_t field) {
  return run->parts[part].columns[field];
}
extern "C" void burin_parallel(burin_run *run, burin_kernel kernel, const void *const *arguments, uint32_t pieces) {
  runPieces(run->pool, kernel, arguments, pieces);
}
