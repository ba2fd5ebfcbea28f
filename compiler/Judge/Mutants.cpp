#include "compiler/Judge/Mutants.h"
#include "compiler/Judge/Instance.h"
#include "llvm/ADT/StringMap.h"
using namespace mlir;

namespace burin::judge {
namespace {

class Mutation {
public:
  Mutation(StringRef wanted, std::set<std::string> *places, Rules &b) : wanted(wanted), places(places), b(b) {}
  void rule(DifferentiableOpInterface op, Value dy, ArrayRef<bool> needed, MutableArrayRef<Value> dx);

private:
  bool at(const std::string &place) {
    if (places)
      places->insert(place);
    return place == wanted;
  }
  void cotangent(const std::string &operand, Value dy, Type type, Value &dx);
  void made(const std::string &operand, Operation *op, llvm::StringMap<unsigned> &numbers);
  void replace(Operation *op, Value by);
  StringRef wanted;
  std::set<std::string> *places;
  Rules &b;
};

void Mutation::cotangent(const std::string &operand, Value dy, Type type, Value &dx) {
  if (!dx && at(operand + "has a cotangent"))
    dx = b.sumTo(dy, type);
  else if (dx && at(operand + "has none"))
    dx = {};
  else if (dx && at(operand + "is scaled"))
    dx = b.mul(dx, b.constant(1 + 0x1p-20, dx));
}

void Mutation::replace(Operation *op, Value by) {
  op->getResult(0).replaceUsesWithIf(by, [&](OpOperand &use) { return use.getOwner() != by.getDefiningOp(); });
}

template <typename Tied> static Value instead(Rules &b, Operation *op) {
  return Tied::create(b.builder, b.location, op->getOperands());
}

void Mutation::made(const std::string &operand, Operation *op, llvm::StringMap<unsigned> &numbers) {
  StringRef name = op->getName().stripDialect();
  std::string place = fmt::format("{}{} {} ", operand, name.str(), ++numbers[name]);
  if (op->use_empty() || op->getNumResults() != 1)
    return;
  OpBuilder::InsertionGuard guard(b.builder);
  b.builder.setInsertionPointAfter(op);
  Value y = op->getResult(0);
  Type element = typeOf(y).getElement();
  if (isa<FloatType>(element)) {
    if (at(place + "is -1/4 - itself")) // another for every constant, of the other sign, large where it was small
      replace(op, b.sub(b.constant(-0.25, y), y));
  } else if (element.isInteger(1)) {
    if (at(place + "is inverted"))
      replace(op, b.logicalNot(y));
  }
  if (isa<GtOp, GeOp, LtOp, LeOp>(op) && at(place + "takes the other side of a tie"))
    replace(op, llvm::TypeSwitch<Operation *, Value>(op)
                    .Case<GtOp>([&](auto) { return instead<GeOp>(b, op); })
                    .Case<GeOp>([&](auto) { return instead<GtOp>(b, op); })
                    .Case<LtOp>([&](auto) { return instead<LeOp>(b, op); })
                    .Case<LeOp>([&](auto) { return instead<LtOp>(b, op); }));
}

// Each operand alone, so that what is made for it can be told from what is made for the others.
void Mutation::rule(DifferentiableOpInterface op, Value dy, ArrayRef<bool> needed, MutableArrayRef<Value> dx) {
  std::string name = op->getName().stripDialect().str() + ": ";
  if (auto kind = op->getAttrOfType<StringAttr>("kind"))
    name = op->getName().stripDialect().str() + " " + kind.getValue().str() + ": ";
  for (unsigned i = 0; i < needed.size(); ++i) {
    if (!needed[i])
      continue;
    SmallVector<bool> only(needed.size());
    SmallVector<Value> parts(needed.size());
    only[i] = true;
    auto end = b.builder.getInsertionPoint();
    Operation *before = end == b.builder.getBlock()->begin() ? nullptr : &*std::prev(end);
    op.cotangents(b, dy, only, parts);
    dx[i] = parts[i];
    std::string operand = fmt::format("{}operand {} ", name, i);
    SmallVector<Operation *> ops;
    for (auto it = before ? std::next(before->getIterator()) : b.builder.getBlock()->begin(); it != end; ++it)
      ops.push_back(&*it);
    llvm::StringMap<unsigned> numbers;
    for (Operation *made : ops)
      if (made->getResult(0) != dx[i]) // that is `cotangent`'s
        this->made(operand, made, numbers);
    cotangent(operand, dy, op->getOperand(i).getType(), dx[i]);
  }
}
} // namespace

CotangentRule mutant(const std::string &wanted, std::set<std::string> *places) {
  return [=](DifferentiableOpInterface op, Rules &b, Value dy, ArrayRef<bool> needed, MutableArrayRef<Value> dx) {
    if (op->hasAttr(judged))
      Mutation(wanted, places, b).rule(op, dy, needed, dx);
    else
      op.cotangents(b, dy, needed, dx);
  };
}

} // namespace burin::judge
