// What a plan says about memory: sums, the tensors at the peak, and the promises that a program makes of them.
#include "compiler/FormKernels/FormKernels.h"
#include "compiler/Plan/Plan.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include <fmt/format.h>
using namespace mlir;
using namespace burin;

std::string burin::grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (int at = int(text.size()) - 3; at > 0; at -= 3)
    text.insert(size_t(at), ",");
  return text;
}

std::string burin::show(NamedTensorType type) {
  Type element = type.getElement();
  std::string text;
  if (auto index = dyn_cast<AxisIndexType>(element)) {
    text = index.getAxis().str();
  } else if (element.isInteger(1)) {
    text = "bool";
  } else if (element.isBF16()) {
    text = "bf16";
  } else {
    text = element.isFloat() ? "f" : element.isUnsignedInteger() ? "u" : "i";
    text += std::to_string(element.getIntOrFloatBitWidth());
  }
  std::string axes;
  for (auto [axis, extent] : llvm::zip(type.getAxes(), type.getShape())) {
    axes += (axes.empty() ? "" : ", ") + axis.str();
    if (!ShapedType::isDynamic(extent))
      axes += " " + std::to_string(extent);
  }
  return axes.empty() ? text : text + "[" + axes + "]";
}

const TaskPlan &ProgramPlan::largerOf(const TaskPlan &plan) const {
  const TaskPlan *larger = &plan;
  for (auto &[task, other] : tasks)
    if (auto first = task; first.getInitialise() && other.stepBytes > larger->stepBytes)
      larger = &other;
  return *larger;
}

TaskMemory ProgramPlan::memoryOf(const TaskPlan &plan) const {
  return {layout.bytes, largerOf(plan).stepBytes, plan.argumentBytes};
}

// The op in its kernel that gives a launch's result.
static Operation *computing(Value v) {
  auto launch = v.getDefiningOp<task::LaunchOp>();
  auto kernel =
      launch ? SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(launch, launch.getKernelAttr()) : func::FuncOp();
  if (!kernel)
    return nullptr;
  Operation *end = kernel.getBody().front().getTerminator();
  return end->getOperand(cast<OpResult>(v).getResultNumber()).getDefiningOp();
}

SmallVector<PeakTensor> burin::peakOf(const TaskPlan &plan) {
  int64_t at = 0;
  uint64_t most = 0;
  auto there = [](const Buffer &buffer, int64_t when) { return buffer.first <= when && when <= buffer.last; };
  for (const Buffer &candidate : plan.buffers) {
    uint64_t sum = 0;
    for (const Buffer &buffer : plan.buffers)
      sum += there(buffer, candidate.first) ? buffer.bytes : 0;
    if (sum > most || (sum == most && candidate.first < at))
      most = sum, at = candidate.first;
  }
  SmallVector<PeakTensor> tensors;
  for (const Buffer &buffer : plan.buffers) {
    if (!there(buffer, at))
      continue;
    // The value that lies there then; one that a kernel computes says most.
    const Buffer::Holding *best = nullptr;
    auto worth = [&](const Buffer::Holding &h) {
      return 2 * (h.first <= at && at <= h.last) + (h.value.getDefiningOp<task::LaunchOp>() ? 1 : 0);
    };
    for (const Buffer::Holding &holding : buffer.holdings)
      if (!best || worth(holding) > worth(*best))
        best = &holding;
    tensors.push_back({buffer.bytes, buffer.type, placeOf(best->value), {}, computing(best->value)});
  }
  llvm::stable_sort(tensors, [](const PeakTensor &a, const PeakTensor &b) { return a.bytes > b.bytes; });
  return tensors;
}

// The largest tensors of a task, of those that live on and those at the peak of its step.
static SmallVector<PeakTensor> largest(ModuleOp module, const TaskPlan &plan) {
  SmallVector<PeakTensor> tensors = peakOf(plan);
  for (auto slot : module.getOps<task::SlotOp>()) {
    auto type = cast<NamedTensorType>(slot.getType());
    tensors.push_back({llvm::alignTo(bytesOf(type), 64), type, slot.getLoc(), slot.getSymName(), nullptr});
  }
  llvm::stable_sort(tensors, [](const PeakTensor &a, const PeakTensor &b) { return a.bytes > b.bytes; });
  return tensors;
}

static LogicalResult hold(task::RequireOp require, task::TaskOp task, const ProgramPlan &program,
                          const TaskPlan &plan) {
  TaskMemory memory = program.memoryOf(plan);
  if (memory.total() <= require.getBytes())
    return success();
  constexpr size_t shown = 6;
  SmallVector<PeakTensor> tensors = largest(task->getParentOfType<ModuleOp>(), program.largerOf(plan));
  InFlightDiagnostic error = require.emitError();
  error << fmt::format("E0606: `{}` needs {} bytes of memory, and this allows {}", task.getName().str(),
                       grouped(memory.total()), grouped(require.getBytes()));
  uint64_t rest = 0;
  for (auto [i, tensor] : llvm::enumerate(tensors))
    if (i < shown)
      error.attachNote(tensor.place) << fmt::format(
          "{} bytes: {}", grouped(tensor.bytes),
          tensor.slot.empty() ? show(tensor.type) : fmt::format("`{}`, {}", tensor.slot.str(), show(tensor.type)));
    else
      rest += tensor.bytes;
  std::string others =
      rest ? fmt::format("; {} more tensors are there, of {} bytes", tensors.size() - shown, grouped(rest)) : "";
  error.attachNote() << fmt::format(
      "parameters and states take {} bytes, a step {}, the options {}{}; `burin plan` lists them all",
      grouped(memory.persistent), grouped(memory.step), grouped(memory.arguments), others);
  std::string sizes; // those that the user gave
  for (auto axis : task->getParentOfType<ModuleOp>().getOps<task::AxisOp>())
    if (tensors.front().type.hasAxis(axis.getNameAttr()) && int64_t(axis.getExtent()) > 0)
      sizes +=
          fmt::format("{}`{}`", sizes.empty() ? ", or make one of these sizes smaller: " : ", ", axis.getName().str());
  error.attachNote() << fmt::format("allow {} bytes ({} KiB){}", grouped(memory.total()),
                                    (memory.total() + 1023) / 1024, sizes);
  return error;
}

FailureOr<ProgramPlan> burin::planProgram(ModuleOp module, PlanOptions options) {
  ProgramPlan program;
  program.layout = layOut(module);
  for (auto task : llvm::to_vector(module.getOps<task::TaskOp>()))
    if (program.tasks.push_back({task, planTask(task, program.layout, options)}); !program.tasks.back().second.complete)
      return failure();
  bool fine = true;
  for (auto require : module.getOps<task::RequireOp>()) {
    auto named = [&](auto &entry) { return entry.first.getSymName() == require.getTask(); };
    auto found = llvm::find_if(program.tasks, named);
    fine &= found == program.tasks.end()
                ? succeeded(LogicalResult(require.emitError("E0306: there is no task of that name")))
                : succeeded(hold(require, found->first, program, found->second));
  }
  if (!fine)
    return failure();
  return program;
}
