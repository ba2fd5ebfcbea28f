//===- Interpreter.h - Runs a task of a module ----------------------------------===//
#pragma once
#include "compiler/Interpret/Evaluate.h"
#include "compiler/Interpret/Tape.h"
#include "dialects/Task/Task.h"
#include "llvm/ADT/StringMap.h"

namespace burin::interpret {

/// What surrounds a run: data, files, output.
class Host {
public:
  virtual ~Host() = default;
  virtual int64_t rows(task::DataOp data, unsigned part) = 0;
  /// A field of a part's rows, of the column's type, floats as doubles; null after a report at `op`.
  virtual Ref column(task::ColumnOp op, task::DataOp data, unsigned part, unsigned field) = 0;
  virtual void record(task::RecordOp op, unsigned depth, const Array &value) = 0;
  /// The condition of an assertion that holds or not, and its sides.
  virtual mlir::LogicalResult assertion(task::AssertOp op, bool holds, llvm::ArrayRef<Ref> sides) {
    if (!holds)
      return op.emitError() << "`" << op.getText() << "` does not hold";
    return mlir::success();
  }
  /// The loss of a gradcheck whose gradient is not differentiated.
  struct Loss {
    /// Where one of what it is differentiated by is moved by a step along a direction, all else and what `stop` gives
    /// as it was; null after a report.
    std::function<Ref(unsigned leaf, const Ref &direction, double step)> at;
    /// Its computation, with the cotangents of its steps; null where the interpreter can't find them.
    std::function<std::unique_ptr<Tape>()> steps;
  };
  /// A gradcheck: the loss and its gradients.
  virtual mlir::LogicalResult gradcheck(task::GradcheckOp op, llvm::ArrayRef<Ref> values, const Loss &loss) {
    return mlir::success();
  }
  virtual void enterLoop(ForOp loop, unsigned depth, int64_t count) {}
  virtual void nextIteration(ForOp loop, unsigned depth, int64_t i) {}
  virtual void exitLoop(ForOp loop, unsigned depth) {}
  /// Values in the order of the op's slots.
  virtual mlir::LogicalResult save(task::SaveOp op, llvm::ArrayRef<Ref> values) = 0;
  virtual mlir::LogicalResult load(task::LoadOp op, llvm::SmallVectorImpl<Ref> &values) = 0;
  /// The values of the op's operands, in their order.
  virtual mlir::LogicalResult write(task::WriteOp op, llvm::ArrayRef<Ref> values) = 0;
};

class Interpreter {
public:
  Interpreter(mlir::ModuleOp module, Host &host, Arithmetic arithmetic);

  /// `Context::functionOf`.
  void computeBy(std::function<Function(mlir::Operation *)> functionOf) { context.functionOf = std::move(functionOf); }
  /// Slots by symbol; they live on between runs.
  llvm::StringMap<Ref> slots;
  /// Runs a task: the seed, then its options, floats as doubles. Failures are reported at the op.
  mlir::LogicalResult run(task::TaskOp task, llvm::ArrayRef<Ref> arguments, llvm::SmallVectorImpl<Ref> &results);
  task::SlotOp slotOp(mlir::StringAttr name) { return symbols.lookup<task::SlotOp>(name); }

private:
  using Frame = llvm::DenseMap<mlir::Value, Ref>;
  using Values = llvm::SmallVector<Ref>;
  mlir::LogicalResult block(mlir::Block &block, Frame &frame, Values &results);
  mlir::LogicalResult operation(mlir::Operation *op, Frame &frame);
  mlir::LogicalResult pure(mlir::Operation *op, Frame &frame);
  mlir::LogicalResult call(mlir::func::CallOp op, Frame &frame);
  mlir::LogicalResult loop(ForOp op, Frame &frame);
  mlir::LogicalResult branch(IfOp op, Frame &frame);
  Ref slice(const Ref &sequence, NamedTensorType type, int64_t i);
  Ref stack(llvm::ArrayRef<Ref> slices, NamedTensorType type);
  mlir::LogicalResult ownGradient(CustomGradientOp op, Frame &frame);
  mlir::LogicalResult grad(GradOp op, Frame &frame);
  mlir::LogicalResult get(task::GetOp op, Frame &frame);
  mlir::LogicalResult rows(task::RowsOp op, Frame &frame);
  mlir::LogicalResult column(task::ColumnOp op, Frame &frame);
  mlir::LogicalResult save(task::SaveOp op, Frame &frame);
  mlir::LogicalResult load(task::LoadOp op, Frame &frame);
  mlir::LogicalResult assertion(task::AssertOp op, Frame &frame);
  mlir::LogicalResult gradcheck(task::GradcheckOp op, Frame &frame);
  mlir::LogicalResult value(GradOp op, Frame &frame);
  Ref valueAgain(CustomGradientOp op, Frame &frame, llvm::ArrayRef<Ref> inputs);
  mlir::LogicalResult replay(GradOp op, Frame &frame, llvm::function_ref<Ref(unsigned, const Ref &)> change,
                             Values &yielded);
  Ref lossAt(GradOp op, Frame frame, unsigned leaf, const Ref &direction, double step);
  std::unique_ptr<Tape> stepsOf(GradOp op, Frame frame);
  // A gradient in what is differentiated (Second.cpp).
  struct Read;
  struct Within;
  mlir::LogicalResult gradWithin(GradOp op, Frame &frame);
  mlir::LogicalResult readsOf(GradOp op, Frame &frame, std::vector<Read> &reads);
  mlir::LogicalResult gradientsAt(const Within &within, unsigned k, const Ref &direction, double step, Values &out);
  mlir::LogicalResult alongGradient(const Within &within, unsigned k, const Ref &dy, Values &parts);
  mlir::LogicalResult expect(task::ExpectOp op, Frame &frame);
  Ref slotValue(mlir::Operation *user, mlir::StringRef name);
  std::optional<int64_t> extentOf(mlir::StringAttr axis);

  mlir::SymbolTable symbols;
  Host &host;
  Context context;
  std::unique_ptr<Tape> tape;     ///< of the grad region that runs
  std::vector<Ref> stopped;       ///< what `stop` gave in the grad region that is checked, in order
  std::optional<size_t> replayed; ///< how many of these were given again
  bool silent = false;            ///< a gradient's block runs again, and was or will be seen
  unsigned loopDepth = 0, callDepth = 0;
  llvm::DenseMap<mlir::StringAttr, std::pair<task::DataOp, unsigned>> dataAxes;
  llvm::DenseMap<mlir::StringAttr, int64_t>
      renamedAxes; ///< extents that `?` axes made by burin.rename were seen to have
};

/// x + step * direction.
Ref moved(const Ref &x, const Ref &direction, double step);
/// Whether a `gradcheck` holds the gradients against their loss: then only that is evaluated.
bool isChecked(GradOp op);

/// What differs between two arrays, or nothing: relative to the expected value, absolute below 1. NaN equals NaN.
std::optional<std::string> difference(const Array &found, const Array &expected, double tolerance);

} // namespace burin::interpret
