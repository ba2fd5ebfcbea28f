//===- Analyzer.h - Sema's state, and its parts -------------------------------===//
//
// Bodies are elaborated as they are called: an instance for every binding of axes, element, mapped axes, function
// argument and path of a model. In a body mapped axes are part of every type but invisible: rules look at visible axes
// only, so a body can't capture one, and alignment by name carries them along.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "compiler/Sema/Expansion.h"
#include "compiler/Sema/Flow.h"
#include "compiler/Sema/LoopRanges.h"
#include "compiler/Sema/Sema.h"
#include "compiler/Sema/Usage.h"
#include "compiler/Sema/Values.h"
#include <functional>
#include <memory>
#include <optional>
#include <set>

namespace burin::sema {

class Analyzer {
public:
  Analyzer(Program &program, DiagnosticEngine &diagnostics, const Options &options, Usage &usage);
  ~Analyzer(); // neither is inline: every source would compile what it takes to destroy the maps below
  void run(const syntax::Tree &user, const std::vector<const syntax::Tree *> &library);
  /// Checks what is in no set `called`, in a program that is thrown away.
  void runUncalled(const syntax::Tree &user, const std::vector<const syntax::Tree *> &libraries,
                   const std::set<const syntax::Item *> &called);
  std::set<const syntax::Item *> called; ///< functions that have been elaborated

private:
  friend class NotationSolver;
  friend class Conversions;
  friend class Files;
  friend class Reduction;
  friend class Shuffles;
  friend class Lets;
  friend class OptimiserStep;
  friend class Tops;
  friend class Which;
  friend class TaskElaboration;
  friend class Composition;
  friend class While;
  // Errors (Types.cpp).
  Value error(std::string code, Location place, std::string message, std::string label = "", std::string help = "");
  /// The same, with where what has a name of the values was declared.
  Value errorOf(const Context &c, llvm::ArrayRef<Value> about, std::string code, Location place, std::string message,
                std::string label, std::string help);
  void origins(Diagnostic &d, const Context &c, llvm::ArrayRef<Value> about) const;
  Value unsupported(Location place, const std::string &what, std::string instead);

  // Tests and assertions (Tests.cpp).
  Value assertion(Context &c, const syntax::Stmt &s);
  Value gradcheck(Context &c, const syntax::Expr &e);
  void checkTestName(const syntax::Item &item);
  void test(const syntax::Item &item);
  void keepTasks();

  // Types and axes (Types.cpp).
  std::vector<AxisUse> visible(const Context &c, const Type &type) const;
  Type visibleType(const Context &c, const Type &type) const;
  Type unionType(Element element, llvm::ArrayRef<Expr *> operands) const;
  std::optional<Element> element(const Context &c, const syntax::TypeRef &t, bool report = true);
  std::optional<Type> type(const Context &c, const syntax::TypeRef &t);
  static AxisUse primed(AxisUse use, llvm::ArrayRef<AxisUse> before);
  static Entity axisEntity(const Axes &axes);
  void enter(Scope &scope, const Bindings &bound, const syntax::Item *item = nullptr);

  // Axes as they are written (Axes.cpp).
  std::optional<AxisUse> axis(const Context &c, const syntax::AxisRef &a); ///< where only one may stand
  std::optional<Axes> axes(const Context &c, const syntax::AxisRef &a);
  std::optional<AxisUse> axisOf(const Context &c, const syntax::Expr &e); ///< said in brackets or after over:
  std::optional<Axes> axesOf(const Context &c, const syntax::Expr &e);
  std::optional<Axes> axesOf(const Context &c, const syntax::Entry &entry);
  void noAxis(Location place);
  static const AxisUse *there(llvm::ArrayRef<AxisUse> axes, const AxisUse &said);
  void bindExtents(Context &c, const Scope *scope, const syntax::TypeRef &type, const Value *given, Bindings &bound);
  bool saidExtent(const Context &c, const syntax::Expr &e, AxisUse &use);
  void extentRefused(const Context &c, const syntax::Expr &e, const AxisUse &use);
  const Axis *makeAxis(std::string name, int64_t extent, Location place);
  const Axis *freshAxis(const Axis *axis);
  Element indexOf(const AxisUse &at);
  const Axis *innerAxis(std::string name, int64_t extent, Location place); ///< one that users don't know as an axis

  // Nodes (Types.cpp).
  Expr *node(Expr::Kind kind, Type type, Location place);
  Expr *constant(Element element, double number, Location place);
  Expr *pointwise(std::string name, Element element, llvm::ArrayRef<Expr *> operands, Location place);
  Expr *cast(Expr *e, Element element, Location place);
  Expr *widened(Expr *e, Location place);                                ///< a narrow float as f32, else as it is
  Expr *numbersAlong(const AxisUse &a, Location place);                  ///< 0, 1, … along an axis, as i64
  Expr *shuffleKey(Context &c, const std::string &path, Location place); ///< a key of its own for a loop's order
  /// How many steps a loop over `n` has: n, or its whole batches, or of a bounded batch's axis the remainder besides.
  Expr *stepsOf(Expr *n, const Axis *batch, Location place);
  /// The numbers below `n` of what a loop's step goes through: that of its counter, or those of a batch.
  Expr *numbersOfBatch(Context &c, Expr *counter, Expr *n, const Axis *batch, Location place);
  Expr *reduce(std::string kind, Expr *x, llvm::ArrayRef<AxisUse> over, Location place);
  Expr *contract(Expr *x, Expr *y, Type type, llvm::ArrayRef<AxisUse> over, Location place);
  Expr *broadcast(Expr *e, Type type, Location place);
  // `precision` blocks (Precision.cpp).
  Value precisionBlock(Context &c, const syntax::Stmt &s);
  Expr *rounded(Expr *e, Location place);
  Expr *inPrecision(const std::string &op, Element element, llvm::ArrayRef<Expr *> operands, Location place);
  std::optional<Element> precision; ///< what f32 is computed in; none: in f32

  Expr *aliasesOutside(const Aliases &aliases, Expr *e, Location place);
  Value aliasesInside(const Aliases &aliases, const FunctionValue &f, const Bindings &bound,
                      const syntax::TypeRef &type, Value v, Location place);
  AxisUse distinct(Aliases &aliases, const std::vector<AxisUse> &taken, AxisUse use);
  Expr *rename(Expr *e, const std::function<AxisUse(AxisUse)> &to, Location place);
  Expr *rename(Expr *e, const Aliases &pairs, Location place); ///< first becomes second
  Variable *variable(std::string name, Type type, Location place);
  Stmt *statement(Context &c, Stmt::Kind kind, Location place);
  Expr *use(const Variable *v, Location place);
  Expr *get(const Slot *slot, Location place);
  Stmt *set(Context &c, const Slot *slot, Expr *value, Location place);
  Expr *localState(Context &c, std::string path, Expr *first, Location place); ///< with its first value: it is read
  Value tensor(Expr *e, bool draws = false) const;
  Value define(Context &c, std::string name, const Value &value, Location place); ///< let: computed once
  Expr *asTensor(Context &c, const Value &v, Location place, std::optional<Element> wanted = std::nullopt);
  std::string describe(const Context &c, const Value &v) const;

  // Structs and tuples (Structs.cpp, Tuples.cpp).
  Value tuple(Context &c, const syntax::Expr &e);
  std::optional<Shape> shape(const Context &c, const syntax::TypeRef &t, bool report = true);
  const Shape *structShape(const FunctionValue &type);   ///< null: it was refused
  Shape shapeOf(const Context &c, const Value &v) const; ///< without mapped axes
  std::vector<AxisUse> outerAxes(const Context &c, const Value &v) const;
  std::vector<AxisUse> axesBeyond(const Context &c, const Value &v, const Shape *own) const;
  Value eachLeaf(const Value &v, const std::string &path,
                 llvm::function_ref<Value(const Value &, const std::string &)> change) const;
  struct Leaf {
    std::string path;
    Value value;
    Type declared;
  };
  bool leaves(Context &c, const Value &v, const Shape &shape, const std::string &path, const std::string &what,
              Location place, std::vector<Leaf> &out, bool report, std::string *why = nullptr);
  Value like(const Shape &shape, const std::string &path,
             llvm::function_ref<Value(const Type &, const std::string &)> make) const;
  Value construct(Context &c, const FunctionValue &type, const syntax::Expr &call);
  Value current(const Context &c, const Value &v, Location place); ///< the values now of the slots in it
  static void withoutSlots(Value &v);
  Value eachBranch(Context &c, const Value &yes, const Value &no, Location place, Location placeNo,
                   llvm::function_ref<Value(const Value &, const Value &)> leaf);
  Value unequalBranches(Context &c, const Value &yes, const Value &no, Location place);
  bool branchTensors(Context &yesContext, Context &noContext, const Value &yes, const Value &no, Location place,
                     Location placeYes, Location placeNo, Expr *&a, Expr *&b);
  bool choosesWhole(Context &c, Expr *test, const Value &v, Location placeTest);
  Value choose(Context &c, const Value &condition, Expr *test, const Value &yes, const Value &no, Location place,
               Location placeTest, Location placeYes, Location placeNo);
  Value makeSlots(const std::string &path, Slot::Kind kind, const Shape &shape, Location place);

  // Names (Declarations.cpp).
  /// Whether an unknown name may be declared in what could not be read: then it is no second error.
  bool maybeUnread(const std::string &name) const { return unread && unread->count(name) > 0; }
  const Entity *lookup(const Scope *scope, const std::string &name) const;
  std::vector<std::string> candidates(const Scope *scope) const;
  bool declare(Scope &scope, const std::string &name, Entity entity);
  static Entity failed(Location place);
  void declareItems(const syntax::Tree &tree, Scope &scope);
  const Axis *axisTerm(const Scope &scope, const syntax::Expr &e) const;
  bool isSumOfAxes(const Scope &scope, llvm::ArrayRef<const syntax::Expr *> terms) const;
  bool addTerm(const Scope &scope, Axis &axis, const syntax::Expr &term, std::set<std::string> &seen);
  const Axis *declareSum(const Scope &scope, const std::string &name, llvm::ArrayRef<const syntax::Expr *> terms,
                         Location place);
  std::set<size_t> textColumns(const std::string &file, const std::string &axis, bool words) const;
  bool labelsFromFiles(const syntax::Expr &source, const Axis &axis, std::vector<std::string> &out);
  bool declareDim(Scope &scope, const std::string &name, const syntax::Expr &value, bool bounded, Location place);
  void declareGlobals(const syntax::Tree &tree);
  void declareValue(const syntax::Item &item);
  const Entity *declaredBelow(const Scope *scope, const std::string &name);
  void declare(const syntax::Tree &user, const std::vector<const syntax::Tree *> &libraries);
  bool isKnown(const Value &v);
  Value instantiateModel(Context &c, const FunctionValue &model, const syntax::Expr &call, const std::string &path);
  Value instantiateOptimizer(Context &c, const FunctionValue &type, const syntax::Expr &call, const std::string &path);
  std::optional<Context::Fans> fansOf(const Context &c, const syntax::TypeRef &type);
  bool modelMember(Context &c, ModelInstance &m, const syntax::Stmt &s);
  Slot *makeSlot(std::string path, Slot::Kind kind, Type type, Location place);
  bool initialise(const Context &c, const Value &slots, const Shape &shape, const syntax::Expr &value);
  std::optional<Shape> shapeOfFirst(const Context &c, const syntax::Expr &value, Value &first);
  bool stacked(const Context &c, Shape &shape, const syntax::Stmt &s);
  Value declared(Context &c, const syntax::Expr &value, const Shape &shape, const char *what, const std::string &name,
                 Location typePlace);
  Value conform(Context &c, const Value &v, const Type &type, const char *what, const std::string &name, Location place,
                Location typePlace);

  // Expressions (Expressions.cpp).
  Value expression(Context &c, const syntax::Expr &e);
  /// The same where a data set is spoken of as such: one of values is else the tensor of its rows.
  Value expressionOrSet(Context &c, const syntax::Expr &e);
  Value named(Context &c, const syntax::Expr &e,
              const std::string &path); ///< the value of `let path = e`: instances take their path
  static Slot *lane(const Context &c, Slot *slot);
  Value nameUse(Context &c, const syntax::Expr &e);
  Value member(Context &c, const syntax::Expr &e);
  Value unary(Context &c, const syntax::Expr &e);
  Value binary(Context &c, const syntax::Expr &e);
  std::optional<Value> foldLiterals(const std::string &op, const Value &a, const Value &b, Location place);
  Value arithmetic(Context &c, const std::string &op, Value a, Value b, Location place, Location placeA,
                   Location placeB);
  bool align(Context &c, const std::vector<Expr *> &operands, Location place, const std::string &what,
             const std::vector<Location> &places);
  struct Operand {
    bool draws;
    Expr *expr;
    Location place;
    const syntax::Entry *entry = nullptr; ///< of an index with a guard
    Expr *inside = nullptr;               ///< where that is not asked
  };
  bool unrepeated(Context &c, llvm::ArrayRef<Operand> operands, const std::string &what);
  std::optional<Axes> oneAxis(const Context &c, llvm::ArrayRef<AxisUse> shared) const;
  Value contraction(Context &c, const syntax::Expr &e);
  Value indexing(Context &c, const syntax::Expr &e);
  Expr *indexOfPart(Context &c, Expr *index, const AxisUse &at, const Value &v, Location place);
  Value gather(Context &c, const Value &base, const syntax::Expr &e);
  struct IndexValue { ///< an entry of `x[…]`, or a field of one that is a struct or tuple
    const syntax::Entry *entry;
    Value value;
    Location place;
  };
  bool indexValues(Context &c, const syntax::Expr &e, std::vector<IndexValue> &out);
  bool isUntyped(const Context &c, const IndexValue &index) const;
  std::optional<AxisUse> axisTaken(Context &c, const IndexValue &index, llvm::ArrayRef<AxisUse> left,
                                   const std::string &shown);
  Expr *indexTaken(Context &c, const IndexValue &index, const AxisUse &at, Expr *&inside);
  bool takeAxes(Context &c, std::vector<AxisUse> left, const std::string &shown, const std::vector<IndexValue> &given,
                std::vector<AxisUse> &taken, std::vector<Operand> &indices);
  Value gatherLeaf(Context &c, Expr *table, const std::vector<AxisUse> &taken, const std::vector<Operand> &indices,
                   Location place);
  Value renaming(Context &c, const Value &v, const syntax::Expr &e);

  struct Argument {
    std::string name;
    Value value;
    Location place;
  };

  // Bounded axes (Lengths.cpp).
  bool isPresent(const Expr *index, const Variable *length) const;
  bool anotherLength(const Expr *index, const AxisUse &at, Location place);
  Expr *lengthOf(const AxisUse &a, Location place);
  Expr *present(llvm::ArrayRef<AxisUse> axes, Location place);
  Expr *absentAs(Expr *e, double number, llvm::ArrayRef<AxisUse> axes, Location place);
  bool equalLengths(Context &c, llvm::ArrayRef<Expr *> operands, Location place, const std::string &what);
  bool keepsLengths(const Type &type, llvm::ArrayRef<AxisUse> over, Location place);
  static Type withLengthsOf(Type declared, const Expr &value);
  Value noNumber(const AxisUse &a, Location place);
  Value until(Context &c, const syntax::Expr &e);
  // Other lengths (OtherLengths.cpp).
  struct Sides; ///< of an `if` (OtherLengths.h)
  void chooseLengths(Context &c, Sides &sides, Expr *&yes, Expr *&no, std::vector<AxisUse> &chosen);
  static void withChosenLengths(Type &type, llvm::ArrayRef<AxisUse> chosen);
  Expr *renameBounded(Context &c, Expr *x, AxisUse from, const AxisUse &to, Location place);
  Value same(Context &c, const std::vector<Argument> &given, const std::optional<Axes> &said, Location place);
  /// `last`, in brackets, unless the program has something of that name.
  bool isLast(const Scope *scope, const syntax::Expr &e) const;
  Expr *heldIndex(Context &c, Expr *number, const AxisUse &at, std::string message, const syntax::Entry &entry,
                  Expr *&inside);
  Expr *lastIndex(Context &c, const AxisUse &at, const syntax::Entry &entry, Expr *&inside);
  Expr *presentIndex(Context &c, Expr *index, const AxisUse &at, const syntax::Entry &entry, Expr *&inside);

  Expr *loopIndex(Expr *number, const LoopRange &range, const AxisUse &at, Location place);
  LoopRanges loopRanges;

  // Errors of a run (Checks.cpp).
  Expr *conditions(const Context &c, Location place);
  void endsWhere(Context &c, Expr *wrong, const char *code, std::string message, std::string help, Location place);
  // Models as values (ModelValues.cpp).
  void leavesOf(const ModelInstance &m, const std::string &prefix, bool kept, std::vector<ModelLeaf> &out) const;
  static void withAxes(Shape &shape, const std::vector<AxisUse> &axes);
  std::vector<ModelLeaf> leavesOf(const ModelInstance &m) const;
  static bool isModelValue(const Value &v) {
    return v.kind == Value::Model || v.kind == Value::Gradient || v.kind == Value::Computed;
  }
  static bool isWithin(const ModelInstance &m, const ModelInstance &outer);
  static bool isTrained(const Context &c, const ModelInstance &m);
  bool sameKind(const ModelInstance &a, const ModelInstance &b, Aliases &pairs) const;
  std::optional<Value> asLeaves(const Value &v, Location place);
  Value differentKinds(Context &c, const Value &a, const Value &b, Location place);
  Value modelArithmetic(Context &c, const std::string &op, const Value &a, const Value &b, Location place,
                        Location placeA, Location placeB);
  Value reduceModel(Context &c, const std::string &name, const Value &v, const std::optional<Axes> &over,
                    Location place);
  Value negated(const Value &v, Location place);
  Value memberOfLeaves(const Value &v, const std::string &name, Location place);
  ModelInstance *clone(const ModelInstance &m, const std::string &path, const std::vector<AxisUse> &extra,
                       const std::map<const Slot *, Slot *> &made,
                       std::map<const ModelInstance *, ModelInstance *> &known);
  Value copy(Context &c, const Value &v, const std::string &path, Slot::Kind kind, std::vector<AxisUse> extra,
             Location place);
  Value madeModel(Context &c, const Value &v, const std::string &path, Location place);
  bool isOfLayer(const Context &c, const ModelInstance &m) const;
  static bool isMadeHere(const Value &v, Location place);
  bool makesModel(const Context &c, const syntax::Expr &e) const;
  const Value *stateOfModel(Context &c, Scope &scope, const syntax::Stmt &s, const Value &given,
                            const std::string &path, Slot::Kind kind, const std::vector<AxisUse> &extra);
  Value ensemble(Context &c, const syntax::Stmt &s, const std::string &path);
  Value assignModel(Context &c, const syntax::Stmt &s, const Value &target);

  // Index notation (Notation.cpp).
  Value letNotation(Context &c, Scope &scope, const syntax::Stmt &s);
  Value notationValue(Context &c, const syntax::Stmt &s);
  Value notationReduction(Context &c, const syntax::Expr &e);
  Value reduceIndices(Context &c, const syntax::Expr &e);
  void enterIndex(Context &c, Scope &scope, const NotationIndex &index);
  Expr *contractionOf(Expr *product, llvm::ArrayRef<AxisUse> over, Location place);
  Value notationGather(Context &c, Expr *table, const syntax::Expr &e, llvm::ArrayRef<AxisUse> at);
  Expr *indexWithin(Context &c, const syntax::Entry &entry, const AxisUse &at, Expr *&inside);
  Value gatherComputed(Context &c, Expr *table, const syntax::Expr &e, llvm::ArrayRef<AxisUse> at,
                       llvm::ArrayRef<size_t> entries);
  Expr *guardOf(Context &c, const syntax::Entry &entry, const Element &element);
  std::optional<Expr *> windows(Context &c, Expr *table, const syntax::Expr &e, llvm::ArrayRef<AxisUse> at,
                                llvm::ArrayRef<size_t> entries);
  Expr *window(Expr *table, llvm::ArrayRef<WindowPlace> places, Location place);
  bool refusePadding(const syntax::Entry &entry, const AxisUse &at, const Affine &sum);

  // Writes at indices (Writes.cpp).
  bool enterWrites(Context &c, Writes &w, const syntax::Stmt &s, const std::vector<syntax::Expr *> &parts);
  bool singleWrite(Context &c, Writes &w, Expr *index, Location place);
  bool unguarded(const syntax::Expr &target);
  bool writeIndices(Context &c, Writes &w, const syntax::Expr &target, const std::vector<AxisUse> &axes,
                    const std::string &shown);
  Expr *scatter(Context &c, Writes &w, Expr *x, const Type &into, Expr *before, bool adds, Location place);
  bool readsWritten(Context &c, const Writes &w, const Value &target, const std::vector<Expr *> &values,
                    Location place);
  Value letScatter(Context &c, Scope &scope, const syntax::Stmt &s);
  Value writeAt(Context &c, const syntax::Stmt &s);

  // Calls (Calls.cpp).
  Value call(Context &c, const syntax::Expr &e);
  Context forArgument(const Context &c, const FunctionValue &f, const syntax::Entry &entry, size_t position);
  /// `callee`: what they are given to, if it is known before.
  bool arguments(Context &c, const syntax::Expr &e, std::vector<Argument> &out, std::optional<Axes> &over,
                 const FunctionValue &callee = {});
  static void giveFans(const Context &c, const std::vector<syntax::Parameter> &parameters, std::vector<Argument> &given,
                       Location place);
  bool match(const std::vector<syntax::Parameter> &parameters, std::vector<Argument> &given,
             std::vector<const Argument *> &out, const std::string &name, Location place);
  // Lists, and sums of axes (Lists.cpp).
  Value listAs(Context &c, const Value &list, const Type &type, Location place);
  Value joined(Context &c, llvm::ArrayRef<Expr *> elements, const AxisUse &along, llvm::ArrayRef<Axis::Part> parts,
               Location place, bool draws);
  static const Axis::Part *partOf(const Axis &whole, const Axis *part, bool *several = nullptr);
  static const AxisUse *wholeOf(llvm::ArrayRef<AxisUse> axes, const Value &v);
  Expr *indexAt(Context &c, const Value &v, const AxisUse &at, Location place);
  Expr *partIndices(const AxisUse &whole, const Axis::Part &part, Location place);
  Value toIndex(Context &c, const AxisUse &axis, const std::vector<Argument> &given, const syntax::Expr &call);

  // Functions (Instances.cpp, Binding.cpp).
  Value callFunction(Context &c, const FunctionValue &f, std::vector<Argument> given, std::optional<Axes> over,
                     Location place);
  bool bindAxes(Context &c, const FunctionValue &f, const std::vector<const Argument *> &given, Bindings &bound,
                const std::string &name, Location place);
  bool fits(Context &c, const FunctionValue &f, const std::vector<const Argument *> &given, const Bindings &bound,
            const std::string &name, Location place, bool report, std::string *why = nullptr);
  int64_t givenExtent(const Context &c, const FunctionValue &f, const std::string &parameter,
                      const std::vector<const Argument *> &given, const AxisUse &use) const;
  void bringsMore(Context &c, const Argument &given, const syntax::Parameter &p, const syntax::Parameter &open,
                  const AxisUse &more, const std::string &name, bool report);
  static bool isOpen(const syntax::TypeRef &type); ///< whether it has `..`
  static const syntax::Parameter *openParameter(const syntax::Item &item);
  bool fieldsFit(Context &c, const Context &inner, const syntax::Parameter &p, const Argument &given,
                 const std::string &name, bool report, std::vector<AxisUse> &extra, std::string *why);
  bool lacksAxis(Context &c, const FunctionValue &f, const Argument &given, const syntax::Parameter &p,
                 const AxisUse &wanted, const std::string &name);
  bool unbound(Context &c, const FunctionValue &f, const std::vector<const Argument *> &given,
               const std::vector<Bindings> &found, const std::vector<Bindings> &tried,
               const std::vector<std::string> &open, const std::string &name, Location place);
  struct Prepared; ///< a call's arguments, as the body takes them (Prepared.h)
  std::string learningKey(Context &c, const FunctionValue &f, const Prepared &p) const;
  static void addExtra(const FunctionValue &f, const std::vector<const Argument *> &given, std::vector<AxisUse> &out);
  const Entity *modelAsked(const FunctionValue &f, const syntax::Parameter &p) const;
  bool isOfKind(Context &c, const FunctionValue &f, const syntax::Parameter &p, const Value &v, Location place,
                const std::string &name);
  bool drawsAlong(Context &c, const Prepared &p, llvm::ArrayRef<AxisUse> extra, const std::string &name);
  void mapOver(Context &c, const FunctionValue &f, const Context &inner, const std::vector<AxisUse> &named,
               llvm::ArrayRef<AxisUse> extra, Prepared &out);
  bool prepare(Context &c, const FunctionValue &f, const std::vector<const Argument *> &given, const Context &inner,
               const std::vector<AxisUse> &named, Prepared &out, const std::string &name, Location place);
  bool freshen(Context &c, const FunctionValue &f, const Bindings &bound, Prepared &p, const std::string &name,
               Location place);
  Expr *intoBody(const Prepared &p, Expr *e, const Type &declared, Location place);
  bool takeLengths(Context &c, Prepared &p, const std::string &name, Location place);
  Expr *whereItCounts(Context &c, const Prepared &p, Location place);
  Expr *fromBody(const Stmt &call, const Prepared &p, Type made, const std::string &label);
  Expr *outOfBody(const Prepared &p, const Aliases &aliases, Expr *e);
  std::vector<const Variable *> takeLengthsFound(Context &c, const Stmt &call, Prepared &p, const Aliases &aliases);
  Value takeResult(Context &c, Stmt &call, const Prepared &p, const Aliases &aliases, const Value &v,
                   const std::string &label, std::optional<AxisUse> &clash);
  static Element realOf(const FunctionValue &f, llvm::ArrayRef<const Argument *> given);
  void axesIn(const FunctionValue &structure, std::set<const Axis *> &out) const;
  void axesOf(const Entity &e, std::set<const Axis *> &out) const;
  std::set<const Axis *> spoken(const FunctionValue &f, const Bindings &bound) const;
  void spokenThrough(const FunctionValue &f, const Prepared &p, std::set<const Axis *> &out) const;
  bool mentionsDraw(const syntax::Item *item, const Scope *scope);
  static bool isUnaryPrimitive(const std::string &name);
  Value callPrimitive(Context &c, const FunctionValue &f, const std::vector<Argument> &given,
                      const std::optional<Axes> &over, Location place);
  static bool isPrimitive(const std::string &name);
  Value primitive(Context &c, const std::string &name, const std::vector<Argument> &given, Location place, bool &known);

  // Bodies of instances (Bodies.cpp).
  const sema::Function *instance(Context &c, const FunctionValue &f, const Bindings &bound, std::optional<Element> real,
                                 const Prepared &p, const std::string &name, std::vector<Value> &resultShape);
  void giveLengths(sema::Function &fn);
  static std::string instanceKey(const FunctionValue &f, const Bindings &bound, const Prepared &p);
  Value addParameter(sema::Function &fn, const std::string &name, const Type &type, Location place);
  void enterBody(Context &inner, Scope &scope, const FunctionValue &f, const Bindings &bound,
                 std::optional<Element> real, const Prepared &p);
  bool giveResult(Context &inner, const FunctionValue &f, const std::string &name, Value &v, const Shape *declared);
  bool giveTensor(Context &inner, const FunctionValue &f, const std::string &name, Value &v, const Type *declared);
  void giveOther(Context &c, const FunctionValue &f, const std::string &name, const Value &v, const Shape &t);
  bool fieldsFit(const FunctionValue &f, const std::string &name, Value &v, const Shape &t);

  // Bodies that nothing calls (Uncalled.cpp).
  bool distinctParameters(const syntax::Item &item);
  bool hidesAxis(const syntax::Item &item, const Scope *outer);
  void checkHead(const syntax::Item &item, const Scope *outer);
  void checkOptimizer(Context &c, const syntax::Item &item);
  AxisUse anyAxis(const syntax::Name &name);
  bool anyArguments(const syntax::Item &item, Scope &scope, std::vector<Argument> &out);
  void checkFunction(Context &c, const FunctionValue &declared);
  void checkModel(Context &c, const syntax::Item &item, const std::set<const syntax::Item *> &called);

  // Reductions (Reductions.cpp).
  static bool isReduction(const std::string &name);
  Expr *endOf(const Element &e, bool high, Location place);
  Value reduction(Context &c, const std::string &name, const std::vector<Argument> &given, std::optional<Axes> over,
                  Location place);
  bool reducedAxes(Context &c, const std::string &name, const Argument &what, Expr *x, std::optional<Axes> &over,
                   Location place);
  void noSuchAxis(const Context &c, const std::string &name, const Argument &what, const AxisUse &axis,
                  llvm::ArrayRef<AxisUse> all);
  Value placeOf(Context &c, const std::string &kind, Expr *x, const Axes &over, Location place);
  Expr *count(const std::vector<AxisUse> &over, Element element, Location place);

  // Statements (Statements.cpp).
  Value block(Context &c, const syntax::Block &body, bool valueWanted = true);
  void checkUnreached(const Context &c, const syntax::Block &body, const syntax::Pattern *names = nullptr);
  enum class Effect { None, Check, More }; ///< a check that may end the run; a state that is written, or output
  Effect effectOf(const Block &body, size_t from);
  bool hasEffect(const Block &body, size_t from) { return effectOf(body, from) != Effect::None; }
  void warnDropped(Context &c, const syntax::Stmt &s, const Value &v, size_t before, bool last);
  Value statement(Context &c, Scope &scope, const syntax::Stmt &s);
  Value let(Context &c, Scope &scope, const syntax::Stmt &s);
  Value letValue(Context &c, Scope &scope, const syntax::Stmt &s);
  Value state(Context &c, Scope &scope, const syntax::Stmt &s);
  Value stateValue(Context &c, Scope &scope, const syntax::Stmt &s);
  void failedNames(Scope &scope, const syntax::Pattern &p);
  Value assign(Context &c, const syntax::Stmt &s);
  Value record(Context &c, const syntax::Stmt &s);
  bool slotsWritten(Context &c, const Value &target, const syntax::Expr &e, std::vector<Slot *> &out);
  Expr *writable(Context &c, Slot *slot, const Value &v, Location place, const Type *as = nullptr);
  void bindPattern(Context &c, Scope &scope, const syntax::Pattern &p, const Value &v, const char *what);
  void require(const syntax::Item &item); ///< after all tasks

  // Loops (Loops.cpp).
  static Value unitValue() {
    Value v;
    v.kind = Value::Unit;
    return v;
  }
  struct Counting;
  Expr *bound(Context &c, const Value &v, Location place, const Axis *&axis);
  Value range(Context &c, const syntax::Expr &e);
  bool boundedLoop(Context &c, Counting &counts, Location place);
  std::optional<Counting> counting(Context &c, const syntax::Expr &e);
  bool bodyWithin(Context &c, const syntax::Expr &e, Emission &emission, Expr *within);
  Value loop(Context &c, const syntax::Expr &e);
  Value emit(Context &c, const syntax::Stmt &s);
  Value emitted(Context &c, Stmt &s, const Emission &emission, const Value &over, Location head);
  bool emitsAlong(Context &c, const Type &each, const AxisUse &axis, Location place, Location head);
  Value whileLoop(Context &c, const syntax::Expr &e); ///< While.cpp

  // Repetitions (Repeat.cpp).
  Value repeat(Context &c, const syntax::Expr &e, const std::string &path);
  std::vector<std::pair<AxisUse, Expr *>> layersOf(const Context &c, const Slot *slot) const;
  Type typeInLayer(const Context &c, const Slot *slot) const;
  Expr *layerOf(const Context &c, const Slot *slot, Expr *whole, Location place);
  Expr *withLayer(const Context &c, const Slot *slot, Expr *value, Location place);
  Value compose(Context &c, const ModelInstance &model, const FunctionValue &f, std::vector<Argument> given,
                std::optional<Axes> over, Location place);

  // Branches (Branches.cpp).
  struct Side {
    Value value;
    Location place;
  };
  Value conditional(Context &c, const syntax::Expr &e);
  Value side(Context &c, const syntax::Block &body, Block &into, const Mask *mask, bool valueWanted);
  Value joined(Context &c, Stmt &s, Context &yesContext, Context &noContext, const Side &yes, const Side &no);
  Expr *masked(Context &c, const Slot *slot, Expr *value, Location place);
  static bool isCheap(const Block &body);
  const Stmt *unmaskable(const Block &body);

  // Learning (Learning.cpp).
  Value minimize(Context &c, const syntax::Expr &e);
  Value gradOverModel(Context &c, const Value &over, Location overPlace, const syntax::Block &body, Location place,
                      Value *loss);
  Value gradOfExpression(Context &c, const syntax::Expr &e);
  Value gradient(Context &c, const syntax::Expr &over, const syntax::Block &body, Location place);
  Value gradOverValue(Context &c, const syntax::Expr &over, const Value &x, const syntax::Block &body, Location place);
  Value update(Context &c, const syntax::Stmt &s);
  Value apply(Context &c, const Value &model, const Value &gradient, const Value &optimizer, Location place);
  bool mayChange(const ModelInstance &m, Location place);
  void slotsOf(const Value &v, std::vector<const Slot *> &out) const;
  void warnConditional(const Flow &flow, const Stmt &grad, Location place);
  bool checkReach(const Stmt &grad, Location place);
  bool checkDiscrete(const Flow &flow, llvm::ArrayRef<const void *> over, const std::string &name, Location place);
  std::map<std::string, Location> testNames;
  std::vector<const Slot *> lanesOf(Context &c, const std::vector<const Slot *> &slots, Location place);
  bool isLasting(Context &c, const Value &model, Location place);
  bool inTest = false;
  void warnUntrained();
  void readSlots(const Block &body, Expr *value, std::set<const Slot *> &out, std::set<const Variable *> &used) const;

  // Derivatives along directions, and of functions' own (Derivatives.cpp).
  Type eachLane(const Context &c, const Type &type) const;
  Expr *innerProduct(const Context &c, Expr *a, Expr *b, Location place);
  std::vector<Expr *> directions(Context &c, const Value &x, const Value &along, Location place);
  Value jvp(Context &c, const syntax::Expr &over, const syntax::Expr &along, const syntax::Block &body, Location place);
  Value jvpOfExpression(Context &c, const syntax::Expr &e);
  bool ownGradient(Context &c, const FunctionValue &f, sema::Function &fn, const Prepared &p, const std::string &name);

  // Data (DataSets.cpp).
  void declareData(const syntax::Item &item, Scope &scope);
  bool isFresh(const syntax::Name &name, std::set<std::string> &seen);
  std::optional<Field> declareField(Context &c, const syntax::DataField &f);
  bool declareParts(const syntax::Item &item, Data &d, std::set<std::string> &seen); ///< Splits.cpp
  Expr *partCondition(const syntax::Item &item, Data &d, const syntax::Expr &e);
  bool readerOf(const syntax::Item &item, Data &d); ///< ValueSets.cpp
  bool valueField(Context &c, const syntax::Item &item, Data &d);
  bool arrayFields(Context &c, const syntax::Item &item, Data &d); ///< ArraySets.cpp
  Value asRows(Context &c, const Value &v, Location place);
  // Fields along bounded axes (SequenceFields.cpp).
  bool sequenceField(Context &c, const syntax::DataField &f, const syntax::Expr &columns, Field &field);
  bool labelsAround(Context &c, const syntax::DataField &f, Field &field);
  bool haveLabels(const Type &type, Location place, bool words, const std::string &what, const std::string &rule,
                  const std::string &other);
  void addLengths(Data &data);
  const Variable *lengthOfField(Context &c, const DataValue &d, const Field &f, Expr *rows, Location place);
  Value field(Context &c, const DataValue &d, const std::string &name, Expr *rows, Location place);
  bool haveWindows(const DataValue &d, Location place);
  bool rowsAlong(const DataValue &d, const AxisUse &axis, const std::string &what, Location place);
  struct Going;
  std::optional<Going> going(Context &c, DataValue d, Location place);
  Value rowAt(Context &c, const Going &g, Expr *counter, const std::string &name, Location place);
  std::vector<DataValue> zipped(Context &c, const syntax::Expr &head);
  Value loopOverData(Context &c, const syntax::Expr &e, llvm::ArrayRef<DataValue> sets);

  Program &program;
  DiagnosticEngine &diagnostics;
  const Options &options;
  Usage &usage;
  Flows flows;
  std::map<const Slot *, Axes> stackOf;        ///< the axes of the `repeat`s that a slot is in
  std::map<const Slot *, const Mask *> maskOf; ///< the innermost where a state was declared
  std::set<const Slot *> trained, written;     ///< by an optimiser; by `load` or `<-`
  std::map<const Slot *, Location> owners;     ///< where the model of a parameter was made
  const Block *taskBlock = nullptr;            ///< the body of the task that is being elaborated
  const syntax::Expr *callee = nullptr; ///< what is being called or indexed: no function that is given as a value
  std::map<const sema::Function *, Effect> effects;
  Expansions expansions{diagnostics};
  std::map<const sema::Function *, Mask> masks; ///< of instances that check only what counts for the caller
  std::map<const syntax::Item *, std::optional<Shape>> structs; ///< without the axes that a type adds
  std::set<const syntax::Item *> openStructs;                   ///< whose fields are being looked at
  std::map<const Variable *, const Variable *> presentBelow;    ///< of a loop's index: the length it lies below
  std::map<const sema::Function *, Axes> lengthsIn; ///< of an instance: its bounded axes with its own lengths
  std::map<const sema::Function *, std::vector<const Variable *>>
      lengthsFound; ///< that its body cuts by, and gives back
  /// Of fields along bounded axes, at rows or (by the body where it stands) of all of a part: their lengths.
  std::map<std::tuple<const void *, const Data *, int, unsigned>, const Variable *> fieldLengths;
  std::set<const sema::Function *> seesRest; ///< instances that reach a function with `..`
  Scope library, global;
  std::map<std::string, const syntax::Item *> values;         ///< lets, states and data of the file
  std::set<const syntax::Item *> valuesDeclared;              ///< those that have been looked at
  std::vector<const syntax::Item *> dataItems;                ///< of the user's file
  const std::set<std::string, std::less<>> *unread = nullptr; ///< names of the user's file that stand there
  std::map<std::string, const sema::Function *> instances;
  std::map<const sema::Function *, std::vector<Value>> shapes;
  std::map<const syntax::Item *, int> drawing; ///< memo of mentionsDraw
  std::map<const Slot *, std::vector<std::pair<const OptimizerInstance *, std::map<std::string, Slot *>>>>
      optimiserStates;
  std::map<std::string, unsigned> names;
  std::map<const Variable *, std::pair<Location, std::set<const Slot *>>> definitions; ///< what a `let` read
  std::vector<std::shared_ptr<ModelInstance>> models;
  std::vector<std::string> active; ///< instances being elaborated: recursion
  struct Nest;
  unsigned depth = 0;      ///< of expressions being elaborated
  bool tooDeep = false;    ///< this was reported
  bool anyExtents = false; ///< bodies are checked whose axes may have any
  bool tooLarge = false;   ///< a tensor of too many elements was reported
  Block globalBlock;
  unsigned globalOrdinal = 0;
};

} // namespace burin::sema
