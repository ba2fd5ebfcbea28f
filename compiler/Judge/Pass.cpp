// `burin-opt --judge-derivatives`.
#include "mlir/Pass/Pass.h"
#include "compiler/Judge/Judge.h"
#include "llvm/Support/xxhash.h"
using namespace mlir;

namespace burin::judge {
namespace {

struct Tally {
  unsigned cases = 0, atKinks = 0;
  Verdict verdict; ///< errors of cases with f64 alone: f32 are allowed more
};

struct JudgePass : PassWrapper<JudgePass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(JudgePass)
  JudgePass() = default;
  JudgePass(const JudgePass &other) : PassWrapper(other) {}
  StringRef getArgument() const override { return "judge-derivatives"; }
  StringRef getDescription() const override { return "hold every op's derivative rule against central differences"; }
  Option<std::string> only{*this, "op", llvm::cl::desc("the op to judge, without its dialect (default: all)")};
  Option<uint64_t> seed{*this, "seed", llvm::cl::init(0)};
  Option<unsigned> count{*this, "cases", llvm::cl::desc("how many of each kind of op"), llvm::cl::init(24)};
  Option<bool> mutants{*this, "mutants", llvm::cl::desc("make rules wrong, one place at a time, and see that it shows"),
                       llvm::cl::init(false)};
  Option<std::string> wrong{*this, "wrong", llvm::cl::desc("judge with the rule that is wrong in this place")};

  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<BurinDialect, func::FuncDialect>();
  }
  void runOnOperation() override;

private:
  void eachCase(RegisteredOperationName op, llvm::function_ref<void(Case &)> f, llvm::function_ref<bool()> more);
  void judge(Case &c);
  void judgeMutants(RegisteredOperationName op);
  void fault(Case &c, StringRef text);
  OwningOpRef<ModuleOp> instances;
  std::map<std::string, Tally> tallies;
  unsigned sizeOne = 0, lacking = 0, reordered = 0, mapped = 0, twice = 0;
  unsigned mutated = 0, noticed = 0;
  bool good = true;
};

void JudgePass::fault(Case &c, StringRef text) {
  good = false;
  std::string function;
  llvm::raw_string_ostream out(function);
  c.instance.value.print(out);
  InFlightDiagnostic error = emitError(getOperation().getLoc(), "burin.") << c.instance.name() << ": " << text;
  error.attachNote() << "at " << (c.point.atKinks ? "kinks" : "a point apart from kinks") << ", of " << function;
  for (auto [i, x] : llvm::enumerate(c.point.x))
    error.attachNote() << "input " << i << " is " << interpret::arrayText(*x);
}

// As many of each kind of the op, kinds being known as they turn up, and then while more are wanted. Every other one of
// a kind is at kinks.
void JudgePass::eachCase(RegisteredOperationName op, llvm::function_ref<void(Case &)> f,
                         llvm::function_ref<bool()> more) {
  constexpr unsigned tries = 100;
  std::map<std::string, unsigned> found;
  uint64_t start = llvm::xxh3_64bits(op.getStringRef()) + seed * 0x9E3779B97F4A7C15;
  auto enough = [&] { return llvm::all_of(found, [&](auto &kind) { return kind.second >= count; }); };
  for (unsigned n = 0; n < count * tries && (n < 4 * count || !enough() || more()); ++n) {
    auto instance = makeInstance(*instances, op, start + n);
    if (!instance)
      continue;
    unsigned &of = found[instance->name()];
    if (of < count || more())
      if (auto c = makeCase(*instance, start + n, of % 2))
        ++of, f(*c);
    instance->erase();
  }
  if (!found.empty() && enough())
    return;
  good = false;
  emitError(getOperation().getLoc()) << "`" << op.getStringRef()
                                     << "` has a derivative, and too few random instances that it can be judged by";
}

void JudgePass::judge(Case &c) {
  auto verdict = judgeRule(c, wrong.empty() ? CotangentRule() : mutant(wrong, nullptr));
  auto tape = judgeTape(c);
  if (!verdict || !tape)
    return fault(c, "its gradient can't be made or run");
  auto shapes = c.instance.shapes();
  sizeOne += shapes.sizeOne, lacking += shapes.lacking, reordered += shapes.reordered;
  mapped += shapes.mapped, twice += shapes.twice;
  Tally &tally = tallies[c.instance.name()];
  ++tally.cases, tally.atKinks += c.point.atKinks;
  for (const Agreement *agreement : {&verdict->first, &verdict->second, &*tape})
    if (!agreement->good())
      fault(c, (agreement == &*tape ? "by the interpreter's tape, " : "") + agreement->fault);
  if (c.allowed > 1e-12)
    verdict->first.worst = verdict->second.worst = tape->worst = 0;
  tally.verdict.first.add(verdict->first);
  tally.verdict.second.add(verdict->second);
  tally.verdict.tape.add(*tape);
}

// One case that notices is enough. Some places are rare, as in a reduction over three axes: cases are made until each
// has been noticed, or very many were blind.
void JudgePass::judgeMutants(RegisteredOperationName op) {
  struct Place {
    unsigned blind = 0;
    bool noticed = false;
  };
  std::map<std::string, Place> places;
  auto judge = [&](Case &c) {
    std::set<std::string> here;
    (void)judgeRule(c, mutant("", &here));
    for (const std::string &name : here) {
      Place &place = places[name];
      if (place.noticed)
        continue;
      auto verdict = judgeRule(c, mutant(name, nullptr));
      place.noticed = verdict && !(verdict->first.good() && verdict->second.good());
      place.blind += !place.noticed;
    }
  };
  eachCase(op, judge, [&] { return llvm::any_of(places, [](auto &place) { return !place.second.noticed; }); });
  for (auto &[name, place] : places) {
    ++mutated, noticed += place.noticed;
    if (place.noticed)
      continue;
    good = false;
    emitError(getOperation().getLoc()) << "a wrong rule goes unnoticed in " << place.blind << " cases: " << name;
  }
}

void JudgePass::runOnOperation() {
  instances = ModuleOp::create(getOperation().getLoc());
  unsigned ops = 0;
  for (RegisteredOperationName op : getContext().getRegisteredOperations()) {
    if (op.getDialectNamespace() != "burin" || !op.hasInterface<DifferentiableOpInterface>() ||
        (!only.empty() && op.stripDialect() != only))
      continue;
    ++ops;
    if (mutants)
      judgeMutants(op);
    else
      eachCase(op, [&](Case &c) { judge(c); }, [] { return false; });
  }
  Verdict all;
  for (auto &[name, tally] : tallies) {
    llvm::outs() << fmt::format(
        "{:12} {:4} cases, {:4} at kinks; {:6} of first order, {:8.1e}; {:6} of second, {:8.1e}; tape {:8.1e}\n", name,
        tally.cases, tally.atKinks, tally.verdict.first.compared, tally.verdict.first.worst,
        tally.verdict.second.compared, tally.verdict.second.worst, tally.verdict.tape.worst);
    all.first.add(tally.verdict.first), all.second.add(tally.verdict.second);
  }
  if (!mutants)
    llvm::outs() << fmt::format(
        "with an axis of size 1: {}; that some operand lacks: {}; in another order: {}; kept by the "
        "loss: {}; the same operand twice: {}\n",
        sizeOne, lacking, reordered, mapped, twice);
  if (mutants)
    llvm::outs() << fmt::format("wrong rules noticed: {} of {}, of {} ops\n", noticed, mutated, ops);
  else
    llvm::outs() << fmt::format("derivative rules checked: {} ops, {} elements of first order, {} of second\n", ops,
                                all.first.compared, all.second.compared);
  llvm::outs().flush();
  if (!good || ops == 0)
    signalPassFailure();
}
} // namespace
} // namespace burin::judge

void burin::registerJudgePass() { PassRegistration<judge::JudgePass>(); }
