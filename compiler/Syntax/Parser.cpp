// The parser's core: tokens, nesting, nodes, recovery.
#include "compiler/Syntax/OtherWords.h"
#include "compiler/Syntax/ParserImpl.h"
#include <fmt/format.h>

namespace burin::syntax {

Parser::Nest::Nest(Parser &parser) : parser(parser), fine(++parser.depth <= maximumDepth) {
  if (!fine)
    parser.tooDeep(parser.peek().place, fmt::format("this is nested more than {} deep", maximumDepth));
}

// Once; nothing after it can be read sensibly.
void Parser::tooDeep(Location place, std::string message) {
  if (!stopped)
    diagnostics.error("E0109", place, std::move(message))
        .label("here")
        .help("name inner parts with `let`, or make functions of them");
  stopped = true, tree.whole = false;
  next = tokens.size() - 1;
}

bool Parser::accept(std::string_view text) {
  if (!at(text))
    return false;
  take();
  return true;
}

std::string show(const Token &t) {
  switch (t.kind) {
  case Token::End:
    return "the end of the file";
  case Token::NewLine:
    return "the end of the line";
  default:
    return fmt::format("`{}`", t.text.substr(0, 40));
  }
}

// What a table has for a text; empty if nothing.
template <size_t N>
static std::string_view foundIn(const std::pair<const char *, const char *> (&table)[N], std::string_view text) {
  for (auto &[known, found] : table)
    if (text == known)
      return found;
  return {};
}

// How a statement goes on that began with its word.
static std::string_view formOf(std::string_view word) {
  static const std::pair<const char *, const char *> forms[] = {
      {"record", "write `record loss = …`: what is recorded has a name"},
      {"minimize", "the loss stands in braces: `minimize { loss } over net with opt`"},
      {"update", "write `update net by g with opt`"},
      {"save", "write `save x to \"x.npy\"`, or `save net to \"net.safetensors\"`"},
      {"load", "write `load net from \"net.safetensors\"`"},
      {"plot", "write `plot y to \"y.svg\"`"}};
  return foundIn(forms, word);
}

// What could stand where something was expected.
static std::string example(std::string_view wanted) {
  static const std::pair<const char *, const char *> examples[] = {
      {"an expression", "a value stands here: a number, a name, a call `f(x)`"},
      {"a name", "a name begins with a letter or `_`"},
      {"a record's name", "a name has no quotes and no primes: `record loss = …`"},
      {"a type", "for example `f32[batch]`, or an axis for an index of it"},
      {"an axis", "an axis is named: declare `dim n = 3` and write `n`"},
      {"an axis parameter", "for example `fn softmax[N](x: f32[N])`"},
      {"`=` and a value", "for example `let x: f32 = 1`"},
      {"`:` and its type", "write `name: f32`"},
      {"`:` and its share", "for example `split (train: 80%, test: rest)`"},
      {"`{` and the function's body", "write `= value` or a block in braces"}};
  if (std::string_view found = foundIn(examples, wanted); !found.empty())
    return std::string(found);
  size_t close = wanted.find('`', 1);
  return wanted.front() == '`' ? fmt::format("write {} before it", wanted.substr(0, close + 1))
                               : fmt::format("{} stands here", wanted);
}

void Parser::unexpected(std::string_view wanted) {
  if (saidAlready())
    return;
  auto &error = diagnostics.error("E0110", peek().place, fmt::format("expected {}, found {}", wanted, show(peek())))
                    .label("here");
  bool operand = wanted == "an expression";
  std::string_view before = next ? tokens[next - 1].text : "";
  if (operand && (at("if") || at("for") || at("while")))
    error.help(fmt::format("as an operand `{}` stands in parentheses: `({} …)`", peek().text, peek().text));
  else if (operand && at("fn"))
    error.help("a function is declared outside of tasks: `fn f(x: f32) -> f32 = …`");
  else if (operand && at("=") && !before.empty() && std::string_view("-*/%").find(before) != std::string_view::npos)
    error.help(fmt::format("write `x <- x {} …`: of these there is only `+=`", before));
  else if (operand && at("*") && before == "*")
    error.help("a power is written `x ^ y`");
  else if (operand && at("/") && before == "/")
    error.help("a comment begins with `#`");
  else if (operand && at(":") && (before == "[" || before == ","))
    error.help("an axis is named, `x[row: 0]`; of those that are not, all is taken");
  else if (wanted == "`{` and the function's body" && at(":"))
    error.help("the type of the result stands behind `->`: `fn f(x: f32) -> f32`");
  else if (operand && at(">") && before == "=")
    error.help("a function is `fn f(x: f32) -> f32 = value`");
  else if (wanted.substr(0, 3) == "`=`" && at(":"))
    error.help("write `=` in its place");
  else if (wanted == "`=` and a value" && at("("))
    error.help("a function is `fn f(x: f32) -> f32 = …`, declared outside of tasks");
  else if (wanted.substr(0, 3) == "`(`" && at("{"))
    error.help("parentheses stand there, if nothing is in them, too: `task t() { … }`");
  else if (wanted == "`with` after what is trained")
    error.help("name an optimiser: `over net with opt`, where `let opt = Adam(lr: 1e-3)`");
  else if (wanted.substr(0, 3) == "`{`" && at(":"))
    error.help("a block stands in braces: `{ … }`");
  else if (wanted == "`}` after the labels" && at(":"))
    error.help("what has names stands in parentheses: `(a: 1, b: 2)`");
  else if (wanted == "a label" && (peek().kind == Token::Number || peek().kind == Token::String))
    error.help("labels are names; a list stands in brackets: `[1, 2]`");
  else if (wanted == "`}` after the labels" || (wanted == "a label" && isReserved(peek().text)))
    error.help("a block is no operand: compute it above, or in a function, `fn f(x: f32) -> f32 { … }`");
  else if (!operand && peek().kind == Token::Name && isReserved(peek().text))
    error.help(fmt::format("`{}` is a reserved word: choose another name", peek().text));
  else if (wanted.substr(0, 3) == "`{`" && (peek().kind == Token::NewLine || peek().kind == Token::End))
    error.help("a block begins on the line of what it belongs to: `{ … }`");
  else if (peek().kind == Token::NewLine)
    error.help("a statement ends with its line, unless the line ends in an operator or stands in `(` or `[`");
  else
    error.help(example(wanted));
}

bool Parser::expect(std::string_view text, std::string_view where) {
  if (accept(text))
    return true;
  unexpected(fmt::format("`{}` {}", text, where));
  return false;
}

bool Parser::name(Name &out, std::string_view what, bool primes) {
  if (peek().kind != Token::Name || isReserved(peek().text)) {
    unexpected(what);
    return false;
  }
  Token t = take();
  out = {std::string(t.text), t.primes, t.place};
  if (t.primes > 0 && !primes) {
    diagnostics.error("E0114", t.place, fmt::format("{} has no primes", what))
        .label("here")
        .help("primes tell an axis that a type has twice apart: `f32[a, a']`");
    return false;
  }
  return true;
}

void Parser::skipEnds() {
  while (peek().kind == Token::NewLine || at(";"))
    take();
}

// What may have been meant where a word is followed by what can't follow it. False: the rest of the line was not read.
bool Parser::endStatement(size_t start, const std::vector<std::string> &words) {
  if (atEnd()) {
    if (!at("}"))
      skipEnds();
    return true;
  }
  if (saidAlready()) {
    recover(start);
    return false;
  }
  auto &error =
      diagnostics.error("E0110", peek().place, fmt::format("expected the end of the statement, found {}", show(peek())))
          .label("here");
  const Token &first = tokens[start], &last = tokens[next - 1];
  std::string_view instead = next == start + 1 || last.kind == Token::Name ? insteadOf(last.text) : "";
  if (instead.empty() && peek().kind == Token::Name)
    instead = insteadOf(peek().text);
  auto near = next == start + 1 && first.kind == Token::Name ? nearestName(first.text, words) : std::nullopt;
  if (instead.empty() && next == start + 1)
    instead = formOf(first.text);
  if (!instead.empty())
    error.help(std::string(instead));
  else if (near)
    error.help(fmt::format("did you mean `{}`?", *near));
  else if (at("if"))
    error.help("what is chosen stands behind the condition: `if c then a else b`");
  else if (at(",") && first.text == "assert")
    error.help("what does not hold is shown as it is written: an assertion has no text");
  else if ((at("(") || at("[")) && (last.kind == Token::Name || last.is("]")))
    error.help(fmt::format("what is called or indexed stands next to its bracket, without a blank: `{}{}`", last.text,
                           peek().text));
  else if (at("->"))
    error.help("a function is `fn f(x: f32) -> f32 = …`, declared outside of tasks");
  else if (at(".") && peek(1).kind == Token::Number)
    error.help("the parts of a tuple have names, `t.a`, or it is taken apart: `let (a, b) = t`");
  else if (at("="))
    error.help("a name is given by `let x = …`, a state is changed by `<-`, and `==` compares");
  else
    error.help("a new statement begins on a new line or after `;`");
  recover(start);
  return false;
}

// A statement of a block. In place of one that could not be read to its end stands that.
void Parser::part(Block &out, size_t start, Stmt *read, const std::vector<std::string> &words) {
  if (!read)
    recover(start);
  out.push_back(read && endStatement(start, words) ? read : make(Stmt::Unread, tokens[start].place));
}

// The fields of a data set or struct stand on lines of their own or between commas.
bool Parser::endField() {
  if (!atEnd() && !at(",")) {
    unexpected("`,` or a new line after the field");
    return false;
  }
  while (at(",") || at(";") || peek().kind == Token::NewLine)
    take();
  return true;
}

// To the end of the statement that began at `start` and could not be read: its line, past any block that it opened.
// What it names may have been declared there.
void Parser::recover(size_t start) {
  // What an inner block recovered from last is not looked at again: many may be nested.
  auto eachToken = [&](auto &&visit, auto &&skip) {
    for (size_t k = start; k < next; ++k)
      if (k == recovered.from && recovered.to > k)
        skip(), k = recovered.to - 1;
      else
        visit(tokens[k]);
  };
  unsigned open = 0;
  eachToken([&](const Token &t) { open = t.is("{")   ? open + 1
                                         : t.is("}") ? open - 1
                                                     : open; },
            [&] { open += recovered.open; });
  while (peek().kind != Token::End) {
    if (open == 0 && (peek().kind == Token::NewLine || at("}")))
      break;
    if (at("{"))
      ++open;
    else if (at("}"))
      --open;
    take();
  }
  eachToken(
      [&](const Token &t) {
        if (t.kind == Token::Name && !isReserved(t.text))
          tree.unread.emplace(t.text);
      },
      [] {});
  recovered = {start, next, open};
  skipEnds();
}

Location Parser::from(Location start) const {
  const Location &last = tokens[next - 1].place;
  return {start.file, start.offset, last.offset + last.length - start.offset};
}

Expr *Parser::make(Expr::Kind kind, Location place, std::vector<Expr *> operands) {
  Expr &e = tree.expressions.emplace_back();
  e.kind = kind, e.place = place;
  for (Expr *o : operands)
    contains(&e, o);
  e.operands = std::move(operands);
  return &e;
}

// Bounds the tree's depth, and with it the recursion of all that reads the tree.
void Parser::contains(Expr *outer, const Expr *part) {
  if (part)
    outer->depth = std::max(outer->depth, part->depth + 1);
  if (outer->depth > maximumHeight)
    tooDeep(outer->place, fmt::format("this expression is more than {} parts deep", maximumHeight));
}
void Parser::contains(Expr *outer, const Block &body) {
  for (const Stmt *s : body) {
    for (const Expr *part : {s->target, s->value, s->second, s->by})
      contains(outer, part);
    for (const Entry &i : s->indices)
      for (const Expr *part : {i.value, i.extent, i.guard})
        contains(outer, part);
    contains(outer, s->body);
  }
}
Stmt *Parser::make(Stmt::Kind kind, Location place) {
  Stmt &s = tree.statements.emplace_back();
  s.kind = kind, s.place = place;
  return &s;
}

std::unique_ptr<Tree> parse(uint32_t file, DiagnosticEngine &diagnostics) {
  auto tree = std::make_unique<Tree>();
  tree->file = file;
  Tokens tokens = tokenize(file, diagnostics);
  tree->whole = tokens.balanced && !tokens.cut;
  if (tokens.balanced) // else most of what is found would follow from that
    Parser(*tree, std::move(tokens), diagnostics).program();
  return tree;
}

} // namespace burin::syntax
