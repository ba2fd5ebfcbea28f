// The typed program as text: what `--emit=typed` shows.
#include "compiler/Sema/Sema.h"
#include <fmt/format.h>

namespace burin::sema {
namespace {

class Printer {
public:
  std::string out;
  void block(const Block &body, unsigned indent);
  std::string expression(const Expr &e);
  void line(unsigned indent, const std::string &text) { out += std::string(2 * indent, ' ') + text + "\n"; }
};

std::string Printer::expression(const Expr &e) {
  std::string operands, over;
  for (const Expr *o : e.operands)
    operands += (operands.empty() ? "" : ", ") + expression(*o);
  for (const AxisUse &a : e.over)
    over += (over.empty() ? "" : ", ") + a.irName();
  switch (e.kind) {
  case Expr::Constant:
    return e.type.element.isFloat() ? fmt::format("{:g}", e.number) : std::to_string(e.integer);
  case Expr::Use:
    return e.variable->name;
  case Expr::Get:
    return "@" + e.slot->path;
  case Expr::Pointwise:
    return fmt::format("{}({})", e.name, operands);
  case Expr::Contract:
    return fmt::format("contract[{}]({})", over, operands);
  case Expr::Reduce:
    return fmt::format("{}[{}]({})", e.name, over, operands);
  case Expr::ArgReduce:
    return fmt::format("arg{}[{}]({})", e.name, over, operands);
  case Expr::Gather:
    return fmt::format("gather[{}]({})", over, operands);
  case Expr::Window: {
    std::string places;
    for (const WindowPlace &p : e.places) {
      places += fmt::format("{}{} = {}", places.empty() ? "" : ", ", p.at.irName(), p.offset);
      for (const WindowPlace::Term &t : p.terms)
        places += fmt::format(" + {} {}", t.factor, t.along.irName());
    }
    return fmt::format("window[{}]({})", places, operands);
  }
  case Expr::Scatter:
    return fmt::format("{}[{}]({})", e.name, over, operands);
  case Expr::Iota:
    return fmt::format("iota[{}]", e.type.axes[0].irName());
  case Expr::Broadcast:
    return fmt::format("broadcast({}) : {}", operands, show(e.type));
  case Expr::Rename:
    return fmt::format("rename({}) : {}", operands, show(e.type));
  case Expr::Random:
    return fmt::format("random({}) : {}", e.path, show(e.type));
  case Expr::Key:
    return fmt::format("key({})", e.path);
  case Expr::Rows:
    return fmt::format("rows({}.{})", e.data->name, e.data->parts[e.part].name);
  case Expr::Column:
    return fmt::format("{}.{}.{}", e.data->name, e.data->parts[e.part].name, e.data->fields[e.field].name);
  }
  return "";
}

void Printer::block(const Block &body, unsigned indent) {
  for (const Stmt *s : body) {
    std::string names, arguments;
    for (const Variable *v : s->variables)
      names += (names.empty() ? "" : ", ") + v->name + ": " + show(v->type);
    for (const Expr *a : s->arguments)
      arguments += (arguments.empty() ? "" : ", ") + expression(*a);
    switch (s->kind) {
    case Stmt::Define:
      line(indent, fmt::format("let {} = {}", names, expression(*s->value)));
      break;
    case Stmt::Call:
      line(indent, fmt::format("{} = {}({})", names, s->callee->name, arguments));
      break;
    case Stmt::Set:
      line(indent, fmt::format("@{} <- {}", s->slot->path, expression(*s->value)));
      break;
    case Stmt::For:
      line(indent, fmt::format("for {} to {}{}", names, expression(*s->value), s->reverse ? " reverse" : ""));
      block(s->body, indent + 1);
      for (const Variable *v : s->emitted)
        line(indent + 1, "emit " + v->name);
      if (s->goes)
        line(indent + 1, "while " + s->goes->name);
      break;
    case Stmt::If:
      line(indent, fmt::format("{}{}if {}", names, names.empty() ? "" : " = ", expression(*s->value)));
      block(s->body, indent + 1);
      for (const Variable *v : s->emitted)
        line(indent + 1, "= " + v->name);
      line(indent, "else");
      block(s->otherwise, indent + 1);
      for (const Variable *v : s->inner)
        line(indent + 1, "= " + v->name);
      break;
    case Stmt::Check:
      line(indent, fmt::format("check {}: {}", expression(*s->value), s->name));
      break;
    case Stmt::Grad:
      line(indent, fmt::format("{} = grad({})", names, arguments));
      block(s->body, indent + 1);
      line(indent + 1, expression(*s->value));
      break;
    case Stmt::Own:
      line(indent, fmt::format("let {} = {} by own gradient({})", names, expression(*s->value), arguments));
      block(s->body, indent + 1);
      for (const Expr *r : s->results)
        line(indent + 1, "= " + expression(*r));
      break;
    case Stmt::Record:
      line(indent, fmt::format("record {} = {}", s->name, expression(*s->value)));
      break;
    case Stmt::Assert:
      line(indent, fmt::format("assert {}", expression(*s->value)));
      break;
    case Stmt::GradCheck:
      line(indent, fmt::format("gradcheck {}", fmt::join(s->names, ", ")));
      break;
    case Stmt::Write:
      line(indent,
           fmt::format("save {} to \"{}\" joined [{}]", expression(*s->value), s->path, fmt::join(s->joined, ", ")));
      break;
    case Stmt::Save:
    case Stmt::Load:
      line(indent,
           fmt::format("{} \"{}\": {}", s->kind == Stmt::Save ? "save" : "load", s->path, fmt::join(s->names, ", ")));
      break;
    }
  }
}
} // namespace

std::string print(const Program &program) {
  Printer p;
  for (auto &s : program.slots)
    p.line(0, fmt::format("slot {}: {}", s->path, show(s->type)));
  for (auto &f : program.functions) {
    std::string parameters;
    for (const Variable *v : f->parameters)
      parameters += (parameters.empty() ? "" : ", ") + v->name + ": " + show(v->type);
    p.line(0, fmt::format("fn {}({})", f->name, parameters));
    p.block(f->body, 1);
    for (const Expr *r : f->results)
      p.line(1, "= " + p.expression(*r));
  }
  for (auto &i : program.initials) {
    p.line(0, fmt::format("initial {}", i.path));
    p.block(i.body, 1);
    for (const Expr *value : i.values)
      p.line(1, "= " + p.expression(*value));
  }
  for (auto &t : program.tasks) {
    p.line(0, "task " + t->name);
    p.block(t->body, 1);
    for (const Result &r : t->results)
      p.line(1, (r.name.empty() ? "= " : r.name + " = ") + p.expression(*r.value));
  }
  for (const Requirement &r : program.requirements)
    p.line(0, fmt::format("require memory({}) <= {} bytes", r.task->name, r.bytes));
  return p.out;
}

} // namespace burin::sema
