// `save`, `load` and `plot`: weights, arrays, pictures, lines. Rule 10: for files, products in `as`.
#include "compiler/Sema/Files.h"
#include <fmt/format.h>

namespace burin::sema {

static bool endsWith(const std::string &text, llvm::StringRef ending) {
  return llvm::StringRef(text).ends_with(ending);
}

Value Files::run() {
  Value file = sema.expression(c, *s.second);
  if (file.isError() || file.kind != Value::Text) {
    sema.expression(c, s.value->kind == syntax::Expr::As ? *s.value->operands[0] : *s.value);
    return file.isError() ? file
                          : sema.error("E0206", s.second->place, "the file's name is a string", sema.describe(c, file),
                                       "write it in quotes");
  }
  bool picture = endsWith(file.text, ".png"), array = endsWith(file.text, ".npy");
  if (s.kind == syntax::Stmt::Save && (picture || array))
    return value(file.text, picture);
  return weights(file.text);
}

Value Files::weights(const std::string &path) {
  bool isSave = s.kind == syntax::Stmt::Save;
  Value what = sema.expression(c, *s.value);
  if (what.isError())
    return {};
  std::vector<const Slot *> slots;
  std::vector<std::string> names;
  if (what.kind == Value::Model) { // states too: what a net has counted is of use with its parameters only
    if (!isSave && what.model->fixed)
      return sema.error("E0220", s.value->place, "only `state` and `param` can be changed by `load`",
                        "a model that a `let` made", "load the model itself, or declare this by `state`");
    for (const ModelLeaf &leaf : sema.leavesOf(*what.model))
      slots.push_back(leaf.slot), names.push_back(leaf.name);
  } else if (what.slot) {
    slots.push_back(what.slot);
    names.push_back(what.slot->path.substr(what.slot->path.rfind('.') + 1));
  } else if (isSave) {
    return sema.error("E0223", s.value->place, "weights are those of models and states", sema.describe(c, what),
                      "another value is kept as an array, in a `.npy` file, or as a picture, in a `.png` file");
  } else {
    return sema.error("E0220", s.value->place, "only `state` and `param` can be changed by `load`",
                      sema.describe(c, what), "name a model or a state");
  }
  if (slots.empty())
    return sema.error("E0223", s.value->place, "there is nothing to write: this model has no parameters", "here",
                      "name a model with parameters");
  if (!endsWith(path, ".safetensors"))
    return sema.error("E0223", s.second->place, "weights are kept in `.safetensors` files", "another extension",
                      isSave && what.slot
                          ? "name the file `….safetensors`; as an array, `….npy`, and as a picture, `….png`"
                          : "name the file `….safetensors`");
  Stmt *made = sema.statement(c, isSave ? Stmt::Save : Stmt::Load, s.place);
  made->slots = slots, made->names = names, made->path = path;
  if (!isSave)
    sema.written.insert(slots.begin(), slots.end());
  Value unit;
  unit.kind = Value::Unit;
  return unit;
}

bool Files::varies(Analyzer &sema, const Context &c, const Expr &e, Location place, const char *what) {
  for (const AxisUse &a : e.type.axes)
    if (llvm::is_contained(c.mapped, a)) {
      sema.error("E0221", place,
                 fmt::format("this is {} once, and varies along `{}`, over which the body is mapped", what, show(a)),
                 show(e.type), "do it where the function is called, with its result");
      return true;
    }
  return false;
}

// What is written has a size that is known when compiling.
bool Files::isSized(const Type &type, const std::string &what) {
  for (const AxisUse &a : type.axes)
    if (a.axis->bounded || a.length || a.extent < 0)
      return sema.unsupported(s.value->place, fmt::format("{} along {}", what,
                                                          a.extent < 0 ? "the rows of a data set" : "a bounded axis")),
             false;
  return true;
}

// Whether the list behind `as` is the order of the file's axes: it has products, or each axis of the value once. Else
// it renames.
bool Files::isLayout(const Type &type) const {
  const auto &list = s.value->renames;
  for (auto &[first, second] : list)
    if (first.kind != syntax::AxisRef::Named || second.kind != syntax::AxisRef::Named)
      return true;
  return list.size() == type.axes.size() && llvm::all_of(list, [&](auto &entry) {
           return entry.second.path.empty() && entry.first.path.size() == 1 && !entry.first.extent &&
                  llvm::any_of(type.axes, [&](const AxisUse &a) {
                    return a.axis->name == entry.first.path[0].text && a.primes == entry.first.path[0].primes;
                  });
         });
}

// The axes of the value that each axis of the file joins.
bool Files::joinedAxes(const Type &type, std::vector<Axes> &out) {
  Axes all;
  for (auto &[first, second] : s.value->renames) {
    if (!second.path.empty() || second.kind != syntax::AxisRef::Named) {
      sema.error("E0282", second.place, "the axes of a file are listed, not renamed", "to this",
                 "rename in an `as` before: `x as [old -> new] as [(new, row), col]`");
      return false;
    }
    auto axes = sema.axes(c, first);
    if (!axes)
      return false;
    if (axes->empty()) {
      sema.error("E0282", first.place, "an axis of a file is one of the value's, or a product of several", "none",
                 "leave it out");
      return false;
    }
    for (AxisUse &a : *axes) {
      const AxisUse *have = Analyzer::there(type.axes, a);
      if (!have || llvm::is_contained(all, *have)) {
        sema.error("E0282", first.place,
                   have ? fmt::format("`{}` is listed twice", show(a))
                        : fmt::format("{} has no axis `{}`", show(type), show(a)),
                   have ? "here again" : "not there", "list each axis of the value once");
        return false;
      }
      a = *have;
      all.push_back(a);
    }
    out.push_back(*axes);
  }
  for (const AxisUse &a : type.axes)
    if (!llvm::is_contained(all, a)) {
      sema.error("E0282", s.value->renames[0].first.place,
                 fmt::format("the file has no axis for `{}` of {}", show(a), show(type)), "in this list",
                 "list each axis of the value once, alone or in a product");
      return false;
    }
  return true;
}

static std::string showFile(llvm::ArrayRef<Axes> axes) {
  std::string text;
  for (const Axes &joined : axes) {
    int64_t n = 1;
    for (const AxisUse &a : joined)
      n *= a.extent;
    text += (text.empty() ? "" : " × ") + std::to_string(n);
  }
  return text;
}

// What a picture or an array can hold.
bool Files::fits(const Type &type, llvm::ArrayRef<Axes> axes, bool picture) {
  auto refuse = [&](std::string message, std::string label, std::string help) {
    return sema.error("E0283", s.value->place, std::move(message), std::move(label), std::move(help)), false;
  };
  constexpr size_t most = 32;
  if (axes.size() > most)
    return refuse(fmt::format("an array in a file has at most {} axes", most),
                  fmt::format("{} has {}", show(type), axes.size()), "join some: `x as [(a, b), c]`");
  if (!picture)
    return true;
  Element::Kind kind = type.element.kind;
  if (kind != Element::F32 && kind != Element::F64 && kind != Element::U8 && kind != Element::Bool)
    return refuse("the levels of a picture are floats from 0 to 1, `u8` or `bool`", show(type),
                  "convert and scale them: `f32(x) / 255`");
  auto extent = [&](const Axes &joined) {
    int64_t n = 1;
    for (const AxisUse &a : joined)
      n *= a.extent;
    return n;
  };
  bool colours = axes.size() == 3 && (extent(axes[2]) == 3 || extent(axes[2]) == 4);
  if (axes.size() != 2 && !colours)
    return refuse("a picture has rows, columns and, if it has colours, 3 or 4 channels",
                  type.axes.empty() ? "one number" : fmt::format("{}, which is {}", show(type), showFile(axes)),
                  "join axes to two or three: `x as [(a, row), (b, col)]`");
  for (const Axes &joined : axes)
    if (extent(joined) >= int64_t(1) << 31)
      return refuse("a picture has less than 2^31 rows, and columns", showFile(axes), "cut it into several");
  return true;
}

Value Files::value(const std::string &path, bool picture) {
  const syntax::Expr *e = s.value;
  Value v;
  bool layout = false;
  if (e->kind == syntax::Expr::As) {
    v = sema.expression(c, *e->operands[0]);
    layout = v.kind == Value::Tensor && isLayout(sema.visibleType(c, v.expr->type));
    if (!v.isError() && !layout)
      v = sema.renaming(c, v, *e);
  } else {
    v = sema.expression(c, *e);
  }
  if (v.isError())
    return {};
  if (Analyzer::isModelValue(v))
    return sema.error("E0223", s.value->place, "a model is kept in a `.safetensors` file",
                      fmt::format("{}, of several tensors", sema.describe(c, v)), "name the file `….safetensors`");
  if (v.kind == Value::Tuple)
    return sema.error("E0283", s.value->place, "a file of this kind holds one tensor", sema.describe(c, v),
                      "save its fields, each in a file of its own");
  Expr *x = tensorOf(v, "a file of values");
  if (!x)
    return {};
  std::vector<Axes> axes;
  if (!layout)
    for (const AxisUse &a : x->type.axes)
      axes.push_back({a});
  else if (!joinedAxes(x->type, axes))
    return {};
  if (!fits(x->type, axes, picture))
    return {};
  return written(x, axes, path);
}

// What a file holds: narrow floats as f32, since NumPy has no bf16 and others do not read f16; null after an error.
Expr *Files::tensorOf(const Value &v, const char *what) {
  Expr *x = sema.asTensor(c, v, s.value->place);
  if (!x)
    return nullptr;
  x = sema.widened(x, s.value->place);
  return varies(sema, c, *x, s.value->place, "written") || !isSized(x->type, what) ? nullptr : x;
}

// A value in the order of the file's axes.
Value Files::written(Expr *x, llvm::ArrayRef<Axes> axes, const std::string &path) {
  Type ordered{x->type.element, {}};
  Stmt *made = sema.statement(c, Stmt::Write, s.place);
  for (const Axes &joined : axes) {
    ordered.axes.append(joined.begin(), joined.end());
    made->joined.push_back(int64_t(joined.size()));
  }
  made->value = sema.broadcast(x, ordered, s.value->place), made->path = path;
  Value unit;
  unit.kind = Value::Unit;
  return unit;
}

// The axis of the lines, if there is one, then the one along which they go: one is said if there are two.
bool Files::plottedAxes(const Type &type, std::vector<Axes> &out) {
  auto refuse = [&](Location place, std::string message, std::string help) {
    return sema.error("E0288", place, std::move(message), show(type), std::move(help)), false;
  };
  if (type.axes.empty() || type.axes.size() > 2)
    return refuse(s.value->place, "a plot is of values along one axis, or along one for each index of another",
                  type.axes.empty() ? "`record` shows one number" : "reduce it, or select: `x[axis: 0]`");
  const AxisUse *along = nullptr, *by = nullptr;
  auto find = [&](const AxisUse &said, Location place, const AxisUse *&found) {
    found = Analyzer::there(type.axes, said);
    return found || refuse(place, fmt::format("{} has no axis `{}`", show(type), show(said)), "name one that it has");
  };
  if (s.hasAxis) {
    auto said = sema.axis(c, s.axis);
    if (!said || !find(*said, s.axis.place, along))
      return false;
  }
  if (s.by) {
    Value line = sema.expression(c, *s.by);
    if (line.isError())
      return false;
    if (line.kind != Value::AxisName)
      return sema.unsupported(s.by->place, "a plot of points"), false;
    if (!find(line.axis, s.by->place, by))
      return false;
  }
  bool two = type.axes.size() == 2;
  if (two && !along && !by)
    return refuse(s.value->place, "along which of its axes the lines go is not said",
                  fmt::format("write `over {}`, and there is a line for each index of `{}`", show(type.axes[0]),
                              show(type.axes[1])));
  if (by && (by == along || !two))
    return refuse(s.by->place, fmt::format("there is no other axis than `{}` for the lines to go along", show(*by)),
                  "leave `by` out for one line");
  if (two)
    along = along ? along : &type.axes[by == &type.axes[0]], by = &type.axes[along == &type.axes[0]];
  if (by)
    out.push_back({*by});
  out.push_back({along ? *along : type.axes[0]});
  return true;
}

Value Files::plot() {
  Value file = sema.expression(c, *s.second), v = sema.expression(c, *s.value);
  if (file.isError() || v.isError())
    return {};
  if (file.kind != Value::Text || !endsWith(file.text, ".svg"))
    return sema.error("E0288", s.second->place, "a plot is an `.svg` file", sema.describe(c, file),
                      "write `plot x to \"x.svg\"`");
  Expr *x = tensorOf(v, "a plot");
  if (!x)
    return {};
  switch (x->type.element.kind) {
  case Element::F32:
  case Element::F64:
  case Element::I32:
  case Element::I64:
  case Element::U8:
  case Element::Bool:
    break;
  default:
    return sema.error("E0288", s.value->place, "a plot is of numbers", sema.describe(c, v),
                      "convert it: `f32(x)`, or of indices `int(x)`");
  }
  std::vector<Axes> axes;
  return plottedAxes(x->type, axes) ? written(x, axes, file.text) : Value();
}

} // namespace burin::sema
