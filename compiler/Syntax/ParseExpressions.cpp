// Expressions, by the levels of the grammar.
#include "compiler/Syntax/ParserImpl.h"
#include "llvm/ADT/StringRef.h"
#include <cmath>
#include <fmt/format.h>

namespace burin::syntax {

namespace {
bool isReduction(std::string_view name) {
  for (std::string_view r : {"sum", "prod", "max", "min", "mean", "argmax", "argmin", "any", "all", "logsumexp"})
    if (name == r)
      return true;
  return false;
}
} // namespace

Expr *Parser::expression() {
  Nest nest(*this);
  if (!nest.fine)
    return nullptr;
  if (at("if"))
    return conditional();
  if (at("for") || at("while"))
    return loop();
  if (at("minimize") && peek(1).is("{"))
    return minimize();
  if (at("repeat") && peek(1).kind == Token::Name && peek(2).is(":"))
    return repeat();
  return logical(0);
}

// or, and, not
Expr *Parser::logical(unsigned level) {
  if (level == 2) {
    if (!at("not"))
      return comparison();
    Location start = take().place;
    Nest nest(*this);
    Expr *operand = nest.fine ? logical(2) : nullptr;
    if (!operand)
      return nullptr;
    Expr *e = make(Expr::Unary, from(start), {operand});
    e->text = "not";
    return e;
  }
  Expr *left = logical(level + 1);
  std::string_view word = level == 0 ? "or" : "and";
  while (left && at(word)) {
    take();
    Expr *right = logical(level + 1);
    if (!right)
      return nullptr;
    left = make(Expr::Binary, from(left->place), {left, right});
    left->text = word;
  }
  return left;
}

Expr *Parser::comparison() {
  Expr *left = conversion();
  for (bool first = true; left; first = false) {
    bool compares = at("==") || at("!=") || at("<") || at(">") || at("<=") || at(">=");
    if (!compares)
      return left;
    Token op = take();
    if (!first) {
      diagnostics.error("E0111", op.place, "comparisons do not chain")
          .label("the second")
          .help("write `a < b and b < c`");
      return nullptr;
    }
    Expr *right = conversion();
    if (!right)
      return nullptr;
    left = make(Expr::Binary, from(left->place), {left, right});
    left->text = op.text;
  }
  return nullptr;
}

Expr *Parser::conversion() {
  Expr *e = range();
  while (e) {
    if (at("as")) {
      take();
      e = make(Expr::As, from(e->place), {e});
      if (!renames(e))
        return nullptr;
      e->place = from(e->place);
    } else if (at("until")) {
      take();
      Expr *last = range();
      if (!last)
        return nullptr;
      e = make(Expr::Until, from(e->place), {e, last});
    } else {
      return e;
    }
  }
  return nullptr;
}

bool Parser::renames(Expr *as) {
  if (!expect("[", "after `as`"))
    return false;
  while (!at("]")) {
    AxisRef first, second;
    if (!axis(first))
      return false;
    if (accept("->") && !axis(second))
      return false;
    as->renames.push_back({first, second});
    if (!accept(","))
      break;
  }
  return expect("]", "after the axes");
}

Expr *Parser::range() {
  if (at("..")) {
    Location start = take().place;
    Expr *e = make(Expr::Range, start);
    e->operands = {nullptr, nullptr};
    if (!atEnd() && !at(",") && !at(")") && !at("]")) {
      e->operands[1] = postfix(primary());
      if (!e->operands[1])
        return nullptr;
      contains(e, e->operands[1]);
    }
    e->place = from(start);
    return e;
  }
  Expr *low = sum();
  if (!low || !at(".."))
    return low;
  take();
  Expr *high = sum();
  return high ? make(Expr::Range, from(low->place), {low, high}) : nullptr;
}

Expr *Parser::sum() {
  Expr *left = product();
  while (left && (at("+") || at("-"))) {
    Token op = take();
    Expr *right = product();
    if (!right)
      return nullptr;
    left = make(Expr::Binary, from(left->place), {left, right});
    left->text = op.text;
  }
  return left;
}

Expr *Parser::product() {
  Expr *left = unary();
  while (left && (at("*") || at("/") || at("%") || at("@"))) {
    Token op = take();
    std::vector<AxisRef> over;
    if (op.is("@") && at("[") && !op.spaceAfter) {
      take();
      while (!at("]")) {
        if (!axis(over.emplace_back()))
          return nullptr;
        if (!accept(","))
          break;
      }
      if (!expect("]", "after the summed axes"))
        return nullptr;
    }
    Expr *right = unary();
    if (!right)
      return nullptr;
    left = make(Expr::Binary, from(left->place), {left, right});
    left->text = op.text;
    left->axes = std::move(over);
  }
  return left;
}

Expr *Parser::unary() {
  if (at("-")) {
    Nest nest(*this);
    if (!nest.fine)
      return nullptr;
    Location start = take().place;
    Expr *operand = unary();
    if (!operand)
      return nullptr;
    Expr *e = make(Expr::Unary, from(start), {operand});
    e->text = "-";
    return e;
  }
  if (peek().kind == Token::Name && isReduction(peek().text) && peek(1).is("[") && !peek(1).spaceBefore) {
    Token which = take();
    take();
    Expr *e = make(Expr::Reduce, which.place);
    e->text = which.text;
    if (!entries(e, "]"))
      return nullptr;
    bool called = at("(") && !peek().spaceBefore; // max[a](x) is a call with an axis said, as of any function
    if (called || !atOperand()) {                 // all[a] without an operand: a value of that name, indexed
      Expr *base = make(Expr::NameUse, which.place);
      base->name = which.text;
      Expr *indexed = make(Expr::Index, from(which.place), {base});
      indexed->entries = std::move(e->entries), indexed->depth = std::max(indexed->depth, e->depth);
      return power(postfix(called ? call(indexed) : indexed));
    }
    Nest nest(*this);
    Expr *operand = nest.fine ? product() : nullptr;
    if (!operand)
      return nullptr;
    contains(e, operand);
    e->operands = {operand};
    e->place = from(which.place);
    return e;
  }
  return power(postfix(primary()));
}

// Whether what follows is a reduction's operand, or was meant as one: it does not go on with a value.
bool Parser::atOperand() const {
  switch (peek().kind) {
  case Token::Name:
    for (const char *goesOn : {"and", "as", "else", "in", "or", "then", "until"})
      if (at(goesOn))
        return false;
    return true;
  case Token::NewLine:
  case Token::End:
    return false;
  case Token::Number:
  case Token::String:
    return true;
  default:
    return at("(") || at("[") || at("{") || at("-");
  }
}

Expr *Parser::power(Expr *base) {
  if (!base || !at("^"))
    return base;
  take();
  Nest nest(*this);
  Expr *exponent = nest.fine ? unary() : nullptr;
  if (!exponent)
    return nullptr;
  Expr *e = make(Expr::Binary, from(base->place), {base, exponent});
  e->text = "^";
  return e;
}

// What follows a value without a blank: calls, brackets, members.
Expr *Parser::postfix(Expr *e) {
  while (e) {
    if (at("(") && !peek().spaceBefore)
      e = call(e);
    else if (at("[") && !peek().spaceBefore)
      e = index(e);
    else if (at(".") && peek(1).kind == Token::Name) {
      take();
      Token field = take();
      e = make(Expr::Member, from(e->place), {e});
      e->name = field.text;
      e->primes = field.primes;
    } else
      return e;
  }
  return nullptr;
}

Expr *Parser::call(Expr *callee) {
  Location open = peek().place;
  take();
  Expr *e = make(Expr::Call, open, {callee});
  if (!entries(e, ")"))
    return nullptr;
  e->place = from(callee->place);
  bool isGrad = callee->kind == Expr::NameUse && (callee->name == "grad" || callee->name == "gradcheck");
  if (isGrad && e->entries.size() == 1 && e->entries[0].name == "over" && at("{")) {
    Expr *grad = make(Expr::Grad, callee->place, {e->entries[0].value});
    grad->text = callee->name;
    if (!block(grad->body, "the block of `grad`"))
      return nullptr;
    contains(grad, grad->body);
    grad->place = from(callee->place);
    return grad;
  }
  bool isJvp = callee->kind == Expr::NameUse && callee->name == "jvp" && e->entries.size() == 2 && at("{");
  if (isJvp && e->entries[0].name == "over" && e->entries[1].name == "along") {
    Expr *jvp = make(Expr::Jvp, callee->place, {e->entries[0].value, e->entries[1].value});
    if (!block(jvp->body, "the block of `jvp`"))
      return nullptr;
    contains(jvp, jvp->body);
    jvp->place = from(callee->place);
    return jvp;
  }
  return e;
}

Expr *Parser::index(Expr *base) {
  take();
  Expr *e = make(Expr::Index, base->place, {base});
  if (!entries(e, "]"))
    return nullptr;
  e->place = from(base->place);
  return e;
}

bool Parser::entries(Expr *e, std::string_view close) {
  if (!entries(e->entries, close))
    return false;
  for (const Entry &i : e->entries)
    for (const Expr *part : {i.value, i.extent, i.guard})
      contains(e, part);
  return true;
}

bool Parser::entries(std::vector<Entry> &out, std::string_view close) {
  while (!at(close)) {
    if (!entry(out.emplace_back()))
      return false;
    if (!accept(","))
      break;
  }
  return expect(close, close == ")" ? "after the arguments" : "after the indices");
}

bool Parser::entry(Entry &out) {
  if (peek().kind == Token::Name && peek(1).is(":") && peek().text != "true" && peek().text != "false") {
    Token n = take();
    take();
    out.name = n.text, out.primes = n.primes, out.namePlace = n.place;
  }
  out.value = expression();
  if (!out.value)
    return false;
  if (accept(":") && !(out.extent = sum()))
    return false;
  if (accept("else") && !(out.guard = expression()))
    return false;
  return true;
}

Expr *Parser::primary() {
  const Token &t = peek();
  if (t.kind == Token::Number) {
    Token n = take();
    Expr *e = make(Expr::Number, n.place);
    for (char c : n.text)
      if (c != '_')
        e->text += c;
    e->whole = e->text.find_first_of(".eE") == std::string::npos;
    llvm::StringRef(e->text).getAsDouble(e->number); // never refuses what the lexer calls a number
    if (std::isinf(e->number)) {
      diagnostics.error("E0108", n.place, "this number can't be represented")
          .label("beyond double precision")
          .help("the largest is about 1.8e308");
      return nullptr;
    }
    return e;
  }
  if (t.kind == Token::String) {
    Token s = take();
    Expr *e = make(Expr::String, s.place);
    std::string_view inside = s.text.substr(1, s.text.size() - 2); // text with an open string is not parsed
    for (size_t k = 0; k < inside.size(); ++k)
      if (inside[k] == '\\')
        ++k, e->text += inside[k] == 'n' ? '\n' : inside[k];
      else
        e->text += inside[k];
    return e;
  }
  if (at("true") || at("false")) {
    Token b = take();
    Expr *e = make(Expr::Bool, b.place);
    e->whole = b.text == "true";
    return e;
  }
  if (at("[")) {
    Location start = take().place;
    Expr *e = make(Expr::List, start);
    while (!at("]")) {
      Expr *item = expression();
      if (!item)
        return nullptr;
      e->operands.push_back(item);
      contains(e, item);
      if (!accept(","))
        break;
    }
    e->place = from(start);
    return expect("]", "after the list") ? e : nullptr;
  }
  if (at("{")) {
    Location start = take().place;
    Expr *e = make(Expr::Labels, start);
    skipEnds();
    while (!at("}")) {
      Name label;
      if (!name(label, "a label"))
        return nullptr;
      e->entries.push_back({label.text, 0, label.place});
      bool more = accept(",");
      skipEnds();
      if (!more)
        break;
    }
    if (!expect("}", "after the labels"))
      return nullptr;
    e->place = from(start);
    return e;
  }
  if (at("("))
    return parenthesis();
  if (atName()) {
    Token n = take();
    Expr *e = make(Expr::NameUse, n.place);
    e->name = n.text, e->primes = n.primes;
    return e;
  }
  unexpected("an expression");
  return nullptr;
}

Expr *Parser::parenthesis() {
  Location start = take().place;
  std::vector<Entry> inside;
  bool comma = false;
  while (!at(")")) {
    if (!entry(inside.emplace_back()))
      return nullptr;
    if (!accept(","))
      break;
    comma = true;
  }
  if (!expect(")", "to close `(`"))
    return nullptr;
  if (inside.size() == 1 && !comma && inside[0].name.empty() && !inside[0].extent && !inside[0].guard) {
    inside[0].value->place = from(start);
    return inside[0].value;
  }
  Expr *e = make(Expr::Tuple, from(start));
  for (Entry &i : inside)
    contains(e, i.value);
  e->entries = std::move(inside);
  return e;
}

Expr *Parser::conditional() {
  Location start = take().place;
  Expr *condition = logical(0);
  if (!condition)
    return nullptr;
  Expr *e = make(Expr::If, start, {condition});
  auto branch = [&](Block &out) {
    Expr *value = expression();
    if (!value)
      return false;
    Stmt *s = make(Stmt::Expression, value->place);
    s->value = value;
    out.push_back(s);
    return true;
  };
  if (accept("then")) {
    if (!branch(e->body) || !expect("else", "after `if … then …`") || !branch(e->otherwise))
      return nullptr;
    e->hasElse = true;
  } else {
    if (!block(e->body, "the branch of `if`"))
      return nullptr;
    if (accept("else")) {
      e->hasElse = true;
      if (at("if") ? !branch(e->otherwise) : !block(e->otherwise, "the branch of `else`"))
        return nullptr;
    }
  }
  contains(e, e->body), contains(e, e->otherwise);
  e->place = from(start);
  return e;
}

Expr *Parser::loop() {
  Token word = take();
  Expr *e = make(word.is("for") ? Expr::For : Expr::While, word.place);
  if (word.is("for")) {
    if (!pattern(e->pattern) || !expect("in", "after the loop's variable"))
      return nullptr;
    Expr *over = logical(0);
    if (!over)
      return nullptr;
    e->operands = {over};
  } else {
    Expr *condition = logical(0), *bound = nullptr;
    if (!condition)
      return nullptr;
    if (at("max")) {
      take();
      if (at("{"))
        unexpected("the bound of the loop");
      if (at("{") || !(bound = logical(0)))
        return nullptr;
    }
    e->operands = {condition, bound};
  }
  if (!block(e->body, "the loop's body"))
    return nullptr;
  for (const Expr *head : e->operands)
    contains(e, head);
  contains(e, e->body);
  e->place = from(word.place);
  return e;
}

Expr *Parser::minimize() {
  Location start = take().place;
  Expr *e = make(Expr::Minimize, start);
  if (!block(e->body, "the block of `minimize`") || !expect("over", "after the block of `minimize`"))
    return nullptr;
  Expr *over = postfix(primary());
  if (!over || !expect("with", "after what is trained"))
    return nullptr;
  Expr *with = postfix(primary());
  if (!with)
    return nullptr;
  e->operands = {over, with};
  contains(e, over), contains(e, with), contains(e, e->body);
  e->place = from(start);
  return e;
}

Expr *Parser::repeat() {
  Location start = take().place;
  Expr *e = make(Expr::Repeat, start);
  e->name = take().text;
  take();
  if (!axis(e->axes.emplace_back()) || !block(e->body, "the body of `repeat`"))
    return nullptr;
  contains(e, e->body);
  e->place = from(start);
  return e;
}

} // namespace burin::syntax
