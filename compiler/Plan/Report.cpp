// From a planned module to what there is to say about it.
#include "compiler/Plan/Report.h"
#include "compiler/Differentiate/Residuals.h"
#include "compiler/FormKernels/FormKernels.h"
#include "compiler/Pipelines/StageDiagnostics.h"
#include <fmt/format.h>
using namespace mlir;
using namespace burin;

namespace {
class Reporter {
public:
  Reporter(ModuleOp module, const ProgramPlan &plan, const Sources &sources)
      : module(module), plan(plan), sources(sources), costs(module) {}
  bool report(StringRef only);
  PlanReport out;

private:
  PlanReport::At at(mlir::Location location);
  void slots();
  bool task(task::TaskOp op, const TaskPlan &plan);
  bool block(Block &body, std::vector<PlanReport::Work> &work, Cost &once, bool &open);
  std::string formula(Value v);

  ModuleOp module;
  const ProgramPlan &plan;
  const Sources &sources;
  CostModel costs;
  task::TaskOp current;
};

PlanReport::At Reporter::at(mlir::Location location) {
  PlanReport::At at;
  auto place = userPlaceOf(location, sources);
  if (!place)
    return at;
  const SourceFile &file = sources.file(place->file);
  LineColumn position = file.position(place->offset);
  at.file = file.name(), at.line = position.line, at.column = position.column;
  std::string_view line = file.line(at.line);
  at.text = StringRef(line.data(), line.size()).trim().str();
  return at;
}

void Reporter::slots() {
  for (auto slot : module.getOps<task::SlotOp>()) {
    auto type = cast<NamedTensorType>(slot.getType());
    out.slots.push_back({slot.getSymName().str(), slot.getKind().str(), show(type), uint64_t(type.getNumElements()),
                         bytesOf(type), at(slot.getLoc())});
  }
  out.persistent = plan.layout.bytes;
}

// What the host computes when the program runs, in the user's names.
std::string Reporter::formula(Value v) {
  if (auto argument = dyn_cast<BlockArgument>(v)) {
    if (auto loop = dyn_cast<ForOp>(argument.getOwner()->getParentOp()))
      return argument != loop.getCounter() ? "a number"
             : loop.getNameAttr()          ? loop.getNameAttr().getValue().str()
                                           : "i";
    if (argument.getArgNumber() == 0)
      return "seed";
    return cast<DictionaryAttr>((*current.getOptions())[argument.getArgNumber() - 1]).getAs<StringAttr>("name").str();
  }
  Operation *op = v.getDefiningOp();
  if (auto constant = dyn_cast<ConstantOp>(op))
    return std::to_string(cast<DenseElementsAttr>(constant.getValue()).getSplatValue<APInt>().getSExtValue());
  if (auto rows = dyn_cast<task::RowsOp>(op))
    return rows.getPart().empty() ? rows.getData().str() : (rows.getData() + "." + rows.getPart()).str();
  static const llvm::StringMap<const char *> signs = {{"add", "+"}, {"sub", "-"}, {"mul", "*"}, {"div", "/"}};
  StringRef name = op->getName().stripDialect();
  SmallVector<std::string> operands = llvm::map_to_vector(op->getOperands(), [&](Value x) { return formula(x); });
  if (auto sign = signs.find(name); sign != signs.end() && operands.size() == 2)
    return fmt::format("({} {} {})", operands[0], sign->second, operands[1]);
  return operands.empty() ? name.str() : fmt::format("{}({})", name.str(), fmt::join(operands, ", "));
}

bool Reporter::block(Block &body, std::vector<PlanReport::Work> &work, Cost &once, bool &open) {
  for (Operation &op : body) {
    if (auto launch = dyn_cast<task::LaunchOp>(op)) {
      auto cost = costs.of(launch.getKernel());
      if (!cost)
        return false;
      work.push_back({launch.getKernel().str(), at(launch.getLoc()), *cost, nullptr});
      once.add(*cost);
    } else if (auto loop = dyn_cast<ForOp>(op)) {
      auto made = std::make_shared<PlanReport::Loop>();
      made->name = loop.getNameAttr() ? loop.getNameAttr().getValue().str() : "";
      made->count = formula(loop.getCount());
      if (StringRef(made->count).starts_with("("))
        made->count = made->count.substr(1, made->count.size() - 2);
      if (auto constant = loop.getCount().getDefiningOp<ConstantOp>()) {
        int64_t n = cast<DenseElementsAttr>(constant.getValue()).getSplatValue<APInt>().getSExtValue();
        made->times = uint64_t(std::max<int64_t>(n, 0));
      }
      for (Value emitted : loop.getEmits())
        if (typeOf(emitted).getAxes().front().getValue().starts_with(keptAxis))
          made->kept += bytesOf(typeOf(emitted));
      if (!block(loop.getBody().front(), made->body, made->iteration, made->open))
        return false;
      PlanReport::Work entry{"", at(loop.getLoc()), {}, made};
      if (made->times && !made->open)
        entry.cost.add(made->iteration, *made->times), once.add(entry.cost);
      else
        open = true;
      work.push_back(std::move(entry));
    } else if (auto branch = dyn_cast<IfOp>(op)) { // the side that computes more
      Cost sides[2];
      for (unsigned side : {0u, 1u})
        if (!block(branch->getRegion(side).front(), work, sides[side], open))
          return false;
      auto computes = [](const Cost &c) { return c.arithmetic.total(); };
      once.add(sides[computes(sides[0]) < computes(sides[1])]);
    }
  }
  return true;
}

bool Reporter::task(task::TaskOp op, const TaskPlan &own) {
  current = op;
  PlanReport::Task t;
  t.name = op.getSymName().str();
  if (auto options = op.getOptions())
    for (auto option : options->getAsRange<DictionaryAttr>())
      if (auto reads = option.getAs<StringAttr>("reads"); !reads || reads.getValue() != "length") // known with its text
        t.options.push_back(option.getAs<StringAttr>("name").str());
  t.memory = plan.memoryOf(own), t.ownStep = own.stepBytes;
  const TaskPlan &decisive = plan.largerOf(own);
  t.peakIsInitial = &decisive != &own;
  for (const PeakTensor &tensor : peakOf(decisive)) {
    t.peak.push_back({tensor.bytes, show(tensor.type),
                      tensor.by ? tensor.by->getName().stripDialect().str() : "carried by a loop", at(tensor.place)});
    t.aliveAtPeak += tensor.bytes;
  }
  for (auto data : module.getOps<task::DataOp>()) {
    bool used = false;
    op.walk([&](Operation *inner) {
      if (auto rows = dyn_cast<task::RowsOp>(inner))
        used |= rows.getData() == data.getSymName();
      if (auto column = dyn_cast<task::ColumnOp>(inner))
        used |= column.getData() == data.getSymName();
    });
    uint64_t row = 0;
    for (Attribute field : data.getFields())
      row += bytesOf(cast<NamedTensorType>(cast<DictionaryAttr>(field).getAs<TypeAttr>("type").getValue()));
    if (used)
      t.data.push_back({data.getSymName().str(), row});
  }
  for (auto require : module.getOps<task::RequireOp>())
    if (require.getTask() == op.getSymName())
      t.limit = std::min(t.limit.value_or(UINT64_MAX), require.getBytes());
  if (!block(op.block(), t.work, t.once, t.open))
    return false;
  out.tasks.push_back(std::move(t));
  return true;
}

bool Reporter::report(StringRef only) {
  out.program = module.getName().value_or("program").str();
  slots();
  for (auto &[op, own] : plan.tasks) {
    auto each = op;
    if (!each.getInitialise() && (only.empty() || each.getSymName() == only) && !task(each, own))
      return false;
  }
  return true;
}
} // namespace

uint64_t PlanReport::workingSet() const {
  uint64_t bytes = persistent;
  for (const Task &task : tasks)
    bytes = std::max(bytes, task.memory.total());
  return bytes;
}

std::optional<PlanReport> burin::reportPlan(ModuleOp module, const ProgramPlan &plan, const Sources &sources,
                                            StringRef only) {
  Reporter reporter(module, plan, sources);
  if (!reporter.report(only))
    return std::nullopt;
  return std::move(reporter.out);
}
