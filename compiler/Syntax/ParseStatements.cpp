// Blocks and statements.
#include "compiler/Syntax/ParserImpl.h"
#include <fmt/format.h>

namespace burin::syntax {

static const std::vector<std::string> statementWords = {"let",       "state", "dim",      "emit",  "record", "assert",
                                                        "precision", "save",  "load",     "plot",  "update", "for",
                                                        "while",     "if",    "minimize", "repeat"};

bool Parser::block(Block &out, std::string_view what) {
  Nest nest(*this);
  if (!nest.fine)
    return false;
  if (!at("{")) {
    unexpected(fmt::format("`{{` and {}", what));
    return false;
  }
  take();
  skipEnds();
  while (!at("}") && peek().kind != Token::End) {
    size_t start = next;
    part(out, start, statement(), statementWords);
  }
  return expect("}", "to close the block");
}

// A contextual word at the head of a statement, where a name, a string or a spaced `(` follows on the line.
bool Parser::keyword(std::string_view word) const {
  if (!at(word))
    return false;
  const Token &after = peek(1);
  for (std::string_view infix : {"and", "or", "as", "else", "in", "then"})
    if (after.is(infix))
      return false; // the word is a variable
  return after.kind == Token::Name || after.kind == Token::Bad || after.kind == Token::String ||
         after.kind == Token::Number || (after.is("(") && after.spaceBefore) || (after.is("{") && word == "precision");
}

Stmt *Parser::statement() {
  if (at("let"))
    return binding(Stmt::Let);
  if (at("state"))
    return binding(Stmt::State);
  if (at("emit")) {
    Stmt *s = make(Stmt::Emit, take().place);
    s->value = expression();
    s->place = from(s->place);
    return s->value ? s : nullptr;
  }
  return contextual();
}

Stmt *Parser::contextual() {
  Location start = peek().place;
  if (keyword("dim")) {
    take();
    Stmt *s = make(Stmt::Dim, start);
    Name n;
    if (!name(n, "the axis' name"))
      return nullptr;
    s->pattern = {n.text, {}, n.place};
    s->bounded = at("<=");
    if (!s->bounded && !at("=")) {
      unexpected("`=` after the axis' name");
      return nullptr;
    }
    take();
    s->value = expression();
    s->place = from(start);
    return s->value ? s : nullptr;
  }
  if (keyword("record") && peek(2).is("=")) {
    take();
    Stmt *s = make(Stmt::Record, start);
    if (peek().kind != Token::Name || peek().primes) { // any word, a reserved one too
      unexpected("a record's name");
      return nullptr;
    }
    Token n = take();
    s->pattern = {std::string(n.text), {}, n.place};
    take();
    s->value = expression();
    s->place = from(start);
    return s->value ? s : nullptr;
  }
  if (keyword("assert")) {
    take();
    Stmt *s = make(Stmt::Assert, start);
    s->value = expression();
    s->place = from(start);
    return s->value ? s : nullptr;
  }
  if (keyword("precision")) {
    take();
    Stmt *s = make(Stmt::Precision, start);
    Name n;
    if (!name(n, "an element type") || !block(s->body, "what is computed so"))
      return nullptr;
    s->pattern = {n.text, {}, n.place};
    return s;
  }
  if (keyword("save") || keyword("load")) {
    bool saves = take().is("save");
    Stmt *s = make(saves ? Stmt::Save : Stmt::Load, start);
    s->value = logical(0);
    if (!s->value || !expect(saves ? "to" : "from", "and the file's name"))
      return nullptr;
    s->second = expression();
    s->place = from(start);
    return s->second ? s : nullptr;
  }
  if (keyword("plot")) {
    take();
    Stmt *s = make(Stmt::Plot, start);
    s->value = logical(0);
    if (!s->value)
      return nullptr;
    if (accept("over") && !(s->hasAxis = axis(s->axis)))
      return nullptr;
    if (accept("by") && !(s->by = logical(0)))
      return nullptr;
    if (!expect("to", "and the file's name"))
      return nullptr;
    s->second = expression();
    s->place = from(start);
    return s->second ? s : nullptr;
  }
  if (keyword("update")) {
    take();
    Stmt *s = make(Stmt::Update, start);
    if (!(s->target = postfix(primary())) || !expect("by", "and the gradient") || !(s->value = expression()) ||
        !expect("with", "and the optimiser"))
      return nullptr;
    s->second = postfix(primary());
    s->place = from(start);
    return s->second ? s : nullptr;
  }
  return expressionStatement();
}

Stmt *Parser::expressionStatement() {
  Location start = peek().place;
  Expr *value = expression();
  if (!value)
    return nullptr;
  Stmt *s = make(Stmt::Expression, start);
  if (at("<-") || at("+=")) {
    s->kind = take().is("<-") ? Stmt::Assign : Stmt::AddAssign;
    s->target = value;
    if (!(s->value = expression()) || !overs(s->over))
      return nullptr;
  } else {
    s->value = value;
  }
  s->place = from(start);
  return s;
}

bool Parser::overs(std::vector<Over> &out) {
  if (!accept("over"))
    return true;
  do {
    Over o;
    if (!name(o.name, "an index"))
      return false;
    if (accept(":")) {
      o.hasAxis = true;
      if (!axis(o.axis))
        return false;
    }
    out.push_back(std::move(o));
  } while (accept(","));
  return true;
}

bool Parser::pattern(Pattern &out) {
  Nest nest(*this);
  if (!nest.fine)
    return false;
  out.place = peek().place;
  if (!at("(")) {
    Name n;
    if (!name(n, "a name"))
      return false;
    out.name = n.text;
    return true;
  }
  take();
  while (!at(")")) {
    if (!pattern(out.parts.emplace_back()))
      return false;
    if (!accept(","))
      break;
  }
  out.place = from(out.place);
  return expect(")", "after the names");
}

// let | state | param: NAME [':' type] '=' e | NAME '[' ix ']' ('=' | '+=') e | pattern '=' e
Stmt *Parser::binding(Stmt::Kind kind) {
  Location start = take().place;
  Stmt *s = make(kind, start);
  if (!pattern(s->pattern))
    return nullptr;
  if (!s->pattern.name.empty() && at("[") && !peek().spaceBefore) {
    take();
    if (!entries(s->indices, "]"))
      return nullptr;
    if (kind == Stmt::Let && accept("+=")) {
      s->kind = Stmt::LetScatter;
      s->value = expression();
      s->place = from(start);
      return s->value && overs(s->over) ? s : nullptr;
    }
  } else if (accept(":")) {
    s->hasType = true;
    if (!type(s->type))
      return nullptr;
  }
  if (!expect("=", "and a value"))
    return nullptr;
  s->value = expression();
  s->place = from(start);
  return s->value ? s : nullptr;
}

} // namespace burin::syntax
