//===- Run.h - A program while it runs ------------------------------------------===//
#pragma once
#include "runtime/Checkpoint.h"
#include "runtime/Data.h"
#include "runtime/Program.h"
#include "runtime/Threads.h"
#include <stdio.h>

namespace burin_rt {

/// What the command line says.
struct Settings {
  const burin_task *task = nullptr;
  int64_t seed = 0, splitSeed = 0;
  bool seedGiven = false, splitSeedGiven = false;
  const char *log = nullptr, *directory = nullptr;
  bool poison = false, time = false;
  uint32_t threads = 0;         ///< 0: as many as there are processors
  double began = 0;             ///< when `main` did
  const char **texts = nullptr; ///< per option of the task, as given; null: not given
  void *arguments = nullptr;
  const char *checkpoint = nullptr; ///< where; null: the task's own place
  double checkpointEvery = 600;     ///< seconds; negative: never
  bool resume = false;
};

/// Means of what was recorded, and where the loops stand.
struct Output {
  bool terminal = false;
  FILE *log = nullptr;
  Checksum logged; ///< what the log holds
  uint64_t logBytes = 0;
  int64_t *at = nullptr, *count = nullptr; ///< per loop of the program
  uint32_t *open = nullptr, depth = 0;     ///< the loops that are open, outermost first
  double *sum = nullptr;                   ///< per record, since the outermost loop's iteration began
  uint64_t *times = nullptr;
  uint32_t drawnWidth = 0; ///< of the progress line that stands on the terminal
  double drawn = 0;        ///< when
  // Of the deepest loop that ran: how often, and when it first and last began.
  uint32_t stepDepth = 0;
  uint64_t steps = 0;
  double firstStep = 0, lastStep = 0;
  // Of the outermost loop: since when its iteration runs and how many such steps it made; the seconds of a step in its
  // first and its last iteration.
  double iterationBegan = 0;
  uint64_t iterationSteps = 0;
  double early = 0, late = 0;
};

/// The first operation in the branch of an `if` that gave a NaN, until the `if` has chosen.
struct Suspect {
  const burin_assertion *place = nullptr;
  double value = 0;
  uint64_t element = 0, count = 0, of = 0;
};
} // namespace burin_rt

struct burin_run {
  const burin_program *program;
  burin_rt::Settings settings;
  char *persistent, *step;
  burin_rt::Part *parts; ///< of all data sets; those that the task reads are filled
  burin_rt::Output output;
  burin_rt::Pool *pool; ///< null: one thread
  burin_rt::Checkpoints checkpoints;
  burin_rt::Resumption resumption;
  burin_rt::Suspect suspect;
  void *writing; ///< of the file that rows of a set go into; ValueFiles.cpp
};

namespace burin_rt {
// Options.cpp
/// What a command line asks for.
enum class Request { run, printed, misuse };
/// Reads the command line; prints help, a description or an error where that is all there is to do.
Request readCommandLine(const burin_program *program, int argc, char **argv, Settings &settings);
/// Parses the task's options into `settings.arguments`, in the folder where the task runs. `printed`: a file could not
/// be read.
Request readArguments(const burin_program *program, Settings &settings);

// Start.cpp
/// Of the step arena while a task runs: the task's, or what setting first values wants, if that is more.
uint64_t stepBytes(const burin_program *program, const burin_task *task);

// Describe.cpp
/// All tasks, or the one.
void printHelp(const burin_program *program, const burin_task *task);
void describeProgram(const burin_program *program);

// Processor.cpp
/// Whether this processor has what the program was built for. False: an error was printed.
bool checkProcessor(const burin_program *program);

// Assertions.cpp
/// Says where the loops stand, and ends the program.
void endFailed(burin_run *run);

// Output.cpp
/// A clock in seconds, and one that is cheap and goes by milliseconds.
double now();
double coarseNow();
bool beginOutput(burin_run *run);
/// Opens the log; that of a run which is resumed is cut to where its checkpoint was written.
bool openLog(burin_run *run);
/// So that a checkpoint does not speak of more than the disk has. False: an error was printed under `code`.
bool flushLog(burin_run *run, const char *code);
/// The end of an iteration of the outermost loop.
void endIteration(burin_run *run);
void countStep(Output &output, uint32_t depth);
/// Redraws the line on a terminal, now and then.
void showProgress(burin_run *run);
/// Leaves the line as it stands.
void leaveProgress(burin_run *run);
/// `epoch 3/20  b 17/44`.
void printPlace(FILE *out, const burin_run *run);
/// Prints the time of a step if asked for, and closes the log.
bool endOutput(burin_run *run);
} // namespace burin_rt
