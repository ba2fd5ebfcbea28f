// `plot`: lines along an axis, or points by two coordinates.
#include "compiler/Sema/Files.h"
#include <fmt/format.h>

namespace burin::sema {

// The axis of the lines, if there is one, then the one along which they go: one is said if there are two.
bool Files::plottedAxes(const Type &type, const Value *line, std::vector<Axes> &out) {
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
  if (line && !find(line->axis, s.by->place, by))
    return false;
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

// What has a place on a page.
bool Files::isNumeric(const Value &v, const Expr &x, Location place) {
  switch (x.type.element.kind) {
  case Element::F32:
  case Element::F64:
  case Element::I32:
  case Element::I64:
  case Element::U8:
    return true;
  default:
    sema.error("E0288", place, "a plot is of numbers", sema.describe(c, v),
               "convert it: `f32(x)`, or of indices `int(x)`");
    return false;
  }
}

Value Files::plot() {
  Value file = sema.expression(c, *s.second), v = sema.expression(c, *s.value), by;
  if (s.by)
    by = sema.expression(c, *s.by);
  if (file.isError() || v.isError() || (s.by && by.isError()))
    return {};
  if (file.kind != Value::Text || !llvm::StringRef(file.text).ends_with(".svg"))
    return sema.error("E0288", s.second->place, "a plot is an `.svg` file", sema.describe(c, file),
                      "write `plot x to \"x.svg\"`");
  if (v.kind == Value::Tuple || (s.by && by.kind != Value::AxisName))
    return points(v, s.by ? &by : nullptr, file.text);
  Expr *x = tensorOf(v, s.value->place);
  if (!x || !isNumeric(v, *x, s.value->place))
    return {};
  std::vector<Axes> axes;
  if (!plottedAxes(x->type, s.by ? &by : nullptr, axes))
    return {};
  for (const Axes &joined : axes)
    if (joined[0].extent < 0)
      return sema.error("E0288", s.value->place,
                        fmt::format("a line has a known number of values, and how many rows `{}` has is found when "
                                    "running",
                                    show(joined[0])),
                        show(x->type), "plot points, `plot (x, y) to \"x.svg\"`, or what batches give, in a loop");
  return written(x, axes, file.text, /*once=*/false);
}

// A tuple of two: joined along an axis of their own, which is named as they are.
Expr *Files::coordinatesOf(const Value &tuple, AxisUse &plane) {
  Location place = s.value->place;
  auto refuse = [&](std::string message, std::string help) -> Expr * {
    sema.error("E0246", place, std::move(message), sema.describe(c, tuple), std::move(help));
    return nullptr;
  };
  if (tuple.fields.size() != 2)
    return refuse(fmt::format("a point has two coordinates, and this {}", tuple.fields.size()),
                  "write `plot (x, y) to \"x.svg\"`");
  std::vector<Expr *> x;
  for (auto &[name, v] : tuple.fields)
    if (!x.emplace_back(tensorOf(v, place)) || !isNumeric(v, *x.back(), place))
      return nullptr;
  if (!(x[0]->type.element == x[1]->type.element))
    return refuse("both coordinates have one type", "convert one: `f32(x)`");
  if (!sema.equalLengths(c, x, place, "a plot"))
    return nullptr;
  for (size_t k = 0; k < 2; ++k)
    for (const AxisUse &a : x[k]->type.axes)
      if (!llvm::is_contained(x[1 - k]->type.axes, a))
        return refuse(fmt::format("`{}` is an axis of one coordinate alone", show(a)),
                      "both have the same axes: one point for each of their indices");
  auto *axis = const_cast<Axis *>(
      sema.makeAxis(fmt::format("({}, {})", tuple.fields[0].first, tuple.fields[1].first), 2, place));
  axis->labels = {tuple.fields[0].first, tuple.fields[1].first};
  plane = {axis, 0, 2};
  const Axis::Part parts[] = {{nullptr, 0, 1}, {nullptr, 1, 1}};
  return sema.joined(c, x, plane, parts, place, false).expr;
}

// The axis of the two coordinates: said behind `over`, or the one of extent 2 that the labels do not have.
std::optional<AxisUse> Files::planeOf(const Type &type, const Type &labels) {
  auto refuse = [&](Location place, std::string message, std::string help) -> std::optional<AxisUse> {
    sema.error("E0246", place, std::move(message), show(type), std::move(help));
    return std::nullopt;
  };
  if (s.hasAxis) {
    auto said = sema.axis(c, s.axis);
    const AxisUse *have = said ? Analyzer::there(type.axes, *said) : nullptr;
    if (!said)
      return std::nullopt;
    if (!have)
      return refuse(s.axis.place, fmt::format("{} has no axis `{}`", show(type), show(*said)),
                    "name the axis of the two coordinates");
    if (have->extent != 2 || have->axis->bounded)
      return refuse(s.axis.place,
                    fmt::format("`{}` has no two indices for the two coordinates of a point", show(*have)),
                    "points lie along an axis of two: `dim plane = {x, y}`");
    return *have;
  }
  std::vector<AxisUse> found;
  for (const AxisUse &a : type.axes)
    if (a.extent == 2 && !a.axis->bounded && !llvm::is_contained(labels.axes, a))
      found.push_back(a);
  if (found.empty())
    return refuse(s.value->place, "the points of a plot have two coordinates, along an axis of two",
                  type.axes.size() == labels.axes.size()
                      ? "give both: `plot (x, y) by label`; lines are told apart by an axis, `plot x by axis`"
                      : "points lie along an axis of two: `dim plane = {x, y}`; or give both: `plot (x, y)`");
  if (found.size() > 1)
    return refuse(s.value->place, "which axis has the two coordinates is not said",
                  fmt::format("write `plot x over {} by …`", show(found[0])));
  return found[0];
}

// Labels are indices or bools, one for each point, or for several.
Expr *Files::labelsOf(const Value &by, const Type &points) {
  Location place = s.by->place;
  auto refuse = [&](std::string message, std::string help) -> Expr * {
    sema.error("E0246", place, std::move(message), sema.describe(c, by), std::move(help));
    return nullptr;
  };
  if (by.kind != Value::Tensor)
    return refuse("points are told apart by a label for each",
                  "name labels, indices of an axis; or an axis, for lines");
  Expr *labels = tensorOf(by, place);
  if (!labels)
    return nullptr;
  if (labels->type.element.kind != Element::Index && labels->type.element.kind != Element::Bool)
    return refuse("the labels of points are indices of an axis, or bools",
                  "compare, `x > 0`, or make an index of a number: `clip(n, axis)`");
  for (const AxisUse &a : labels->type.axes)
    if (!llvm::is_contained(points.axes, a))
      return refuse(fmt::format("the labels have an axis `{}`, which the points don't", show(a)),
                    fmt::format("a label belongs to each point of {}", show(points)));
  return labels;
}

// The axes of the points, each behind those along which its length differs: rows of a set first.
bool Files::orderOfPoints(Type type, const AxisUse &plane, Type &out) {
  llvm::erase_if(type.axes, [&](const AxisUse &a) { return a == plane; });
  llvm::stable_sort(type.axes, [](const AxisUse &a, const AxisUse &b) { return a.extent < 0 && b.extent >= 0; });
  if (type.axes.size() > 1 && type.axes[1].extent < 0) {
    sema.error("E0246", s.value->place, "points lie along one data set's rows, and these along those of two",
               show(type), "reduce one of them, or index it");
    return false;
  }
  while (!type.axes.empty()) {
    auto next = llvm::find_if(type.axes, [&](const AxisUse &a) {
      return !a.length ||
             llvm::all_of(a.length->type.axes, [&](const AxisUse &b) { return llvm::is_contained(out.axes, b); });
    });
    if (next == type.axes.end())
      return sema.unsupported(s.value->place, "a plot of lengths that differ along each other's axes",
                              "plot a part of it"),
             false;
    out.axes.push_back(*next);
    type.axes.erase(next);
  }
  return true;
}

Value Files::points(const Value &v, const Value *by, const std::string &path) {
  Location place = s.value->place;
  AxisUse plane;
  Expr *x = v.kind == Value::Tuple ? coordinatesOf(v, plane) : tensorOf(v, place);
  if (!x || !isNumeric(v, *x, place))
    return {};
  if (v.kind == Value::Tuple && s.hasAxis)
    return sema.error("E0246", s.axis.place, "both coordinates are given, and `over` would say where they are", "here",
                      "leave `over` out");
  Expr *labels = nullptr;
  if (v.kind != Value::Tuple) {
    Type of = by->kind == Value::Tensor ? by->expr->type : Type();
    auto found = planeOf(x->type, of);
    if (!found)
      return {};
    plane = *found;
  }
  Type points{x->type.element, {}};
  if (!orderOfPoints(x->type, plane, points))
    return {};
  if (points.axes.empty())
    return sema.error("E0246", place, "this is one point, and a plot shows many", sema.describe(c, v),
                      "`record` shows numbers");
  if (by && !(labels = labelsOf(*by, points)))
    return {};
  if (labels && !sema.equalLengths(c, {x, labels}, place, "a plot"))
    return {};
  Stmt *made = sema.statement(c, Stmt::Write, s.place);
  made->points = true, made->path = path, made->joined = {int64_t(points.axes.size()), 1};
  if (labels) {
    Type each{labels->type.element, points.axes};
    made->arguments.push_back(sema.broadcast(labels, each, place));
  }
  points.axes.push_back(plane);
  made->value = sema.broadcast(x, points, place);
  return takeLengths(*made, /*once=*/false) ? Analyzer::unitValue() : Value();
}

} // namespace burin::sema
