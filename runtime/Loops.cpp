// Where a task stands: the user's loops.
#include "runtime/Checkpoint.h"
#include "runtime/Run.h"

using namespace burin_rt;

// Skipped: a resumable loop that does not lead to where the run goes on.
static bool isSkipped(const burin_run *run, uint32_t loop) {
  const Resumption &r = run->resumption;
  return r.active && run->program->loops[loop].resumable && r.at[loop] < 0;
}

extern "C" uint32_t burin_resuming(burin_run *run) { return run->resumption.active; }

extern "C" int64_t burin_loop_enter(burin_run *run, uint32_t loop, int64_t count) {
  if (isSkipped(run, loop))
    return 0;
  if (run->resumption.active)
    count = resumedCount(run, loop, count);
  Output &o = run->output;
  o.open[o.depth++] = loop;
  o.at[loop] = -1, o.count[loop] = count;
  return count;
}

extern "C" int64_t burin_loop_first(burin_run *run, uint32_t loop) {
  return run->resumption.active && !isSkipped(run, loop) ? run->resumption.at[loop] : 0;
}

extern "C" void burin_loop_next(burin_run *run, uint32_t loop, int64_t i) {
  Output &o = run->output;
  const burin_loop &described = run->program->loops[loop];
  bool onTheWay = run->resumption.active;
  if (!onTheWay && described.depth == 0 && i > 0)
    endIteration(run);
  o.at[loop] = i;
  if (onTheWay && loop == run->resumption.target)
    arrive(run);
  if (!onTheWay && described.resumable && run->checkpoints.kept)
    considerCheckpoint(run, loop);
  if (run->settings.time)
    countStep(o, described.depth);
  showProgress(run);
}

extern "C" void burin_loop_exit(burin_run *run, uint32_t loop) {
  if (isSkipped(run, loop))
    return;
  if (run->program->loops[loop].depth == 0)
    endIteration(run);
  --run->output.depth;
}
