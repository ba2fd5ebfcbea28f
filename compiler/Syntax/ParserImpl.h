//===- ParserImpl.h - The recursive descent, in parts ------------------------===//
#pragma once
#include "compiler/Syntax/Lexer.h"
#include "compiler/Syntax/Parser.h"

namespace burin::syntax {

/// A token as a message names it.
std::string show(const Token &token);

/// One token of lookahead, at two places two. A production that fails has reported an error and returns null; the
/// statement's loop then goes on at the next line.
class Parser {
public:
  Parser(Tree &tree, Tokens read, DiagnosticEngine &diagnostics)
      : tree(tree), tokens(std::move(read.list)), diagnostics(diagnostics), cut(read.cut) {}
  void program();

private:
  static constexpr unsigned maximumDepth = 200, maximumHeight = 1000;

  // Tokens.
  const Token &peek(unsigned ahead = 0) const { return tokens[std::min(next + ahead, tokens.size() - 1)]; }
  bool at(std::string_view text) const { return peek().is(text); }
  bool atName(unsigned ahead = 0) const { return peek(ahead).kind == Token::Name && !isReserved(peek(ahead).text); }
  Token take() { return tokens[next++]; } ///< never the end's, which no production wants
  bool accept(std::string_view text);
  bool expect(std::string_view text, std::string_view where);
  bool name(Name &out, std::string_view what, bool primes = false);
  void unexpected(std::string_view wanted);
  void skipEnds();
  bool endStatement(size_t start, const std::vector<std::string> &words);
  bool endField();
  void recover(size_t start);
  bool saidAlready() const { return stopped || peek().kind == Token::Bad || (cut && peek().kind == Token::End); }
  void part(Block &out, size_t start, Stmt *read, const std::vector<std::string> &words);
  bool atEnd() const { return peek().kind == Token::NewLine || peek().kind == Token::End || at(";") || at("}"); }

  // Nesting.
  struct Nest {
    Parser &parser;
    bool fine;
    explicit Nest(Parser &parser);
    ~Nest() { --parser.depth; }
  };
  void tooDeep(Location place, std::string message);

  // Nodes.
  Expr *make(Expr::Kind kind, Location place, std::vector<Expr *> operands = {});
  Stmt *make(Stmt::Kind kind, Location place);
  void contains(Expr *outer, const Expr *part);
  void contains(Expr *outer, const Block &body);
  Location from(Location start) const;

  // Items (ParseItems.cpp).
  Item *item();
  void wordExpected(std::string_view what, const std::vector<std::string> &words, std::string_view otherwise);
  Item *dim(Item *i);
  Item *data(Item *i);
  Item *structure(Item *i);
  Item *model(Item *i);
  Item *function(Item *i);
  bool functionBody(Item *i, const char *what);
  Item *task(Item *i);
  bool parameters(std::vector<Parameter> &out);
  bool axisParameters(std::vector<Name> &out);
  bool type(TypeRef &out);
  bool axis(AxisRef &out);
  bool path(std::vector<Name> &out, std::string_view what);
  Stmt *member();

  // Statements (ParseStatements.cpp).
  bool block(Block &out, std::string_view what);
  Stmt *statement();
  Stmt *binding(Stmt::Kind kind);
  Stmt *contextual();
  Stmt *expressionStatement();
  bool pattern(Pattern &out);
  bool overs(std::vector<Over> &out);
  bool keyword(std::string_view word) const;

  // Expressions (ParseExpressions.cpp).
  Expr *expression();
  Expr *logical(unsigned level);
  Expr *comparison();
  Expr *conversion();
  Expr *range();
  Expr *sum();
  Expr *product();
  Expr *unary();
  bool atOperand() const;
  Expr *power(Expr *base);
  Expr *postfix(Expr *e);
  Expr *primary();
  Expr *conditional();
  Expr *loop();
  Expr *minimize();
  Expr *repeat();
  Expr *call(Expr *callee);
  Expr *index(Expr *base);
  Expr *parenthesis();
  bool entries(Expr *e, std::string_view close);
  bool entries(std::vector<Entry> &out, std::string_view close);
  bool entry(Entry &out);
  bool renames(Expr *as);

  Tree &tree;
  std::vector<Token> tokens;
  struct {
    size_t from = 0, to = 0;
    unsigned open = 0; ///< braces that are open after it and were not before
  } recovered;         ///< the tokens that `recover` passed last
  DiagnosticEngine &diagnostics;
  size_t next = 0;
  unsigned depth = 0;
  bool stopped = false; ///< by nesting: what is reported after it would follow from it
  bool cut;             ///< the file goes on after the last token
};

} // namespace burin::syntax
