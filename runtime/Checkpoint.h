//===- Checkpoint.h - Runs that are interrupted and go on -------------------------===//
//
// A checkpoint is what a run needs to go on at the head of an iteration: the slots that live on, what that loop holds
// besides
// (`burin_loop.held`), counters, sums of records, options and seeds, as tensors and texts of one safetensors file.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "runtime/Checksum.h"
#include <limits.h>
#include <stdint.h>

struct burin_run;
struct burin_program;
struct burin_task;

namespace burin_rt {
class SafetensorsReader;

/// The writing of checkpoints.
struct Checkpoints {
  bool kept = false; ///< the task has loops where it can go on, and checkpoints are wanted
  bool ours = false; ///< the file is this run's
  char path[PATH_MAX];
  double next = 0;          ///< when one is due
  Checksum *data = nullptr; ///< of all data sets; those that the task reads are filled
};
/// The way to where a run goes on.
struct Resumption {
  bool active = false;      ///< it is not there yet
  uint32_t target = 0;      ///< the loop at whose head it goes on
  int64_t *at = nullptr;    ///< per loop: the counter; -1: not on the way
  int64_t *count = nullptr; ///< per loop on the way
  SafetensorsReader *file = nullptr;
};

/// Whether a task has loops where a run can go on.
bool canGoOn(const burin_program *program, const burin_task *task);
/// Decides whether checkpoints are kept and where. When the run is to be resumed, opens the one that is there, checks
/// that it is of this program and task, and takes seeds and options from it. False: an error was printed.
bool beginCheckpoints(burin_run *run);
/// After data sets are read: their checksums, if checkpoints are kept.
bool noteData(burin_run *run);
/// Fills memory from the checkpoint that is resumed; the task's function then goes on there. False: an error was
/// printed.
bool restore(burin_run *run);
/// At the head of an iteration of a resumable loop: writes a checkpoint if one is due or a signal asks to stop. Then it
/// ends the program.
void considerCheckpoint(burin_run *run, uint32_t loop);
/// At the head where the run goes on.
void arrive(burin_run *run);
/// How often a loop on the way runs; `count` is what the task has computed.
int64_t resumedCount(burin_run *run, uint32_t loop, int64_t count);
/// The task is finished: its checkpoint goes.
void endCheckpoints(burin_run *run);

/// The prefixes of tensors that are no slots; no name in a program has a colon.
constexpr const char optionPrefix[] = "option:";

} // namespace burin_rt
