//===- Judge.h - Derivative rules held against differences -----------------------===//
#pragma once
#include "compiler/Judge/Differences.h"
#include "compiler/Judge/Mutants.h"

namespace burin {
/// `burin-opt --judge-derivatives`: see Judge.md.
void registerJudgePass();
} // namespace burin

namespace burin::judge {

/// How well derivatives agree with differences.
struct Agreement {
  int64_t compared = 0;
  double worst = 0;  ///< the largest relative error; infinite where one is NaN
  std::string fault; ///< where it is, if it is more than allowed
  bool good() const { return fault.empty(); }
  void add(const Agreement &other);
};

/// An instance at a point, and what its derivatives are by differences.
struct Case {
  Instance instance;
  Point point;
  Derivatives expected;
  double allowed; ///< relative error: 1e-12; 1e-6 where there are f32, as a rule's constants are what f32 holds
};
/// The instance at a random point. None if it has no finite value there.
std::optional<Case> makeCase(Instance &instance, uint64_t seed, bool atKinks);

/// Derivatives of the first and of the second order by the Differentiate stage, with `rule`, and by the interpreter's
/// tape, each beside the differences.
struct Verdict {
  Agreement first, second, tape;
};
/// By the stage: `first` and `second`. None after a report.
std::optional<Verdict> judgeRule(Case &c, const CotangentRule &rule = {});
/// By the tape. None after a report.
std::optional<Agreement> judgeTape(Case &c);

} // namespace burin::judge
