// `save` and `load`: weights, arrays, pictures. Rule 10: for files, products in `as`.
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

// Whether the list behind `as` is the order of the file's axes: it has products, or each axis of the value once. Else
// it renames.
bool Files::isLayout(const Type &type) const {
  const auto &list = s.value->renames;
  for (auto &[first, second] : list)
    if (first.kind != syntax::AxisRef::Named || second.kind != syntax::AxisRef::Named)
      return true;
  auto isAxis = [&](const syntax::AxisRef &said) {
    std::string name; // of a data set's part with a point
    for (const syntax::Name &n : said.path)
      name += (name.empty() ? "" : ".") + n.text;
    return llvm::any_of(type.axes,
                        [&](const AxisUse &a) { return a.axis->name == name && a.primes == said.path.back().primes; });
  };
  return list.size() == type.axes.size() && llvm::all_of(list, [&](auto &entry) {
           return entry.second.path.empty() && !entry.first.path.empty() && !entry.first.extent && isAxis(entry.first);
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

static int64_t extentOf(const Axes &joined) {
  int64_t n = 1;
  for (const AxisUse &a : joined)
    n *= a.extent;
  return n;
}

static std::string showFile(llvm::ArrayRef<Axes> axes) {
  std::string text;
  for (const Axes &joined : axes) {
    bool most = llvm::any_of(joined, [](const AxisUse &a) { return a.length; });
    text += fmt::format("{}{}{}", text.empty() ? "" : " × ", most ? "at most " : "", extentOf(joined));
  }
  return text;
}

// Rows of a set come one after the other, and go into the file as they come.
bool Files::rowsFirst(const Type &type, llvm::ArrayRef<Axes> axes, bool picture) {
  bool first = true;
  for (const Axes &joined : axes)
    for (const AxisUse &a : joined) {
      if (a.extent < 0 && (picture || !first)) {
        sema.error(
            "E0283", s.value->place,
            picture
                ? fmt::format("a picture is of a known size, and how many rows `{}` has is found when running", show(a))
                : fmt::format("the rows of `{}` come first in a file", show(a)),
            show(type),
            picture ? "save an array, in a `.npy` file, or go through batches and save a picture of each"
                    : fmt::format("list the file's axes: `x as [{}, …]`", show(a)));
        return false;
      }
      first = false;
    }
  return true;
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
  if (!rowsFirst(type, axes, picture))
    return false;
  if (!picture)
    return true;
  Element::Kind kind = type.element.kind;
  if (kind != Element::F32 && kind != Element::F64 && kind != Element::U8 && kind != Element::Bool)
    return refuse("the levels of a picture are floats from 0 to 1, `u8` or `bool`", show(type),
                  "convert and scale them: `f32(x) / 255`");
  bool bounded = axes.size() == 3 && llvm::any_of(axes[2], [](const AxisUse &a) { return a.length; });
  bool colours = axes.size() == 3 && !bounded && (extentOf(axes[2]) == 3 || extentOf(axes[2]) == 4);
  if (axes.size() != 2 && !colours)
    return refuse("a picture has rows, columns and, if it has colours, 3 or 4 channels",
                  type.axes.empty() ? "one number" : fmt::format("{}, which is {}", show(type), showFile(axes)),
                  "join axes to two or three: `x as [(a, row), (b, col)]`");
  for (const Axes &joined : axes)
    if (extentOf(joined) >= int64_t(1) << 31)
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
  Expr *x = tensorOf(v, s.value->place);
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
  return written(x, axes, path, /*once=*/true);
}

// What a file holds: narrow floats as f32, since NumPy has no bf16 and others do not read f16; null after an error.
Expr *Files::tensorOf(const Value &v, Location place) {
  Expr *x = sema.asTensor(c, v, place);
  if (!x)
    return nullptr;
  x = sema.widened(x, place);
  return varies(sema, c, *x, place, "written") ? nullptr : x;
}

// How much of a file's value is present, axis by axis from the left: each length along the axes that stand before its
// own. An array has one shape: there a length is one number, `once`.
bool Files::takeLengths(Stmt &made, bool once) {
  const Type &type = made.value->type;
  if (llvm::none_of(type.axes, [](const AxisUse &a) { return a.length; }))
    return true;
  Type before{{Element::I64, nullptr}, {}};
  int64_t number = 0;
  for (const AxisUse &a : type.axes) {
    made.present.push_back(a.length ? number++ : -1);
    if (a.length) {
      for (const AxisUse &other : a.length->type.axes)
        if (once || !llvm::is_contained(before.axes, other)) {
          auto &error = sema.diagnostics.error(
              "E0245", s.value->place,
              fmt::format("the length along `{}` differs along `{}`, and {}", show(a), show(other),
                          once ? "a file has one shape" : "a line goes as far as its own values"));
          error.label(show(type)).origin(a.length->location, "the lengths come from here");
          error.help(once ? fmt::format("say what stands behind the ends, along an axis with a size: `let whole[i: "
                                        "place] = x[{}: int(i) else 0]`, with `dim place = {}`",
                                        show(a), a.extent)
                          : fmt::format("let the lines go along `{}`: `plot x by {}`", show(a), show(other)));
          return false;
        }
      made.arguments.push_back(sema.broadcast(sema.lengthOf(a, s.value->place), before, s.value->place));
    }
    before.axes.push_back(a);
  }
  return true;
}

// A value in the order of the file's axes.
Value Files::written(Expr *x, llvm::ArrayRef<Axes> axes, const std::string &path, bool once) {
  Type ordered{x->type.element, {}};
  Stmt *made = sema.statement(c, Stmt::Write, s.place);
  for (const Axes &joined : axes) {
    ordered.axes.append(joined.begin(), joined.end());
    made->joined.push_back(int64_t(joined.size()));
  }
  made->value = sema.broadcast(x, ordered, s.value->place), made->path = path;
  return takeLengths(*made, once) ? Analyzer::unitValue() : Value();
}

} // namespace burin::sema
