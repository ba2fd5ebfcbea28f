//===- Program.h - What Sema has decided, and Import translates ------------===//
//
// The typed program: monomorphic, explicit, without names to look up. Every axis is a pointer to its declaration, every
// mapping is an axis in a type, every call names an instance, every struct or model has been flattened to its leaves.
// Expressions have one value, a tensor; what has several values is a statement that defines variables. Import needs no
// decision beyond this.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "compiler/Support/Source.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace burin::sema {

/// A declared axis. Identity is the address. `irName` is unique in the program: the user's name where that is
/// unambiguous, `digits.train` for the part of a data set, `batch~` (one more `~` a level) for a mapped axis that had
/// to be made fresh.
struct Axis {
  std::string name;                ///< as the user wrote it
  std::string irName;              ///< unique
  int64_t extent = 0;              ///< -1: known when the program runs (a data axis)
  bool bounded = false;            ///< `dim time <= 40`: of a value along it, as much is present as its length says
  std::vector<std::string> labels; ///< of an enumeration, in order; else empty
  struct Part {                    ///< of a sum of axes: `digit` in `{background} + digit`
    const Axis *axis = nullptr;    ///< null: one label
    int64_t first = 0, extent = 1; ///< its indices
  };
  std::vector<Part> parts; ///< of an enumeration each label; none of an axis that is declared by a size
  int64_t firstOfFiles = 0, pastOfFiles = 0; ///< of labels that `words` or `characters` brought; none: 0 and 0
  Location location;
};

struct Variable;

/// An axis in a type: a declaration with primes and the extent it has there (`row:24` of `dim row = 28`).
struct AxisUse {
  const Axis *axis = nullptr;
  unsigned primes = 0;
  int64_t extent = 0;
  const Variable *length = nullptr; ///< of a bounded axis: how much is present, an I64; null: all
  std::string irName() const { return axis->irName + std::string(primes, '\''); }
  bool operator==(const AxisUse &o) const { return axis == o.axis && primes == o.primes && extent == o.extent; }
};

struct Element {
  enum Kind { F32, F64, BF16, F16, I32, I64, U8, Bool, Index } kind = F32; ///< the language's `int` is I64
  const Axis *index = nullptr;                                             ///< what an Index points into
  bool operator==(const Element &o) const { return kind == o.kind && index == o.index; }
  bool isFloat() const { return kind <= F16; }
  bool isNarrow() const { return kind == BF16 || kind == F16; } ///< summed in f32
};

/// `u8`, `int`: the type of numbers or bools that has this name.
std::optional<Element> elementNamed(const std::string &name);

struct Type {
  Element element;
  llvm::SmallVector<AxisUse, 4> axes;
};

struct Variable { ///< defined once; `name` is for readable IR
  std::string name;
  Type type;
  Location location;
};

/// Persistent storage: a parameter, a program's, model's or task's `state`, an optimiser's state. Local states of
/// functions are slots too (PromoteState makes values of them).
struct Slot {
  std::string path; ///< `net.inner.w`, `opt.m@net.inner.w`; unique
  enum Kind { Parameter, State, Optimiser, Local } kind = Parameter;
  Type type;
  Location location;
  bool parameter = false; ///< a model's parameter, or a copy of one: what `over` and arithmetic of models see
};

struct Function;
struct Data;

/// Where along `at` a window reads: `offset` plus the sum of factors times the indices along axes.
struct WindowPlace {
  struct Term {
    AxisUse along;
    int64_t factor = 1;
    Location introduced; ///< the index
  };
  AxisUse at;
  std::vector<Term> terms;
  int64_t offset = 0;
};

struct Expr {
  enum Kind {
    Constant,  ///< splat of `number` (floats), `integer` (ints, indices) or `integer` 0/1 (bool)
    Use,       ///< `variable`
    Get,       ///< current value of `slot`
    Pointwise, ///< `name` is the mnemonic of a pointwise op of the burin dialect ("mul", "select", "cast", "shuffle",
               ///< "stop"); operands align by name
    Contract,  ///< operands[0], operands[1] summed over `over`
    Reduce,    ///< `name`: sum prod max min any all; operands[0] over `over`
    ArgReduce, ///< `name`: max min; over one axis
    Gather,    ///< operands[0] is the table, the others indices of the axes `over`, in order
    Window,    ///< operands[0] at `places`, 0 where there is no element
    Scatter,   ///< `name`: scatter_add or scatter; operands[0] written at the indices that follow, of the axes `over`,
               ///< into the last operand if there is one more, else into zeros
    Iota,      ///< the index along type.axes[0]
    Broadcast, ///< operands[0] to `type` (more axes)
    Rename,    ///< operands[0], axes in order renamed to those of `type`
    Random,    ///< uniform in [0,1) for every element of `type`; key: the current one folded with hash32(`path`)
    Key,       ///< the current key folded with hash32(`path`), an I64 scalar
    Rows,      ///< rows of `data`, part `part`, an I64 scalar
    Column,    ///< raw values of field `field` of `data`, part `part`
  } kind;
  Type type;
  Location location;
  llvm::SmallVector<Expr *, 3> operands;
  llvm::SmallVector<AxisUse, 2> over;
  std::string name, path;
  double number = 0;
  int64_t integer = 0;
  bool decides = false; ///< Pointwise "stop": what an index is found by, which rule 27 asks for
  const Variable *variable = nullptr;
  const Slot *slot = nullptr;
  const Data *data = nullptr;
  unsigned part = 0, field = 0;
  std::vector<WindowPlace> places;
};

struct Stmt;
using Block = std::vector<Stmt *>;

struct Stmt {
  enum Kind {
    Define, ///< variables[0] = value
    Call,   ///< variables = callee(arguments); if it draws: key folded with hash32(`path`)
    Set,    ///< slot <- value; `declares`: the first of a local one, in the block in which it lives
    For, ///< variables[0] (I64 scalar) counts 0..value, or down if `reverse`; `name`: the user's loop variable; key of
         ///< the body: folded with hash32(`path`), then with the counter. variables[1..] = `emitted` of every step
         ///< along a first axis. With `goes`, a bool that the body defines, no step follows once that is false;
         ///< variables[1] is its last value
    If,  ///< by `value`, a bool without axes: variables = `emitted`, computed by `body`, or `inner`, by `otherwise`
    Check, ///< the run ends with an error if `value`, a bool without axes, is false: code `path`, message
           ///< `name`, help `names[0]`
    Grad,  ///< variables[0] = the loss `value` computed by `body`; variables[1..] = its gradients by `slots`, in order;
           ///< or, without slots, by the values `arguments`, which `body` knows as `inner`
    Own,   ///< variables[0] = value, whose cotangent, known in `body` as inner[0], goes to `arguments` as `results`;
           ///< without arguments and `inner` the function `name` has no derivative
    Record,    ///< `name` = value, a scalar
    Assert,    ///< value, a bool, whose text is `name`; of a comparison: its two sides `arguments`, and its sign `path`
    GradCheck, ///< arguments: the loss and the gradients of the Grad before it; `names`: what they are by
    Save,      ///< slots under `names` into the file `path`
    Load,      ///< the same from it
    Write,     ///< value into the file `path`; `joined`, `present`, `points`; arguments: labels of points, if they have
               ///< some, then lengths
  } kind;
  Location location;
  llvm::SmallVector<const Variable *, 2> variables;
  Expr *value = nullptr;
  std::vector<Expr *> arguments, results;
  std::vector<const Variable *> inner;
  std::vector<const Variable *> emitted;
  bool reverse = false;
  const Variable *goes = nullptr;
  const Function *callee = nullptr;
  const Slot *slot = nullptr;
  std::vector<const Slot *> slots;
  std::vector<std::string> names;
  std::string name, path;
  bool declares = false;
  std::vector<int64_t> joined;  ///< of a Write: how many of the value's axes each axis of the file joins
  std::vector<int64_t> present; ///< of a Write, by axis: the number of its length, or -1; empty: no axis has one
  bool points = false;          ///< of a Write: two coordinates along the last axis
  Block body, otherwise;
};

/// An instance of a function, model or optimiser's function: for given bindings, extents, elements, mapped axes and
/// model path.
struct Function {
  std::string name; ///< unique: `softmax`, `net.inner`, `relu$2` …
  std::vector<const Variable *> parameters;
  Block body;
  std::vector<Expr *> results;
  bool draws = false; ///< takes a key
  Location location;
};

/// First values of the slots of one declaration; key: fold_in(seed, hash32(path)).
struct Initial {
  std::string path; ///< of the declaration: of one slot its own
  Location location;
  std::vector<const Slot *> slots;
  Block body;
  std::vector<Expr *> values; ///< one a slot
};

struct Field {
  std::string name;
  std::string path; ///< of an array: its own file
  Type type;        ///< one row's raw values
  unsigned firstColumn = 0, columnCount = 0;
  /// How a row's values stand in the file: a column for each; the characters of one column, as labels; a column for
  /// each as far as there are some; how many there are of those along a bounded axis, which no column says; or the
  /// words of one column, as labels.
  enum Reads { Elements, Text, Series, Length, Words } reads = Elements;
  unsigned length = 0;                 ///< of what is along a bounded axis: the field that says how much is present
  std::vector<unsigned> before, after; ///< of Text and Words: labels around what the column holds
  bool isText() const { return reads == Text || reads == Words; }
};
struct Part {
  std::string name;
  const Axis *axis;
  double share = 1; ///< of the rows; below 0: so many rows
  bool rest = false;
  Expr *condition = nullptr; ///< a bool of a row's fields (Columns without axes): rows where it holds
};
struct Data {
  std::string name, path;
  /// What the file is: task.data's readers, in their order.
  enum Reader { Csv, Text, Npy, Idx } reader = Csv;
  std::vector<Field> fields; ///< as declared, then those of lengths, one for each bounded axis
  std::vector<Part> parts;   ///< at least one; a set without `split` has one named ""
  Location location;
  /// Its rows are values of one type, `data book: char = …`, and no tuples: it has one field.
  bool ofValues() const { return single; }
  bool single = false;
  /// Its parts are pieces of the file, one after the other; else they are drawn row by row.
  bool inOrder() const { return reader == Text; }
};

struct Option {
  const Variable *variable;
  Field::Reads reads = Field::Elements; ///< Text: its characters are given; Length: not given, but that of others
  std::vector<int64_t> lengths = {};    ///< by axis: the option that is its length, or -1; empty: no axis has one
  bool isList = false;                  ///< the default, of which `initial` has each element
  std::vector<Expr *> initial;          ///< constants: none, one for all elements, or one for each
};

struct Result {
  std::string name; ///< of the part, `mean`, `next.x`; empty: it is the only one
  Expr *value;
  /// By axis: how much is present, for each index of the axes before it; null: all. Empty: no axis is bounded.
  std::vector<Expr *> lengths = {};
};

struct Task {
  std::string name;
  std::vector<Option> options;
  Block body;
  std::vector<Result> results;
  bool isTest = false;
  Location location;
};

/// `require memory(task) <= …`: the most that the task may use, by its plan.
struct Requirement {
  const Task *task;
  uint64_t bytes;
  Location location;
};

/// Owns everything above.
struct Program {
  std::string name;                        ///< the file's stem
  std::vector<std::unique_ptr<Axis>> axes; ///< only those that a user declared or a data set brought are shown to users
  std::vector<std::unique_ptr<Slot>> slots; ///< in order of declaration: the layout of weights
  std::vector<std::unique_ptr<Data>> data;
  std::vector<Initial> initials;
  std::vector<std::unique_ptr<Function>> functions; ///< callees first
  std::vector<std::unique_ptr<Task>> tasks;
  std::vector<Requirement> requirements;
  std::vector<std::unique_ptr<Variable>> variables;
  std::vector<std::unique_ptr<Expr>> expressions;
  std::vector<std::unique_ptr<Stmt>> statements;
};

} // namespace burin::sema
