// Items of a file, types and axes.
#include "compiler/Syntax/OtherWords.h"
#include "compiler/Syntax/ParserImpl.h"
#include <fmt/format.h>

namespace burin::syntax {

static const std::vector<std::string> itemWords = {"dim",  "data", "struct", "model",   "optimizer", "fn",   "task",
                                                   "test", "use",  "env",    "require", "let",       "state"};
static const std::vector<std::string> memberWords = {"param", "let", "state", "dim", "fn"};

void Parser::program() {
  skipEnds();
  while (peek().kind != Token::End) {
    size_t start = next, made = tree.itemStore.size();
    if (Item *i = item()) {
      tree.items.push_back(i);
      endStatement(start, itemWords);
    } else {
      tree.itemStore.resize(made);
      recover(start);
    }
  }
}

Item *Parser::item() {
  Item *i = &tree.itemStore.emplace_back();
  i->place = peek().place;
  if (at("let") || at("state")) {
    i->kind = at("let") ? Item::Let : Item::State;
    i->statement = binding(at("let") ? Stmt::Let : Stmt::State);
    return i->statement ? i : nullptr;
  }
  if (at("fn"))
    return function(i);
  if (keyword("dim"))
    return dim(i);
  if (keyword("data"))
    return data(i);
  if (keyword("struct"))
    return structure(i);
  if (keyword("model") || keyword("optimizer"))
    return model(i);
  if (keyword("task") || keyword("test"))
    return task(i);
  if (keyword("use")) {
    take();
    i->kind = Item::Use;
    if (peek().kind != Token::String) {
      unexpected("the file's name in quotes");
      return nullptr;
    }
    Expr *file = primary();
    i->name = file->text, i->namePlace = file->place;
    return i;
  }
  if (keyword("env")) {
    take();
    Name n;
    if (!name(n, "a name") || !expect("=", "and a value"))
      return nullptr;
    i->kind = Item::Env, i->name = n.text, i->namePlace = n.place;
    i->value = expression();
    return i->value ? i : nullptr;
  }
  if (keyword("require")) {
    take();
    i->kind = Item::Require;
    i->value = expression();
    if (i->value && atName())
      i->unit = take().text;
    return i->value ? i : nullptr;
  }
  wordExpected("an item", itemWords, "statements stand in a `task`");
  return nullptr;
}

void Parser::wordExpected(std::string_view what, const std::vector<std::string> &words, std::string_view otherwise) {
  auto near = peek().kind == Token::Name ? nearestName(peek().text, words) : std::nullopt;
  bool known = near && *near == peek().text; // the right word, and not what follows it
  if (saidAlready())
    return;
  if (known && peek(1).kind == Token::Name) {
    take();
    return unexpected("a name");
  }
  std::string_view instead = known ? "" : insteadOf(peek().text);
  diagnostics
      .error("E0110", peek(known).place,
             known ? fmt::format("`{}` wants a name after it", *near)
                   : fmt::format("expected {}, found {}", what, show(peek())))
      .label("here")
      .help(known              ? fmt::format("write `{} name …` on one line", *near)
            : !instead.empty() ? std::string(instead)
            : near             ? fmt::format("did you mean `{}`?", *near)
                               : fmt::format("it begins with one of `{}`; {}", fmt::join(words, " "), otherwise));
}

Item *Parser::dim(Item *i) {
  take();
  i->kind = Item::Dim;
  Name n;
  if (!name(n, "the axis' name"))
    return nullptr;
  i->name = n.text, i->namePlace = n.place;
  i->bounded = at("<=");
  if (!i->bounded && !at("=")) {
    unexpected("`=` after the axis' name");
    return nullptr;
  }
  take();
  i->value = expression();
  return i->value ? i : nullptr;
}

Item *Parser::data(Item *i) {
  take();
  i->kind = Item::Data;
  Name n;
  if (!name(n, "the data set's name"))
    return nullptr;
  i->name = n.text, i->namePlace = n.place;
  if (accept(":")) {
    i->hasType = true;
    if (!type(i->type))
      return nullptr;
  }
  if (!expect("=", "and a reader such as `csv(\"file\")`") || !(i->value = expression()))
    return nullptr;
  if (at("{")) {
    take();
    skipEnds();
    while (!at("}") && peek().kind != Token::End) {
      DataField field;
      if (!name(field.name, "a field's name") || !expect(":", "and the field's type") || !type(field.type) ||
          !expect("=", "and where it is read from") || !(field.value = expression()))
        return nullptr;
      i->fields.push_back(std::move(field));
      if (!endField())
        return nullptr;
    }
    if (!expect("}", "after the fields"))
      return nullptr;
  }
  if (at("split")) {
    take();
    if (!expect("(", "and the parts"))
      return nullptr;
    while (!at(")")) {
      DataPart part;
      if (!name(part.name, "a part's name") || !expect(":", "and its share"))
        return nullptr;
      if (at("rest")) {
        take();
        part.rest = true;
      } else if (peek().kind == Token::Number && peek(1).is("%") && (peek(2).is(",") || peek(2).is(")"))) {
        part.value = primary();
        part.percent = true;
        take();
      } else if (!(part.value = expression())) {
        return nullptr;
      }
      i->parts.push_back(part);
      if (!accept(","))
        break;
    }
    if (!expect(")", "after the parts"))
      return nullptr;
  }
  return i;
}

Item *Parser::structure(Item *i) {
  take();
  i->kind = Item::Struct;
  Name n;
  if (!name(n, "the struct's name") || !expect("{", "and its fields"))
    return nullptr;
  i->name = n.text, i->namePlace = n.place;
  skipEnds();
  while (!at("}")) {
    std::pair<Name, TypeRef> field;
    if (!name(field.first, "a field's name") || !expect(":", "and its type") || !type(field.second))
      return nullptr;
    i->structFields.push_back(std::move(field));
    if (!endField())
      return nullptr;
  }
  take();
  return i;
}

Item *Parser::model(Item *i) {
  i->kind = take().is("model") ? Item::Model : Item::Optimizer;
  Name n;
  if (!name(n, "the model's name"))
    return nullptr;
  i->name = n.text, i->namePlace = n.place;
  if ((at("[") && !axisParameters(i->axisParameters)) || (at("(") && !parameters(i->parameters)))
    return nullptr;
  if (!at("{")) {
    unexpected("`{` and the body");
    return nullptr;
  }
  take();
  skipEnds();
  while (!at("}") && peek().kind != Token::End) {
    size_t start = next;
    part(i->body, start, member(), memberWords);
  }
  return expect("}", "to close the body") ? i : nullptr;
}

Stmt *Parser::member() {
  if (at("fn")) {
    Stmt *s = make(Stmt::Function, peek().place);
    Item *i = &tree.itemStore.emplace_back();
    i->place = peek().place;
    s->item = function(i);
    return s->item ? s : nullptr;
  }
  if (keyword("param"))
    return binding(Stmt::Param);
  if (at("let") || at("state") || keyword("dim"))
    return statement();
  wordExpected("a member of the model", memberWords, "what a model computes stands in its `fn`");
  return nullptr;
}

Item *Parser::function(Item *i) {
  i->place = take().place;
  i->kind = Item::Function;
  if (atName()) {
    Token n = take();
    i->name = n.text, i->namePlace = n.place;
  } else {
    i->namePlace = i->place;
  }
  if (at("[") && !axisParameters(i->axisParameters))
    return nullptr;
  if (!parameters(i->parameters))
    return nullptr;
  if (accept("->")) {
    i->hasType = true;
    if (!type(i->type))
      return nullptr;
  }
  if (!functionBody(i, "the function's body"))
    return nullptr;
  // Its own gradient, which may stand on the next line.
  unsigned ahead = peek().kind == Token::NewLine ? 1 : 0;
  if (!peek(ahead).is("grad") || !(peek(ahead + 1).is("(") || peek(ahead + 1).is("none")))
    return i;
  for (; ahead; --ahead)
    take();
  i->gradient = &tree.itemStore.emplace_back();
  i->gradient->kind = Item::Function;
  i->gradient->place = i->gradient->namePlace = take().place;
  if (accept("none"))
    return i;
  Name cotangent;
  take(); // the bracket
  if (!name(cotangent, "the name of the cotangent") || !expect(")", "after the cotangent's name"))
    return nullptr;
  Parameter &d = i->gradient->parameters.emplace_back();
  d.name = cotangent.text, d.place = cotangent.place;
  return functionBody(i->gradient, "the gradient's body") ? i : nullptr;
}

// `= e`, or a block.
bool Parser::functionBody(Item *i, const char *what) {
  i->hasBody = true;
  if (!accept("="))
    return block(i->body, what);
  Expr *value = expression();
  if (!value)
    return false;
  Stmt *s = make(Stmt::Expression, value->place);
  s->value = value;
  i->body.push_back(s);
  return true;
}

Item *Parser::task(Item *i) {
  i->kind = take().is("task") ? Item::Task : Item::Test;
  if (i->kind == Item::Test) {
    if (peek().kind != Token::String) {
      unexpected("the test's name in quotes");
      return nullptr;
    }
    i->namePlace = peek().place;
    i->name = primary()->text;
  } else {
    Name n;
    if (!name(n, "the task's name") || !parameters(i->parameters))
      return nullptr;
    i->name = n.text, i->namePlace = n.place;
    if (accept("->")) {
      i->hasType = true;
      if (!type(i->type))
        return nullptr;
    }
  }
  i->hasBody = true;
  return block(i->body, "the task's body") ? i : nullptr;
}

bool Parser::axisParameters(std::vector<Name> &out) {
  take();
  while (!at("]")) {
    if (!name(out.emplace_back(), "an axis parameter"))
      return false;
    if (!accept(","))
      break;
  }
  return expect("]", "after the axis parameters");
}

bool Parser::parameters(std::vector<Parameter> &out) {
  if (!expect("(", "and the parameters"))
    return false;
  while (!at(")")) {
    Parameter p;
    Name n;
    if (!name(n, "a parameter's name"))
      return false;
    p.name = n.text, p.place = n.place;
    if (accept(":")) {
      p.hasType = true;
      if (!type(p.type))
        return false;
    }
    if (accept("=") && !(p.initial = expression()))
      return false;
    out.push_back(std::move(p));
    if (!accept(","))
      break;
  }
  return expect(")", "after the parameters");
}

bool Parser::path(std::vector<Name> &out, std::string_view what) {
  do
    if (!name(out.emplace_back(), what, true))
      return false;
  while (accept("."));
  return true;
}

bool Parser::type(TypeRef &out) {
  Nest nest(*this);
  if (!nest.fine)
    return false;
  out.place = peek().place;
  if (accept("fn")) {
    out.kind = TypeRef::Function;
    return true;
  }
  if (accept("(")) {
    out.kind = TypeRef::Tuple;
    while (!at(")")) {
      if (!name(out.fieldNames.emplace_back(), "a field's name") || !expect(":", "and its type") ||
          !type(out.fieldTypes.emplace_back()))
        return false;
      if (!accept(","))
        break;
    }
    out.place = from(out.place);
    return expect(")", "after the fields");
  }
  if (!path(out.path, "a type"))
    return false;
  if (at("[") && !peek().spaceBefore) {
    take();
    while (!at("]")) {
      if (!axis(out.axes.emplace_back()))
        return false;
      if (!accept(","))
        break;
    }
    if (!expect("]", "after the axes"))
      return false;
  }
  out.place = from(out.place);
  return true;
}

bool Parser::axis(AxisRef &out) {
  Nest nest(*this);
  if (!nest.fine)
    return false;
  out.place = peek().place;
  if (accept("..")) {
    out.kind = AxisRef::Rest;
    return true;
  }
  if (accept("(")) {
    out.kind = AxisRef::Product;
    while (!at(")")) {
      if (!axis(out.parts.emplace_back()))
        return false;
      if (!accept(","))
        break;
    }
    if (!expect(")", "after the axes"))
      return false;
    out.place = from(out.place);
    return true;
  }
  if (!path(out.path, "an axis"))
    return false;
  if (accept(":") && !(out.extent = sum()))
    return false;
  if (out.extent && out.extent->depth > 50) // types are not counted in the expressions around them
    tooDeep(out.extent->place, "this extent is more than 50 parts deep");
  out.place = from(out.place);
  return true;
}

} // namespace burin::syntax
