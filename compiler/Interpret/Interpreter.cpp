#include "compiler/Interpret/Interpreter.h"
#include <cmath>
using namespace mlir;

namespace burin::interpret {

Interpreter::Interpreter(ModuleOp module, Host &host, Arithmetic arithmetic) : symbols(module), host(host) {
  context.arithmetic = arithmetic;
  context.extentOf = [this](StringAttr axis) { return extentOf(axis); };
  for (auto data : module.getOps<task::DataOp>())
    for (auto [number, part] : llvm::enumerate(data.getParts().getAsRange<DictionaryAttr>()))
      if (auto axis = part.getAs<StringAttr>("axis"))
        dataAxes.try_emplace(axis, data, unsigned(number));
}

std::optional<int64_t> Interpreter::extentOf(StringAttr axis) {
  if (auto found = dataAxes.find(axis); found != dataAxes.end())
    return host.rows(found->second.first, found->second.second);
  if (auto found = renamedAxes.find(axis); found != renamedAxes.end())
    return found->second;
  return std::nullopt;
}

LogicalResult Interpreter::run(task::TaskOp task, ArrayRef<Ref> arguments, SmallVectorImpl<Ref> &results) {
  Frame frame;
  for (auto [argument, value] : llvm::zip_equal(task.block().getArguments(), arguments))
    frame[argument] = admit(value, context.arithmetic);
  Values returned;
  if (failed(block(task.block(), frame, returned)))
    return failure();
  results.append(returned);
  return success();
}

LogicalResult Interpreter::block(Block &block, Frame &frame, Values &results) {
  for (Operation &op : block) {
    if (op.hasTrait<OpTrait::IsTerminator>()) {
      for (Value value : op.getOperands())
        results.push_back(frame.at(value));
      return success();
    }
    if (failed(operation(&op, frame)))
      return failure();
  }
  return success();
}

LogicalResult Interpreter::operation(Operation *op, Frame &frame) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<func::CallOp>([&](auto op) { return call(op, frame); })
      .Case<ForOp>([&](auto op) { return loop(op, frame); })
      .Case<IfOp>([&](auto op) { return branch(op, frame); })
      .Case<GradOp>([&](auto op) { return grad(op, frame); })
      .Case<CustomGradientOp>([&](auto op) { return ownGradient(op, frame); })
      .Case<task::GetOp>([&](auto op) { return get(op, frame); })
      .Case<task::SetOp>([&](auto op) { return slots[op.getSlot()] = frame.at(op.getValue()), success(); })
      .Case<task::RowsOp>([&](auto op) { return rows(op, frame); })
      .Case<task::ColumnOp>([&](auto op) { return column(op, frame); })
      .Case<task::RecordOp>([&](auto op) {
        if (!replayed && !silent) // what is computed again was recorded
          host.record(op, loopDepth, *frame.at(op.getValue()));
        return success();
      })
      .Case<task::AssertOp>([&](auto op) { return assertion(op, frame); })
      .Case<task::CheckOp>([&](task::CheckOp op) -> LogicalResult {
        if (frame.at(op.getHolds())->integers()[0])
          return success();
        InFlightDiagnostic error = op.emitError() << op.getCode() << ": " << op.getMessage();
        error.attachNote() << op.getHelp();
        return error;
      })
      .Case<task::GradcheckOp>([&](auto op) { return gradcheck(op, frame); })
      .Case<task::SaveOp>([&](auto op) { return save(op, frame); })
      .Case<task::LoadOp>([&](auto op) { return load(op, frame); })
      .Case<task::WriteOp>([&](auto op) {
        return host.write(op, llvm::map_to_vector(op->getOperands(), [&](Value v) { return frame.at(v); }));
      })
      .Case<task::ExpectOp>([&](auto op) { return expect(op, frame); })
      .Default([&](Operation *op) -> LogicalResult {
        if (isa_and_nonnull<BurinDialect>(op->getDialect()) && op->getNumResults() == 1)
          return pure(op, frame);
        return op->emitError("the interpreter runs the graph and grad stages, which have no such operation");
      });
}

LogicalResult Interpreter::pure(Operation *op, Frame &frame) {
  Values operands = llvm::map_to_vector(op->getOperands(), [&](Value v) { return frame.at(v); });
  bool stops = isa<StopOp>(op), again = stops && replayed && *replayed < stopped.size();
  Ref result = again ? stopped[(*replayed)++] : evaluate(op, operands, context);
  if (!result)
    return failure();
  if (stops && !replayed)
    stopped.push_back(result);
  if (isa<RenameOp>(op))
    for (auto [axis, size, declared] : llvm::zip(result->type.getAxes(), result->sizes, result->type.getSizes()))
      if (ShapedType::isDynamic(declared))
        renamedAxes[axis] = size;
  if (tape)
    tape->record(op, operands, result);
  frame[op->getResult(0)] = result;
  return success();
}

LogicalResult Interpreter::call(func::CallOp op, Frame &frame) {
  constexpr unsigned deepest = 500;
  auto callee = symbols.lookup<func::FuncOp>(op.getCallee());
  if (!callee || callee.isExternal())
    return op.emitError("there is no body of `") << op.getCallee() << "`";
  if (callDepth == deepest)
    return op.emitError("calls go deeper than ") << deepest;
  Frame inner;
  for (auto [argument, value] : llvm::zip_equal(callee.getArguments(), op.getOperands()))
    inner[argument] = frame.at(value);
  Values results;
  ++callDepth;
  LogicalResult outcome = block(callee.getBody().front(), inner, results);
  --callDepth;
  if (succeeded(outcome))
    for (auto [result, value] : llvm::zip_equal(op.getResults(), results))
      frame[result] = value;
  return outcome;
}

LogicalResult Interpreter::loop(ForOp op, Frame &frame) {
  Values carried = llvm::map_to_vector(op.getInits(), [&](Value v) { return frame.at(v); });
  std::vector<Values> emitted(op.getEmits().size());
  int64_t count = frame.at(op.getCount())->integers()[0];
  bool seen = op.getNameAttr() && !replayed && !silent;
  if (seen)
    host.enterLoop(op, loopDepth++, count);
  for (int64_t step = 0; step < count; ++step) {
    if (op.getStops() && !carried[0]->integers()[0])
      break;
    int64_t i = op.getReverse() ? count - 1 - step : step;
    if (seen)
      host.nextIteration(op, loopDepth - 1, step);
    auto counter = allocate(cast<NamedTensorType>(op.getCounter().getType()), {});
    counter->integers()[0] = i;
    frame[op.getCounter()] = counter;
    for (auto [argument, value] : llvm::zip_equal(op.getCarried(), carried))
      frame[argument] = value;
    for (auto [argument, sequence] : llvm::zip_equal(op.getSlices(), op.getSequences()))
      frame[argument] = slice(frame.at(sequence), typeOf(argument), i);
    Values yielded;
    if (failed(block(op.getBody().front(), frame, yielded)))
      return failure();
    for (auto [k, all] : llvm::enumerate(emitted))
      all.push_back(yielded[carried.size() + k]);
    carried.assign(yielded.begin(), yielded.begin() + carried.size());
  }
  if (seen)
    host.exitLoop(op, --loopDepth);
  for (auto [result, value] : llvm::zip_equal(op.getFinals(), carried))
    frame[result] = value;
  for (auto [result, slices] : llvm::zip_equal(op.getEmits(), emitted)) {
    if (op.getReverse())
      std::reverse(slices.begin(), slices.end());
    frame[result] = stack(slices, typeOf(result));
  }
  return success();
}

LogicalResult Interpreter::branch(IfOp op, Frame &frame) {
  bool holds = frame.at(op.getCondition())->integers()[0];
  Values yielded;
  if (failed(block((holds ? op.getThenRegion() : op.getElseRegion()).front(), frame, yielded)))
    return failure();
  for (auto [result, value] : llvm::zip_equal(op.getResults(), yielded))
    frame[result] = value;
  return success();
}

Ref Interpreter::slice(const Ref &sequence, NamedTensorType type, int64_t i) {
  Ref piece = sliceOf(*sequence, type, i);
  if (tape)
    tape->recordSlice(sequence, i, piece);
  return piece;
}

Ref Interpreter::stack(ArrayRef<Ref> slices, NamedTensorType type) {
  Ref whole = stackOf(slices, type);
  if (tape)
    tape->recordStack(slices, whole);
  return whole;
}

// An array of its own: what depends on it does not depend on y. The rule is evaluated when the cotangent is known; it
// may not be differentiated at this stage.
LogicalResult Interpreter::ownGradient(CustomGradientOp op, Frame &frame) {
  Ref result = frame[op.getResult()] = std::make_shared<Array>(*frame.at(op.getY()));
  if (!tape)
    return success();
  Values inputs = llvm::map_to_vector(op.getInputs(), [&](Value v) { return frame.at(v); });
  auto rule = [this, op, inner = frame](const Ref &dy, SmallVectorImpl<Ref> &parts) mutable {
    inner[op.getGradient().getArgument(0)] = dy;
    auto outer = std::exchange(tape, nullptr);
    Values yielded;
    LogicalResult outcome = block(op.getGradient().front(), inner, yielded);
    tape = std::move(outer);
    parts.append(yielded);
    return outcome;
  };
  auto again = [this, op, inner = frame](ArrayRef<Ref> x) mutable { return valueAgain(op, inner, x); };
  tape->record(op, inputs, result, rule, again);
  return success();
}

LogicalResult Interpreter::grad(GradOp op, Frame &frame) {
  if (isChecked(op))
    return value(op, frame);
  if (tape)
    return gradWithin(op, frame);
  tape = makeTape(context.arithmetic);
  Values leaves, yielded, gradients;
  auto leaf = [&](const Ref &value) { // an array of its own, so that only uses inside the region are uses of it
    leaves.push_back(std::make_shared<Array>(*value));
    tape->watch(leaves.back());
    return leaves.back();
  };
  for (auto [argument, input] : llvm::zip_equal(op.getBody().getArguments(), op.getInputs()))
    frame[argument] = leaf(frame.at(input));
  if (op.getOver())
    for (auto slot : op.getOver()->getAsRange<FlatSymbolRefAttr>()) {
      Ref value = slotValue(op, slot.getValue());
      if (!value)
        return failure();
      slots[slot.getValue()] = leaf(value);
    }
  if (failed(block(op.getBody().front(), frame, yielded)) || failed(tape->gradients(yielded[0], leaves, gradients)))
    return failure();
  tape.reset();
  Values results{yielded[0]};
  results.append(gradients);
  results.append(std::next(yielded.begin()), yielded.end());
  for (auto [result, value] : llvm::zip_equal(op.getResults(), results))
    frame[result] = value;
  return success();
}

Ref Interpreter::slotValue(Operation *user, StringRef name) {
  Ref value = slots.lookup(name);
  if (!value)
    user->emitError("reads the slot `") << name << "` before it is set";
  return value;
}

LogicalResult Interpreter::get(task::GetOp op, Frame &frame) {
  return success(bool(frame[op.getValue()] = slotValue(op, op.getSlot())));
}

LogicalResult Interpreter::rows(task::RowsOp op, Frame &frame) {
  auto data = symbols.lookup<task::DataOp>(op.getData());
  if (!data)
    return op.emitError("there is no data set `") << op.getData() << "`";
  auto count = allocate(cast<NamedTensorType>(op.getCount().getType()), {});
  count->integers()[0] = host.rows(data, data.partNumber(op.getPart()));
  frame[op.getCount()] = count;
  return success();
}

LogicalResult Interpreter::column(task::ColumnOp op, Frame &frame) {
  auto data = symbols.lookup<task::DataOp>(op.getData());
  if (!data)
    return op.emitError("there is no data set `") << op.getData() << "`";
  Ref values = host.column(op, data, data.partNumber(op.getPart()), data.fieldNumber(op.getField()));
  if (!values)
    return failure();
  frame[op.getValues()] = admit(values, context.arithmetic);
  return success();
}

// At the graph stage by symbol, at the grad stage from operands.
LogicalResult Interpreter::save(task::SaveOp op, Frame &frame) {
  Values values = llvm::map_to_vector(op.getValues(), [&](Value v) { return frame.at(v); });
  if (values.empty())
    for (auto slot : op.getSlots().getAsRange<FlatSymbolRefAttr>())
      if (values.push_back(slotValue(op, slot.getValue())); !values.back())
        return failure();
  return host.save(op, values);
}

LogicalResult Interpreter::load(task::LoadOp op, Frame &frame) {
  Values values;
  if (failed(host.load(op, values)))
    return failure();
  for (Ref &value : values)
    value = admit(value, context.arithmetic);
  if (op.getValues().empty())
    for (auto [slot, value] : llvm::zip_equal(op.getSlots().getAsRange<FlatSymbolRefAttr>(), values))
      slots[slot.getValue()] = value;
  else
    for (auto [result, value] : llvm::zip_equal(op.getValues(), values))
      frame[result] = value;
  return success();
}

LogicalResult Interpreter::assertion(task::AssertOp op, Frame &frame) {
  Values sides = llvm::map_to_vector(op.getSides(), [&](Value v) { return frame.at(v); });
  return host.assertion(op, frame.at(op.getCondition())->integers()[0] != 0, sides);
}

LogicalResult Interpreter::expect(task::ExpectOp op, Frame &frame) {
  if (auto text =
          difference(*frame.at(op.getFound()), *frame.at(op.getExpected()), op.getTolerance().convertToDouble()))
    return op.emitError(*text);
  return success();
}

template <typename Number> static bool agree(Number found, Number expected, double tolerance) {
  bool bothNan = found != found && expected != expected;
  Number distance = found < expected ? expected - found : found - expected;
  Number size = expected < 0 ? -expected : expected;
  bool infinite = size > Number(std::numeric_limits<double>::max());
  return found == expected || bothNan || (!infinite && distance <= tolerance * std::max(Number(1), size));
}

std::optional<std::string> difference(const Array &found, const Array &expected, double tolerance) {
  auto first = std::visit(
      [&](const auto &a) -> std::optional<int64_t> {
        using Number = std::decay_t<decltype(a[0])>;
        const auto &b = expected.as<Number>();
        for (size_t n = 0; n < b.size(); ++n)
          if (std::is_same_v<Number, int64_t> ? a[n] != b[n] : !agree(a[n], b[n], tolerance))
            return int64_t(n);
        return std::nullopt;
      },
      found.elements);
  if (!first)
    return std::nullopt;
  return fmt::format("expected {}, found {}: element {} is {}", arrayText(expected), arrayText(found), *first,
                     elementText(found, *first));
}

} // namespace burin::interpret
