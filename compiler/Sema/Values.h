//===- Values.h - What names and expressions stand for while Sema works ------===//
//
// Values, the entities that names are, models and their instances, and where code is being elaborated. Analyzer.h has
// what is done with them.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "compiler/Sema/Program.h"
#include "compiler/Syntax/Tree.h"
#include <functional>
#include <map>
#include <memory>
#include <set>

namespace burin::sema {

struct Scope;
struct ModelInstance;
struct Value;

/// What stands where one axis is asked: one, a product `(row, col)` of several, or `()`, none.
using Axes = std::vector<AxisUse>;

/// Whether a label is one character: only such stand in texts.
bool isCharacter(const std::string &label);

/// What names in a function's head stand for in one call: its axis parameters, and the extents that its parameters'
/// types bind (`f32[row:h]`).
struct Bindings {
  std::map<std::string, Axes> axes;
  std::map<std::string, int64_t> extents;
};

/// A function's declaration with what brackets bound of its axis parameters; or a function that the compiler knows.
struct FunctionValue {
  const syntax::Item *item = nullptr;
  const Scope *scope = nullptr;   ///< where it was declared
  ModelInstance *model = nullptr; ///< whose function it is
  std::vector<Axes> axes = {};
  std::string primitive = {}; ///< `tanh` …: then there is no declaration
};

struct DataValue {
  Data *data = nullptr;
  const syntax::Item *item = nullptr;
  int part = -1; ///< -1: the whole set
  bool shuffled = false;
  const Axis *window = nullptr; ///< of rows that follow each other
  const Axis *batch = nullptr;
};

/// `shuffle(values, over: (a, b))`, with `.batches[c]` behind it. Shuffles.h.
struct Shuffled;

struct OptimizerInstance;
struct NamedValue;
struct Notation;
struct NotationIndex;
struct Writes;
struct Affine;

struct Value {
  enum Kind {
    Error,
    Unit,
    Tensor,
    Literal,
    Text,
    Tuple,
    List, ///< fields
    Function,
    ModelType,
    OptimizerType,
    StructType,
    Model,
    Optimizer,
    AxisName,
    DataSet,
    Gradient, ///< of a model: a value for each of its parameters
    Computed, ///< the same, computed of models: `net - rate * g`
    Range,
    Shuffle ///< what a loop goes through in random order: `shuffled`
  } kind = Error;
  Expr *expr = nullptr;                    ///< Tensor; Range: the upper bound
  Expr *low = nullptr;                     ///< Range: the lower bound, or null for 0
  double number = 0;                       ///< Literal
  bool whole = false;                      ///< Literal: without a point
  std::optional<double> exact;             ///< Literal: what it is where a float is asked, if a `/` on the way floored
  std::string text;                        ///< Text
  std::vector<NamedValue> fields;          ///< Tuple
  const syntax::Item *structure = nullptr; ///< Tuple: the struct it is one of; null for a plain tuple
  FunctionValue function;                  ///< Function, ModelType, OptimizerType, StructType
  ModelInstance *model = nullptr;
  std::shared_ptr<OptimizerInstance> optimizer;
  AxisUse axis; ///< AxisName; Range: whose indices it holds, with its extent (-1: not known), or null
  DataValue data;
  std::shared_ptr<const Shuffled> shuffled;
  std::vector<const Slot *> slots; ///< Gradient, Computed: its leaves' slots
  std::vector<Expr *> leaves;
  Slot *slot = nullptr;                 ///< Tensor: what `<-` writes, if it is a parameter or state
  const Variable *variable = nullptr;   ///< Tensor: the variable it is
  bool draws = false;                   ///< Tensor: a draw, or computed from one elementwise
  const NotationIndex *index = nullptr; ///< Tensor: the index of a notation that it is

  bool isError() const { return kind == Error; }
  double asFloat() const { return exact.value_or(number); } ///< Literal
};

struct NamedValue {
  std::string first;
  Value second;
};

/// What is trained together: one value, or each of a tuple.
std::vector<const Value *> partsTrained(const Value &v);

struct NamedShape;
/// A type as it is written: of a tensor, or of what has fields, a tuple or a struct. Structs.md.
struct Shape {
  Type leaf;            ///< of a tensor
  bool isTensor = true; ///< else it has fields
  const syntax::Item *structure = nullptr;
  std::vector<AxisUse> axes; ///< of a struct: those behind its name, which every leaf has besides its own
  std::vector<NamedShape> fields;
  size_t leaves = 1;
};
struct NamedShape {
  std::string first;
  Shape second;
  Location place; ///< of the name, where it is written
};
std::string show(const Shape &shape);

/// Axis parameters are distinct in the body. One that is bound to an axis that another has is an axis of its own there:
/// inside, outside.
using Aliases = std::vector<std::pair<AxisUse, AxisUse>>;
/// What an axis of a body is outside of it.
AxisUse outsideOf(const Aliases &aliases, AxisUse use);

struct OptimizerInstance {
  const syntax::Item *item = nullptr;
  const Scope *scope = nullptr; ///< where it was declared
  std::string path;
  std::vector<std::pair<std::string, Value>> arguments;
};

struct ComputedLet;

struct Entity {
  enum Kind { Axis, Product, Value, Declaration, Pending } kind = Value;
  sema::Value value;
  AxisUse axis;                       ///< Axis
  Axes parts;                         ///< Product: several axes, or none
  const syntax::Item *item = nullptr; ///< Declaration
  Location place;
  const char *what = "value";
  std::shared_ptr<const ComputedLet> computed; ///< Value, a function: called where the name is used. Lets.h
};

struct Scope {
  const Scope *parent = nullptr;
  std::map<std::string, Entity> names;
};

struct ModelInstance {
  const syntax::Item *item = nullptr;
  std::string path;
  std::unique_ptr<Scope> scope;                       ///< bindings, parameters, members
  std::vector<std::pair<std::string, Value>> members; ///< in order of declaration
  Aliases aliases;
  Location made;                         ///< the call that made it
  AxisUse repeats;                       ///< stacked along it, and called as the composition of its layers; null: one
  Axes stack;                            ///< the axes of all `repeat`s around: its slots have them
  std::vector<AxisUse> extra;            ///< axes of all its slots besides the declared: an ensemble's, mapped ones
  const ModelInstance *origin = nullptr; ///< what it is a copy of
  bool fixed = false;                    ///< made by a `let`: `<-` does not change it
  bool kept = false;                     ///< made by a `state`: not trained with the model whose member it is
};

/// A parameter or state of a model: its path from there, whose member it is, and whether it is trained with the model.
struct ModelLeaf {
  std::string name;
  Slot *slot;
  const ModelInstance *owner;
  bool trained;
};

/// Whether brackets bind the name: in the item's types it is no axis of the file.
bool isAxisParameter(const syntax::Item &item, const std::string &name);
/// The names that an item mentions in types and bodies, members included.
void namesIn(const syntax::Item &item, std::set<std::string> &out);

/// What a loop emits, once it has.
struct Emission {
  const Block *body = nullptr; ///< the loop's
  sema::Value value;           ///< its leaves are variables of the body
  Location place;              ///< of the `emit`; empty: there was none
  class While *loop = nullptr; ///< a `while`, which keeps what is emitted by itself
};

/// A condition with axes around a branch: what is set there keeps its value where it does not hold.
struct Mask {
  Expr *condition;
  Location place;
  const Mask *outer;
};

/// What a `record` records, and whether there is anything: null where that is no question.
struct Recorded {
  Location value;
  Expr *something = nullptr;
};

/// Where code is being elaborated.
struct Context {
  const Scope *scope = nullptr;
  Block *block = nullptr;
  Block *root = nullptr;              ///< the body of the task or instance in which `block` is; null: of neither
  sema::Function *function = nullptr; ///< the instance, or null in a task
  std::string path;                   ///< of the declaration: names slots and draws
  std::vector<AxisUse> mapped;        ///< invisible axes of this body
  Axes lengths;                       ///< bounded axes of the function's arguments, with their lengths
  bool open = false;                  ///< a parameter's type has `..`,
  Axes rest;                          ///< which stands for these
  bool perElement = false;            ///< a condition with axes chooses what counts of this
  std::vector<AxisUse> drawAxes;      ///< what a declaration's type adds to draws
  struct Fans {
    double in, out;
    Axes first, rest;
  };
  std::optional<Fans>
      fans; ///< in a parameter's first value: what its type says of `fan_in` and `fan_out`, and the axes
  bool training = false;
  std::vector<const ModelInstance *> over; ///< what the blocks around are over: in these `training` is true
  std::vector<AxisUse> instances;          ///< axes of which each element gets a model of its own
  /// Under mapping, of slots that are differentiated: those that have the mapped axes too, and stand for them.
  std::shared_ptr<std::map<const Slot *, Slot *>> lanes;
  Notation *notation = nullptr;                        ///< whose indices `mapped` has
  Axes stack;                                          ///< the axes of the `repeat`s around: slots get them
  std::vector<std::pair<const Axis *, Expr *>> layers; ///< the layer of each that a body is of
  Emission *emission = nullptr;                        ///< of the loop around this
  const Mask *mask = nullptr;                          ///< the innermost
  Recorded *recorded = nullptr;                        ///< while what a `record` takes is elaborated
  unsigned *ordinal = nullptr;                         ///< numbers call sites and draws of a body
  bool *draws = nullptr;                               ///< set when the body draws
  std::function<sema::Value(const std::string &, const syntax::Expr &)> columns; ///< in a field's expression
};

} // namespace burin::sema
