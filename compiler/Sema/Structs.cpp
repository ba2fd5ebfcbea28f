// Structs and tuples: values with fields, whose leaves are tensors. Structs.md.
#include "compiler/Sema/OtherLengths.h"
#include <fmt/format.h>

namespace burin::sema {

constexpr size_t mostLeaves = 1000;

std::string show(const Shape &shape) {
  if (shape.isTensor)
    return show(shape.leaf);
  std::string text;
  if (!shape.structure) {
    for (auto &[name, field, place] : shape.fields)
      text += (text.empty() ? "(" : ", ") + (name.empty() ? "" : name + ": ") + show(field);
    return text + ")";
  }
  for (const AxisUse &a : shape.axes)
    text += (text.empty() ? "[" : ", ") + show(a);
  return shape.structure->name + text + (text.empty() ? "" : "]");
}

// Every leaf of a struct has the axes behind its name, outermost; none of them is one of its own.
static const AxisUse *addAxes(Shape &shape, llvm::ArrayRef<AxisUse> axes) {
  if (shape.structure)
    shape.axes.insert(shape.axes.begin(), axes.begin(), axes.end());
  if (shape.isTensor) {
    for (const AxisUse &a : axes)
      if (llvm::is_contained(shape.leaf.axes, a))
        return &a;
    shape.leaf.axes.insert(shape.leaf.axes.begin(), axes.begin(), axes.end());
  }
  for (auto &[name, field, place] : shape.fields)
    if (const AxisUse *twice = addAxes(field, axes))
      return twice;
  return nullptr;
}

// What a struct's declaration says; looked at once.
const Shape *Analyzer::structShape(const FunctionValue &type) {
  const syntax::Item &item = *type.item;
  if (auto known = structs.find(&item); known != structs.end())
    return known->second ? &*known->second : nullptr;
  auto refuse = [&](Location place, std::string message, std::string label, std::string help) {
    structs[&item] = std::nullopt;
    error("E0241", place, std::move(message), std::move(label), std::move(help));
    return nullptr;
  };
  if (item.structFields.empty())
    return refuse(item.namePlace, fmt::format("the struct `{}` has no fields", item.name), "nothing in it",
                  "declare one: `name: f32`");
  Shape out;
  out.isTensor = false, out.structure = &item, out.leaves = 0;
  openStructs.insert(&item);
  Context c;
  c.scope = type.scope;
  std::map<std::string, Location> seen;
  bool fine = true;
  for (auto &[name, written] : item.structFields) {
    if (auto [first, fresh] = seen.try_emplace(name.text, name.place); !fresh) {
      diagnostics.error("E0202", name.place, fmt::format("`{}` has the field `{}` twice", item.name, name.text))
          .label("declared again")
          .origin(first->second, "declared first here")
          .help("give one of them another name");
      fine = false;
      continue;
    }
    auto field = shape(c, written);
    fine &= field.has_value();
    if (!field)
      continue;
    out.leaves += field->leaves;
    if (out.leaves > mostLeaves) {
      openStructs.erase(&item);
      return refuse(name.place, fmt::format("the struct `{}` has more than {} tensors", item.name, mostLeaves),
                    "with this field", "use an axis where many fields are alike");
    }
    out.fields.push_back({name.text, std::move(*field), name.place});
  }
  openStructs.erase(&item);
  auto &kept = structs[&item];
  if (fine)
    kept = std::move(out);
  return kept ? &*kept : nullptr;
}

std::optional<Shape> Analyzer::shape(const Context &c, const syntax::TypeRef &t, bool report) {
  Shape out;
  if (t.kind == syntax::TypeRef::Tuple) {
    out.isTensor = false, out.leaves = 0;
    for (size_t k = 0; k < t.fieldTypes.size(); ++k) {
      auto field = shape(c, t.fieldTypes[k], report);
      if (!field)
        return std::nullopt;
      out.leaves += field->leaves;
      if (out.leaves > mostLeaves)
        return error("E0241", t.place, fmt::format("this tuple has more than {} tensors", mostLeaves), "here",
                     "use an axis where many parts are alike"),
               std::nullopt;
      out.fields.push_back({t.fieldNames[k].text, std::move(*field), t.fieldNames[k].place});
    }
    return out;
  }
  const Entity *e = t.kind == syntax::TypeRef::Tensor && t.path.size() == 1 ? lookup(c.scope, t.path[0].text) : nullptr;
  if (!e || e->kind != Entity::Value || e->value.kind != Value::StructType) {
    auto leaf = type(c, t);
    if (!leaf)
      return std::nullopt;
    out.leaf = std::move(*leaf);
    return out;
  }
  usage.read(e->place);
  if (openStructs.count(e->value.function.item)) {
    structs[e->value.function.item] = std::nullopt;
    return error("E0241", t.place, fmt::format("the struct `{}` contains itself", t.path[0].text), "here",
                 "a struct's size is known when it is compiled"),
           std::nullopt;
  }
  constexpr size_t deepest = 100;
  if (openStructs.size() > deepest)
    return error("E0241", t.place, fmt::format("structs are more than {} deep here", deepest), "here",
                 "put the fields into fewer structs"),
           std::nullopt;
  const Shape *bare = structShape(e->value.function);
  if (!bare)
    return std::nullopt;
  out = *bare;
  std::vector<AxisUse> axes;
  for (const syntax::AxisRef &a : t.axes) {
    auto uses = this->axes(c, a);
    if (!uses)
      return std::nullopt;
    for (const AxisUse &use : *uses)
      axes.push_back(primed(use, axes));
  }
  if (const AxisUse *twice = addAxes(out, axes)) {
    if (report)
      error("E0204", t.place, fmt::format("a field of `{}` has the axis `{}` already", t.path[0].text, show(*twice)),
            "twice in the field's type", "use another axis here, or in the struct");
    return std::nullopt;
  }
  return out;
}

// The axes of a value with fields that all of it has: of a struct besides its fields' own, of a tuple those of all
// parts.
std::vector<AxisUse> Analyzer::outerAxes(const Context &c, const Value &v) const {
  auto known = v.structure ? structs.find(v.structure) : structs.end();
  return axesBeyond(c, v, known != structs.end() && known->second ? &*known->second : nullptr);
}

std::vector<AxisUse> Analyzer::axesBeyond(const Context &c, const Value &v, const Shape *own) const {
  std::vector<AxisUse> out;
  if (v.kind == Value::Tensor) {
    out = visible(c, v.expr->type);
    if (own)
      llvm::erase_if(out, [&](const AxisUse &a) { return llvm::is_contained(own->leaf.axes, a); });
  }
  for (size_t k = 0; v.kind == Value::Tuple && k < v.fields.size(); ++k) {
    const Value &field = v.fields[k].second;
    std::vector<AxisUse> axes = own ? axesBeyond(c, field, &own->fields[k].second) : outerAxes(c, field);
    if (k == 0)
      out = axes;
    llvm::erase_if(out, [&](const AxisUse &a) { return !llvm::is_contained(axes, a); });
  }
  return out;
}

// The same fields with each leaf changed; an error if one is.
Value Analyzer::eachLeaf(const Value &v, const std::string &path,
                         llvm::function_ref<Value(const Value &, const std::string &)> change) const {
  if (v.kind != Value::Tuple)
    return change(v, path);
  Value out = v;
  for (size_t k = 0; k < out.fields.size(); ++k) {
    auto &[name, field] = out.fields[k];
    field = eachLeaf(field, path + "." + (name.empty() ? std::to_string(k + 1) : name), change);
    if (field.isError())
      return field;
  }
  return out;
}

Value Analyzer::like(const Shape &shape, const std::string &path,
                     llvm::function_ref<Value(const Type &, const std::string &)> make) const {
  if (shape.isTensor)
    return make(shape.leaf, path);
  Value out;
  out.kind = Value::Tuple, out.structure = shape.structure;
  for (auto &[name, field, place] : shape.fields) {
    out.fields.push_back({name, like(field, path + "." + name, make)});
    if (out.fields.back().second.isError())
      return {};
  }
  return out;
}

Shape Analyzer::shapeOf(const Context &c, const Value &v) const {
  Shape out;
  if (v.kind == Value::Tensor)
    out.leaf = visibleType(c, v.expr->type);
  if (v.kind != Value::Tuple)
    return out;
  out.isTensor = false, out.structure = v.structure, out.leaves = 0;
  if (v.structure)
    out.axes = outerAxes(c, v);
  for (auto &[name, field] : v.fields) {
    out.fields.push_back({name, shapeOf(c, field), {}});
    out.leaves += out.fields.back().second.leaves;
  }
  return out;
}

static void partNamed(DiagnosticEngine &diagnostics, Location place, size_t part, const std::string &name,
                      const Shape &shape, size_t other, const char *relation) {
  auto &d = diagnostics
                .error("E0219", place,
                       fmt::format("part {} of this tuple is named `{}`, and {} `{}`", part + 1, name, relation,
                                   shape.fields[part].first))
                .label("tuples match by position");
  if (shape.fields[other].place.length && shape.fields[other].place.file == place.file)
    d.origin(shape.fields[other].place, fmt::format("`{}` is part {}", name, other + 1));
  d.help("change their order, or a name");
}

// Rule 5. `what` says who asks, "`step` takes", if it is a call; `path` names what is asked for.
bool Analyzer::leaves(Context &c, const Value &v, const Shape &shape, const std::string &path, const std::string &what,
                      Location place, std::vector<Leaf> &out, bool report, std::string *why) {
  if (shape.isTensor && v.kind != Value::Tuple) {
    out.push_back({path, v.kind == Value::List ? listAs(c, v, shape.leaf, place) : v, shape.leaf});
    return !out.back().value.isError();
  }
  bool same = !shape.isTensor && v.kind == Value::Tuple && v.structure == shape.structure &&
              v.fields.size() == shape.fields.size();
  if (!same) {
    if (why)
      *why = fmt::format("`{}` is {}, and this is {}", path, show(shape), describe(c, v));
    if (report) {
      std::string asked = what.empty() ? fmt::format("`{}` is {}", path, show(shape))
                                       : fmt::format("{} {} as `{}`", what, show(shape), path);
      auto &d = diagnostics.error("E0242", place, fmt::format("{}, and this is {}", asked, describe(c, v)))
                    .label(describe(c, v));
      if (shape.structure && shape.structure->namePlace.file == place.file)
        d.origin(shape.structure->namePlace, fmt::format("`{}` is declared here", shape.structure->name));
      d.help(shape.structure  ? fmt::format("make one: `{}({}: …)`", shape.structure->name, shape.fields[0].first)
             : shape.isTensor ? "name the field that is meant: `x.field`"
                              : "give a tuple of as many parts, in order: `(a, b)`");
    }
    return false;
  }
  if (!shape.structure)
    for (size_t k = 0; k < v.fields.size(); ++k)
      for (size_t j = 0; j < v.fields.size(); ++j)
        if (j != k && !v.fields[k].first.empty() && v.fields[k].first != shape.fields[k].first &&
            v.fields[k].first == shape.fields[j].first) {
          if (why)
            *why = fmt::format("part {} of `{}` is named `{}`", k + 1, path, shape.fields[k].first);
          if (report)
            partNamed(diagnostics, place, k, v.fields[k].first, shape, j, "is asked for as");
          return false;
        }
  for (size_t k = 0; k < v.fields.size(); ++k)
    if (!leaves(c, v.fields[k].second, shape.fields[k].second, path + "." + shape.fields[k].first, what, place, out,
                report, why))
      return false;
  return true;
}

// `CartPole(x: 0, v: 0)`: as a call is, mapped over what an argument has besides its field's axes; a field's own axes
// are given to what lacks them (rules 15 to 17, 20).
Value Analyzer::construct(Context &c, const FunctionValue &type, const syntax::Expr &call) {
  const Shape *shape = structShape(type);
  const syntax::Item &item = *type.item;
  std::vector<syntax::Parameter> parameters;
  parameters.reserve(item.structFields.size());
  for (auto &[name, written] : item.structFields)
    parameters.push_back({name.text, true, written, nullptr, name.place});
  std::vector<Argument> given;
  bool fine = shape != nullptr;
  Axes said;
  for (const Axes &axes : type.axes)
    said.insert(said.end(), axes.begin(), axes.end());
  for (size_t k = 0; k < call.entries.size(); ++k) {
    auto &entry = call.entries[k];
    if (entry.extent || entry.guard)
      return error("E0214", entry.value->place, "an argument has no extent and no `else`", "here",
                   "guard an index where it stands: `x[i else 0]`");
    Context inner = c;
    auto add = [&](const AxisUse &a) {
      if (!llvm::is_contained(inner.drawAxes, a))
        inner.drawAxes.push_back(a);
    };
    llvm::for_each(said, add);
    for (size_t j = 0; shape && j < shape->fields.size(); ++j)
      if (entry.name.empty() ? j == k : entry.name == shape->fields[j].first)
        llvm::for_each(shape->fields[j].second.leaf.axes, add);
    Value v = expression(inner, *entry.value);
    fine &= !v.isError();
    given.push_back({entry.name, v, entry.value->place});
  }
  std::vector<const Argument *> matched;
  if (!fine || !match(parameters, given, matched, item.name, call.place))
    return {};
  std::vector<std::pair<Leaf, Location>> all;
  const std::vector<AxisUse> *most = &said;
  std::deque<std::vector<AxisUse>> extras;
  for (size_t k = 0; k < matched.size(); ++k) {
    std::vector<Leaf> own;
    if (!leaves(c, matched[k]->value, shape->fields[k].second, shape->fields[k].first,
                fmt::format("`{}` takes", item.name), matched[k]->place, own, true))
      return {};
    auto &extra = extras.emplace_back();
    for (Leaf &leaf : own) {
      Expr *e = asTensor(c, leaf.value, matched[k]->place, leaf.declared.element);
      if (!e)
        return {};
      if (!(e->type.element == leaf.declared.element)) {
        diagnostics
            .error("E0205", matched[k]->place,
                   fmt::format("`{}` takes {} as `{}`, and this is {}", item.name,
                               show(Type{leaf.declared.element, {}}), leaf.path, show(visibleType(c, e->type))))
            .label(show(visibleType(c, e->type)))
            .origin(parameters[k].place, "declared here")
            .help(fmt::format("convert it: `{}(…)`", show(Type{leaf.declared.element, {}})));
        return {};
      }
      for (const AxisUse &a : visible(c, e->type))
        if (!llvm::is_contained(leaf.declared.axes, a) && !llvm::is_contained(extra, a))
          extra.push_back(a);
      leaf.value = tensor(e, leaf.value.draws);
      all.push_back({leaf, matched[k]->place});
    }
    if (extra.size() > most->size())
      most = &extra;
  }
  for (size_t k = 0; k < extras.size(); ++k)
    for (const AxisUse &a : extras[k])
      if (!llvm::is_contained(*most, a))
        return error("E0204", matched[k]->place,
                     fmt::format("the fields of `{}` are mapped over different axes", item.name),
                     fmt::format("this brings `{}`", show(a)),
                     "one field must have all axes that are mapped: `outer` makes every pair, `as […]` renames");
  size_t next = 0;
  std::vector<AxisUse> mapped = *most;
  return like(*shape, "", [&](const Type &declared, const std::string &) -> Value {
    auto &[leaf, place] = all[next++];
    Expr *e = leaf.value.expr;
    Type full{declared.element, {}};
    for (const AxisUse &a : e->type.axes) // of bodies around this
      if (llvm::is_contained(c.mapped, a))
        full.axes.push_back(a);
    for (const AxisUse &a : mapped) {
      if (llvm::is_contained(declared.axes, a))
        return error("E0204", place, fmt::format("a field of `{}` has the axis `{}` already", item.name, show(a)),
                     "and is mapped over it here", "rename one of them with `as […]`");
      if (leaf.value.draws && !llvm::is_contained(e->type.axes, a))
        return error("E0226", place,
                     fmt::format("`{}` is mapped over `{}`, and would repeat this draw along it", item.name, show(a)),
                     fmt::format("drawn once for {}", show(visibleType(c, e->type))),
                     fmt::format("say along what is drawn: `{}[{}](…)`", item.name, show(a)));
      full.axes.push_back(a);
    }
    Type own = withLengthsOf(declared, *e);
    full.axes.append(own.axes.begin(), own.axes.end());
    return tensor(broadcast(e, full, place), leaf.value.draws);
  });
}

Value Analyzer::current(const Context &c, const Value &v, Location place) {
  return eachLeaf(v, "", [&](const Value &leaf, const std::string &) {
    Value out = leaf;
    if (leaf.kind == Value::Tensor && leaf.slot) {
      out.slot = lane(c, leaf.slot);
      out.expr = get(out.slot, place);
      if (Expr *layer = layerOf(c, out.slot, out.expr, place))
        out.expr = layer;
    }
    return out;
  });
}

void Analyzer::withoutSlots(Value &v) {
  v.slot = nullptr;
  for (auto &[name, field] : v.fields)
    withoutSlots(field);
}

Value Analyzer::makeSlots(const std::string &path, Slot::Kind kind, const Shape &shape, Location place) {
  return like(shape, path, [&](const Type &type, const std::string &leaf) {
    Slot *slot = makeSlot(leaf, kind, type, place);
    Value v = tensor(get(slot, place));
    v.slot = slot;
    return v;
  });
}

// Rule 5: both sides of an `if`, part by part where they have fields: by position, names checked.
Value Analyzer::eachBranch(Context &c, const Value &yes, const Value &no, Location place, Location placeNo,
                           llvm::function_ref<Value(const Value &, const Value &)> leaf) {
  if (isModelValue(yes) || isModelValue(no))
    return error("E0206", place, "an `if` chooses among values, and this is a model", "here",
                 "choose among what they give, or keep one: `state m = net`, then `if c { m <- other }`");
  if (yes.kind != Value::Tuple && no.kind != Value::Tuple)
    return leaf(yes, no);
  if (yes.kind != no.kind || yes.structure != no.structure || yes.fields.size() != no.fields.size())
    return unequalBranches(c, yes, no, place);
  Value out = yes;
  for (size_t k = 0; k < out.fields.size(); ++k) {
    for (size_t j = 0; j < out.fields.size(); ++j)
      if (j != k && !no.fields[k].first.empty() && no.fields[k].first != yes.fields[k].first &&
          no.fields[k].first == yes.fields[j].first)
        return error("E0219", placeNo,
                     fmt::format("part {} of this tuple is named `{}`, and is `{}` in the other branch", k + 1,
                                 no.fields[k].first, yes.fields[k].first),
                     "tuples match by position", "change their order, or a name");
    auto &[name, field] = out.fields[k];
    if (name.empty())
      name = no.fields[k].first;
    field = eachBranch(c, yes.fields[k].second, no.fields[k].second, place, placeNo, leaf);
    if (field.isError())
      return field;
  }
  return out;
}

Value Analyzer::unequalBranches(Context &c, const Value &yes, const Value &no, Location place) {
  return error("E0205", place, "both branches of `if` have one type",
               fmt::format("{} and {}", describe(c, yes), describe(c, no)), "convert one of them");
}

// Both sides as tensors of one element: each in its own block.
bool Analyzer::branchTensors(Context &yesContext, Context &noContext, const Value &yes, const Value &no, Location place,
                             Location placeYes, Location placeNo, Expr *&a, Expr *&b) {
  std::optional<Element> wanted;
  for (const Value *v : {&yes, &no})
    if (v->kind == Value::Tensor)
      wanted = v->expr->type.element;
  if (!wanted && (!yes.whole || !no.whole))
    wanted = Element{Element::F32, nullptr};
  a = asTensor(yesContext, yes, placeYes, wanted), b = asTensor(noContext, no, placeNo, wanted);
  if (a && b && !(a->type.element == b->type.element))
    return unequalBranches(yesContext, yes, no, place), false;
  return a && b;
}

// A condition that chooses for each struct has none of the axes that one of its fields has for itself.
bool Analyzer::choosesWhole(Context &c, Expr *test, const Value &v, Location placeTest) {
  if (v.kind != Value::Tuple)
    return true;
  std::vector<AxisUse> outer = outerAxes(c, v);
  for (const AxisUse &a : visible(c, test->type))
    if (v.structure && !llvm::is_contained(outer, a))
      return error("E0204", placeTest,
                   fmt::format("a field of `{}` has the axis `{}` of this condition for itself", v.structure->name,
                               show(a)),
                   show(visibleType(c, test->type)), "choose for each field, or reduce the condition"),
             false;
  return llvm::all_of(v.fields,
                      [&](const NamedValue &field) { return choosesWhole(c, test, field.second, placeTest); });
}

// `if` on values with fields: leaf by leaf, under one condition. Without fields both are tensors of one element.
Value Analyzer::choose(Context &c, const Value &condition, Expr *test, const Value &yes, const Value &no,
                       Location place, Location placeTest, Location placeYes, Location placeNo) {
  bool constant = test->kind == Expr::Constant; // `training`
  auto chosenLength = [&](Expr *first, Expr *second) -> const Variable * {
    Element element = first->type.element;
    for (const AxisUse &a : visible(c, test->type))
      if (a.axis->bounded)
        return nullptr;
    return define(c, "chosen.length", tensor(pointwise("select", element, {test, first, second}, place)), place)
        .expr->variable;
  };
  Sides sides{c, c, place, [](const Variable *) { return false; }, chosenLength};
  auto leaf = [&](const Value &yes, const Value &no) -> Value {
    Expr *a, *b;
    std::vector<AxisUse> lengths;
    if (!branchTensors(c, c, yes, no, place, placeYes, placeNo, a, b))
      return {};
    chooseLengths(c, sides, a, b, lengths);
    if (!align(c, {test, a, b}, place, "`if`", {placeTest, placeYes, placeNo}))
      return {};
    bool draws = constant ? (test->integer ? yes : no).draws : condition.draws || yes.draws || no.draws;
    if (!unrepeated(c,
                    {{condition.draws, test, placeTest},
                     {yes.draws && (!constant || test->integer), a, placeYes},
                     {no.draws && (!constant || !test->integer), b, placeNo}},
                    "`if`"))
      return {};
    Expr *out = pointwise("select", a->type.element, {test, a, b}, place);
    withChosenLengths(out->type, lengths);
    return tensor(out, draws);
  };
  Value out = eachBranch(c, yes, no, place, placeNo, leaf);
  return choosesWhole(c, test, out, placeTest) ? out : Value();
}

} // namespace burin::sema
