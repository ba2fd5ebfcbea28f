// The tree as indented text: what `--emit=ast` shows.
#include "compiler/Syntax/Parser.h"
#include <fmt/format.h>

namespace burin::syntax {
namespace {

class Printer {
public:
  std::string out;
  void item(const Item &i);

private:
  unsigned indent = 0;
  void line(const std::string &text) { out += std::string(2 * indent, ' ') + text + "\n"; }
  void block(const Block &body) {
    ++indent;
    for (const Stmt *s : body)
      statement(*s);
    --indent;
  }
  void statement(const Stmt &s);
  void function(const std::string &head, const Item &i);
  std::string expression(const Expr &e);
  std::string bodies(const Expr &e);
  std::string entries(const std::vector<Entry> &list);
  std::string type(const TypeRef &t);
  std::string axis(const AxisRef &a);
  std::string pattern(const Pattern &p);
  std::string parameters(const std::vector<Parameter> &list);
};

template <typename List, typename Show> std::string join(const List &list, Show show) {
  std::string out;
  for (auto &x : list)
    out += (out.empty() ? "" : ", ") + show(x);
  return out;
}
std::string quoted(const std::string &text) {
  std::string out = "\"";
  for (char c : text)
    out += c == '\n' ? "\\n" : c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  return out + "\"";
}
std::string name(const Name &n) { return n.text + std::string(n.primes, '\''); }
std::string path(const std::vector<Name> &names) {
  std::string out;
  for (auto &n : names)
    out += (out.empty() ? "" : ".") + name(n);
  return out;
}

std::string Printer::axis(const AxisRef &a) {
  if (a.kind == AxisRef::Rest)
    return "..";
  if (a.kind == AxisRef::Product)
    return "(" + join(a.parts, [&](auto &p) { return axis(p); }) + ")";
  return path(a.path) + (a.extent ? ":" + expression(*a.extent) : "");
}
std::string Printer::type(const TypeRef &t) {
  if (t.kind == TypeRef::Function)
    return "fn";
  if (t.kind == TypeRef::Tuple) {
    std::string fields;
    for (size_t k = 0; k < t.fieldTypes.size(); ++k)
      fields += (k ? ", " : "") + t.fieldNames[k].text + ": " + type(t.fieldTypes[k]);
    return "(" + fields + ")";
  }
  return path(t.path) + (t.axes.empty() ? "" : "[" + join(t.axes, [&](auto &a) { return axis(a); }) + "]");
}
std::string Printer::pattern(const Pattern &p) {
  return !p.name.empty() ? p.name : "(" + join(p.parts, [&](auto &q) { return pattern(q); }) + ")";
}
std::string Printer::parameters(const std::vector<Parameter> &list) {
  return "(" +
         join(list,
              [&](auto &p) {
                return p.name + (p.hasType ? ": " + type(p.type) : "") +
                       (p.initial ? " = " + expression(*p.initial) : "");
              }) +
         ")";
}
std::string Printer::entries(const std::vector<Entry> &list) {
  return join(list, [&](auto &e) {
    std::string s = e.name.empty() ? "" : e.name + std::string(e.primes, '\'');
    if (e.value)
      s += (s.empty() ? "" : ": ") + expression(*e.value);
    return s + (e.extent ? ":" + expression(*e.extent) : "") + (e.guard ? " else " + expression(*e.guard) : "");
  });
}

// Bodies inside an expression go on their own lines below it.
std::string Printer::bodies(const Expr &e) {
  std::string before = std::move(out);
  out.clear();
  block(e.body);
  std::string inside = "{\n" + out;
  if (e.hasElse) {
    out.clear();
    block(e.otherwise);
    inside += std::string(2 * indent, ' ') + "} else {\n" + out;
  }
  out = std::move(before);
  return inside + std::string(2 * indent, ' ') + "}";
}

std::string Printer::expression(const Expr &e) {
  auto operand = [&](unsigned k) { return e.operands[k] ? expression(*e.operands[k]) : std::string(); };
  switch (e.kind) {
  case Expr::NameUse:
    return e.name + std::string(e.primes, '\'');
  case Expr::Number:
    return e.text;
  case Expr::String:
    return quoted(e.text);
  case Expr::Bool:
    return e.whole ? "true" : "false";
  case Expr::List:
    return "[" + join(e.operands, [&](Expr *o) { return expression(*o); }) + "]";
  case Expr::Labels:
    return "{" + entries(e.entries) + "}";
  case Expr::Tuple:
    return "(" + entries(e.entries) + ")";
  case Expr::Call:
    return operand(0) + "(" + entries(e.entries) + ")";
  case Expr::Index:
    return operand(0) + "[" + entries(e.entries) + "]";
  case Expr::Member:
    return operand(0) + "." + e.name;
  case Expr::Unary:
    return "(" + e.text + " " + operand(0) + ")";
  case Expr::Binary:
    return "(" + operand(0) + " " + e.text +
           (e.axes.empty() ? "" : "[" + join(e.axes, [&](auto &a) { return axis(a); }) + "]") + " " + operand(1) + ")";
  case Expr::Reduce:
    return "(" + e.text + "[" + entries(e.entries) + "] " + operand(0) + ")";
  case Expr::Range:
    return "(" + operand(0) + ".." + operand(1) + ")";
  case Expr::As:
    return "(" + operand(0) + " as [" +
           join(e.renames,
                [&](auto &r) { return axis(r.first) + (r.second.path.empty() ? "" : " -> " + axis(r.second)); }) +
           "])";
  case Expr::Until:
    return "(" + operand(0) + " until " + operand(1) + ")";
  case Expr::If:
    return "if " + operand(0) + " " + bodies(e);
  case Expr::For:
    return "for " + pattern(e.pattern) + " in " + operand(0) + " " + bodies(e);
  case Expr::While:
    return "while " + operand(0) + (e.operands[1] ? " max " + operand(1) : "") + " " + bodies(e);
  case Expr::Minimize:
    return "minimize " + bodies(e) + " over " + operand(0) + " with " + operand(1);
  case Expr::Repeat:
    return "repeat " + e.name + ": " + axis(e.axes[0]) + " " + bodies(e);
  case Expr::Jvp:
    return "jvp(over: " + operand(0) + ", along: " + operand(1) + ") " + bodies(e);
  default: // Expr::Grad
    return e.text + "(over: " + operand(0) + ") " + bodies(e);
  }
}

void Printer::statement(const Stmt &s) {
  auto show = [&](Expr *e) { return expression(*e); };
  auto over = [&] {
    return s.over.empty()
               ? ""
               : " over " + join(s.over, [&](auto &o) { return o.name.text + (o.hasAxis ? ": " + axis(o.axis) : ""); });
  };
  auto bind = [&](const char *word) {
    line(std::string(word) + " " + pattern(s.pattern) + (s.hasType ? ": " + type(s.type) : "") +
         (s.indices.empty() ? "" : "[" + entries(s.indices) + "]") + (s.kind == Stmt::LetScatter ? " += " : " = ") +
         show(s.value) + over());
  };
  switch (s.kind) {
  case Stmt::Let:
  case Stmt::LetScatter:
    return bind("let");
  case Stmt::State:
    return bind("state");
  case Stmt::Param:
    return bind("param");
  case Stmt::Dim:
    return line("dim " + s.pattern.name + (s.bounded ? " <= " : " = ") + show(s.value));
  case Stmt::Emit:
    return line("emit " + show(s.value));
  case Stmt::Assert:
    return line("assert " + show(s.value));
  case Stmt::Record:
    return line("record " + s.pattern.name + " = " + show(s.value));
  case Stmt::Precision:
    line("precision " + s.pattern.name);
    return block(s.body);
  case Stmt::Save:
    return line("save " + show(s.value) + " to " + show(s.second));
  case Stmt::Load:
    return line("load " + show(s.value) + " from " + show(s.second));
  case Stmt::Plot:
    return line("plot " + show(s.value) + (s.hasAxis ? " over " + axis(s.axis) : "") +
                (s.by ? " by " + show(s.by) : "") + " to " + show(s.second));
  case Stmt::Update:
    return line("update " + show(s.target) + " by " + show(s.value) + " with " + show(s.second));
  case Stmt::Expression:
    return line(show(s.value));
  case Stmt::Assign:
    return line(show(s.target) + " <- " + show(s.value) + over());
  case Stmt::AddAssign:
    return line(show(s.target) + " += " + show(s.value) + over());
  default: // Stmt::Function; a file with errors, which has Unread, is not printed
    return item(*s.item);
  }
}

void Printer::function(const std::string &head, const Item &i) {
  line(head + (i.axisParameters.empty() ? "" : "[" + join(i.axisParameters, name) + "]") +
       (i.parameters.empty() && i.kind != Item::Function && i.kind != Item::Task ? "" : parameters(i.parameters)) +
       (i.hasType ? " -> " + type(i.type) : ""));
  block(i.body);
  if (i.gradient && !i.gradient->hasBody)
    line("grad none");
  else if (i.gradient)
    function("grad ", *i.gradient);
}

void Printer::item(const Item &i) {
  switch (i.kind) {
  case Item::Dim:
    return line("dim " + i.name + (i.bounded ? " <= " : " = ") + expression(*i.value));
  case Item::Data:
    line("data " + i.name + (i.hasType ? ": " + type(i.type) : "") + " = " + expression(*i.value));
    ++indent;
    for (auto &f : i.fields)
      line(f.name.text + ": " + type(f.type) + " = " + expression(*f.value));
    for (auto &p : i.parts)
      line("split " + p.name.text + ": " + (p.rest ? "rest" : expression(*p.value) + (p.percent ? "%" : "")));
    --indent;
    return;
  case Item::Struct:
    return line("struct " + i.name + " {" +
                join(i.structFields, [&](auto &f) { return f.first.text + ": " + type(f.second); }) + "}");
  case Item::Model:
    return function("model " + i.name, i);
  case Item::Optimizer:
    return function("optimizer " + i.name, i);
  case Item::Function:
    return function(i.name.empty() ? "fn" : "fn " + i.name, i);
  case Item::Task:
    return function("task " + i.name, i);
  case Item::Test:
    return function("test " + quoted(i.name), i);
  case Item::Use:
    return line("use " + quoted(i.name));
  case Item::Env:
    return line("env " + i.name + " = " + expression(*i.value));
  case Item::Require:
    return line("require " + expression(*i.value) + (i.unit.empty() ? "" : " " + i.unit));
  default: // Item::Let, Item::State
    return statement(*i.statement);
  }
}
} // namespace

std::string print(const Tree &tree) {
  Printer printer;
  for (const Item *i : tree.items)
    printer.item(*i);
  return printer.out;
}

} // namespace burin::syntax
