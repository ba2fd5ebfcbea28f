//===- Tree.h - What a program's text says ----------------------------------===//
//
// Four kinds of node: axes and types, expressions, statements, items. Each is one struct with a kind; the comment at a
// kind says which fields it uses. Nodes live as long as their Tree.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "compiler/Support/Source.h"
#include <deque>
#include <set>
#include <string>
#include <vector>

namespace burin::syntax {

struct Expr;
struct Stmt;
struct Item;
using Block = std::vector<Stmt *>;

struct Name {
  std::string text;
  unsigned primes = 0;
  Location place;
};

/// `row`, `H'`, `row:24`, `digits.train`, a product `(row, col)`, `..`
struct AxisRef {
  enum Kind { Named, Product, Rest } kind = Named;
  std::vector<Name> path; ///< Named; the primes are the last's
  Expr *extent = nullptr; ///< Named: after `:`
  std::vector<AxisRef> parts;
  Location place;
};

/// `f32[batch, pixel]`, `digit`, `(logits: f32[C], h: f32[H])`, `fn`
struct TypeRef {
  enum Kind { Tensor, Tuple, Function } kind = Tensor;
  std::vector<Name> path;
  std::vector<AxisRef> axes;
  std::vector<Name> fieldNames; ///< Tuple
  std::vector<TypeRef> fieldTypes;
  Location place;
};

/// `e`, `name: e`, `i: row:14`, `t + 1 else 0`, `time: 0` — an entry of brackets, parentheses, tuples.
struct Entry {
  std::string name; ///< before `:`, else empty
  unsigned primes = 0;
  Location namePlace;
  Expr *value = nullptr;
  Expr *extent = nullptr; ///< after a second `:`
  Expr *guard = nullptr;  ///< after `else`
};

struct Pattern {
  std::string name; ///< else the parts
  std::vector<Pattern> parts;
  Location place;
};

struct Parameter {
  std::string name;
  bool hasType = false;
  TypeRef type;
  Expr *initial = nullptr;
  Location place;
};

struct Expr {
  enum Kind {
    NameUse,  ///< name, primes
    Number,   ///< text, number, whole
    String,   ///< text
    Bool,     ///< whole: the value
    List,     ///< operands
    Labels,   ///< entries (names): `{left, right}`
    Tuple,    ///< entries; `()` has none
    Call,     ///< operands[0] is called with entries
    Index,    ///< operands[0] is indexed by entries: axes, labels or indices
    Member,   ///< operands[0] . name
    Unary,    ///< text: `-` `not`
    Binary,   ///< text: + - * / % ^ @ == != < > <= >= and or; axes of `@[…]`
    Reduce,   ///< text: the reduction; entries: indices; operands[0]
    Range,    ///< operands[0] .. operands[1]; `..x` has only the second (the first is null)
    As,       ///< operands[0]; renames: pairs of axes
    Until,    ///< operands[0] until operands[1]
    If,       ///< operands: condition; then and otherwise as blocks (an expression is a block of one statement)
    For,      ///< pattern, operands[0], body
    While,    ///< operands[0], operands[1] (bound) or null, body
    Minimize, ///< body, operands[0] (over), operands[1] (with)
    Repeat,   ///< name, axes[0], body
    Grad,     ///< text: `grad` or `gradcheck`; operands[0] (over), body
    Jvp,      ///< operands[0] (over), operands[1] (along), body
  } kind;
  Location place;
  std::string name, text;
  unsigned primes = 0;
  double number = 0;
  bool whole = false;
  std::vector<Expr *> operands;
  std::vector<Entry> entries;
  std::vector<AxisRef> axes;
  std::vector<std::pair<AxisRef, AxisRef>> renames; ///< second has an empty path in the short form
  Pattern pattern;
  Block body, otherwise;
  bool hasElse = false;
  unsigned depth = 1; ///< of the tree below, bounded by the parser
};

struct Over {
  Name name;
  bool hasAxis = false;
  AxisRef axis;
};

struct Stmt {
  enum Kind {
    Let,        ///< pattern, hasType, type, value; index form: indices
    LetScatter, ///< name by pattern, indices, value, over
    State,      ///< as Let
    Param,      ///< as Let; only in models
    Dim,        ///< pattern, value, bounded
    Emit,
    Assert,    ///< value
    Record,    ///< pattern, value
    Precision, ///< pattern, body
    Save,
    Load,       ///< value, second: the file
    Plot,       ///< value, axis, by, second
    Update,     ///< target, value, second: the optimiser
    Expression, ///< value
    Assign,     ///< target <- value, over
    AddAssign,  ///< target += value, over
    Function,   ///< item; only in models
    Unread,     ///< what could not be read, and was reported
  } kind;
  Location place;
  Pattern pattern;
  bool hasType = false, bounded = false;
  TypeRef type;
  std::vector<Entry> indices;
  Expr *target = nullptr, *value = nullptr, *second = nullptr, *by = nullptr;
  std::vector<Over> over;
  bool hasAxis = false;
  AxisRef axis;
  Block body;
  Item *item = nullptr;
};

struct DataField {
  Name name;
  TypeRef type;
  Expr *value = nullptr;
};
struct DataPart {
  Name name;
  Expr *value = nullptr; ///< null for `rest`
  bool percent = false, rest = false;
};

struct Item {
  enum Kind {
    Dim,    ///< name, value, bounded
    Data,   ///< name, hasType, type, value, fields, parts
    Struct, ///< name, structFields
    Model,
    Optimizer, ///< name, axisParameters, parameters, body (Dim Param Let State Function statements)
    Function,  ///< name (may be empty in a model), axisParameters, parameters, hasType, type, body (`= e` is one
               ///< statement)
    Task,      ///< name, parameters, hasType, type, body
    Test,      ///< name, body
    Use,       ///< name: the path
    Env,       ///< name, value
    Require,   ///< value, unit
    Let,
    State, ///< statement
  } kind;
  Location place, namePlace;
  std::string name, unit;
  bool hasType = false, bounded = false, hasBody = false;
  TypeRef type;
  Expr *value = nullptr;
  std::vector<Name> axisParameters;
  std::vector<Parameter> parameters;
  Block body;
  std::vector<std::pair<Name, TypeRef>> structFields;
  std::vector<DataField> fields;
  std::vector<DataPart> parts;
  Stmt *statement = nullptr;
  Item *gradient = nullptr; ///< Function: its own, parameters (the cotangent) and body; without hasBody it has none
};

/// A parsed file; owns its nodes.
struct Tree {
  uint32_t file = 0;
  std::vector<Item *> items;
  std::set<std::string, std::less<>> unread; ///< names in what could not be read: they may be declared there
  bool whole = true;                         ///< false: reading stopped early, and nothing can be said of the meaning
  std::deque<Expr> expressions;
  std::deque<Stmt> statements;
  std::deque<Item> itemStore;
};

} // namespace burin::syntax
