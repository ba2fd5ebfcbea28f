//===- Report.h - What `burin plan` says ----------------------------------------===//
//
// A report is data; it is printed as text for people and as JSON for tools. Memory comes from Plan, costs from Cost.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "compiler/Plan/Cost.h"
#include "compiler/Plan/Plan.h"
#include "compiler/Support/Source.h"

namespace burin {

struct PlanReport {
  struct At {               ///< in a source file; empty: nowhere
    std::string file, text; ///< of the line, without blanks around it
    unsigned line = 0, column = 0;
  };
  struct Slot {
    std::string name, kind, type;
    uint64_t elements, bytes;
    At at;
  };
  struct Tensor {
    uint64_t bytes;
    std::string type, what; ///< the op that gives it, or the slot's name
    At at;
  };
  /// A data set that a task reads: its columns lie in memory while the task runs.
  struct Data {
    std::string name;
    uint64_t bytesPerRow;
  };
  struct Loop;
  /// A launch of a kernel, or a loop.
  struct Work {
    std::string kernel;
    At at;
    Cost cost; ///< of a loop: of all iterations, if it is known
    std::shared_ptr<Loop> loop;
  };
  struct Loop {
    std::string name;  ///< the user's variable; empty: a loop that the compiler made
    std::string count; ///< as a formula
    std::optional<uint64_t> times;
    std::vector<Work> body;
    Cost iteration;    ///< of one, without inner loops whose count is not known
    bool open = false; ///< there are such loops
    uint64_t kept = 0; ///< bytes of its steps that the way back needs
  };
  struct Task {
    std::string name;
    std::vector<std::string> options;
    TaskMemory memory;
    uint64_t ownStep = 0;       ///< bytes of the step arena that the task itself wants
    uint64_t aliveAtPeak = 0;   ///< the sum of `peak`
    bool peakIsInitial = false; ///< setting first values wants more
    std::vector<Tensor> peak;   ///< of the step arena
    std::vector<Data> data;
    std::optional<uint64_t> limit; ///< the least that the program requires
    std::vector<Work> work;
    Cost once; ///< without loops whose count is not known
    bool open = false;
  };
  std::string program;
  std::vector<Slot> slots;
  uint64_t persistent = 0;
  std::vector<Task> tasks;
  Limits limits;

  /// Bytes of the largest task: what a bandwidth is measured over.
  uint64_t workingSet() const;
};

/// Of a planned module, before its tasks are lowered. `only`: of this task; empty: of all. None: an error was reported.
std::optional<PlanReport> reportPlan(mlir::ModuleOp module, const ProgramPlan &plan, const Sources &sources,
                                     mlir::StringRef only);
std::string textOf(const PlanReport &report);
std::string jsonOf(const PlanReport &report);

} // namespace burin
