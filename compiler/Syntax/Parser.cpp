// The parser's core: tokens, nesting, nodes, recovery.
#include "compiler/Syntax/ParserImpl.h"
#include <fmt/format.h>

namespace burin::syntax {

Parser::Nest::Nest(Parser &parser) : parser(parser), fine(++parser.depth <= maximumDepth) {
  if (!fine && parser.depth == maximumDepth + 1) {
    parser.diagnostics.error("E0109", parser.peek().place, fmt::format("this is nested more than {} deep", maximumDepth))
        .help("name inner parts with `let`, or make functions of them");
    parser.next = parser.tokens.size() - 1; // nothing after it can be read sensibly
  }
}

bool Parser::accept(std::string_view text) {
  if (!at(text))
    return false;
  take();
  return true;
}

static std::string show(const Token &t) {
  switch (t.kind) {
  case Token::End:
    return "the end of the file";
  case Token::NewLine:
    return "the end of the line";
  default:
    return fmt::format("`{}`", t.text.substr(0, 40));
  }
}

void Parser::unexpected(std::string_view wanted) {
  if (depth > maximumDepth)
    return; // said already
  auto &error = diagnostics.error("E0110", peek().place, fmt::format("expected {}, found {}", wanted, show(peek()))).label("here");
  if (peek().kind == Token::Name && isReserved(peek().text))
    error.help(fmt::format("`{}` is a reserved word: choose another name", peek().text));
  else if (peek().kind == Token::NewLine)
    error.help("a statement ends with its line, unless the line ends in an operator or stands in `(` or `[`");
  else
    error.help(fmt::format("write {} here", wanted));
}

bool Parser::expect(std::string_view text, std::string_view where) {
  if (accept(text))
    return true;
  unexpected(fmt::format("`{}` {}", text, where));
  return false;
}

bool Parser::name(Name &out, std::string_view what) {
  if (peek().kind != Token::Name || isReserved(peek().text)) {
    unexpected(what);
    return false;
  }
  Token t = take();
  out = {std::string(t.text), t.primes, t.place};
  return true;
}

void Parser::endStatement() {
  if (peek().kind == Token::NewLine || at(";")) {
    while (peek().kind == Token::NewLine || at(";"))
      take();
  } else if (peek().kind != Token::End && !at("}")) {
    unexpected("the end of the statement");
    recover(next);
  }
}

// To the end of the statement that could not be read: its line, past any block that it opened.
void Parser::recover(size_t) {
  unsigned open = 0;
  while (peek().kind != Token::End) {
    if (open == 0 && (peek().kind == Token::NewLine || at("}")))
      break;
    if (at("{"))
      ++open;
    else if (at("}"))
      --open;
    take();
  }
  while (peek().kind == Token::NewLine)
    take();
}

Location Parser::from(Location start) const {
  const Token &last = tokens[next > 0 ? next - 1 : 0];
  uint32_t end = last.place.offset + last.place.length;
  return {start.file, start.offset, end > start.offset ? end - start.offset : start.length};
}

Expr *Parser::make(Expr::Kind kind, Location place, std::vector<Expr *> operands) {
  Expr &e = tree.expressions.emplace_back();
  e.kind = kind, e.place = place;
  for (Expr *o : operands)
    e.depth = std::max(e.depth, o ? o->depth + 1 : 1);
  e.operands = std::move(operands);
  if (e.depth == 1000)
    diagnostics.error("E0109", place, "this expression has more than 1000 parts in a row").help("name parts of it with `let`");
  return &e;
}
Stmt *Parser::make(Stmt::Kind kind, Location place) {
  Stmt &s = tree.statements.emplace_back();
  s.kind = kind, s.place = place;
  return &s;
}

std::unique_ptr<Tree> parse(uint32_t file, DiagnosticEngine &diagnostics) {
  auto tree = std::make_unique<Tree>();
  tree->file = file;
  unsigned before = diagnostics.errorCount();
  std::vector<Token> tokens = tokenize(file, diagnostics);
  if (diagnostics.errorCount() == before) // text that is not balanced would give errors that follow from that
    Parser(*tree, std::move(tokens), diagnostics).program();
  return tree;
}

} // namespace burin::syntax
