#include "compiler/Syntax/Spacing.h"

namespace burin::syntax {

static bool isOneOf(const Token &t, std::initializer_list<std::string_view> texts) {
  if (t.kind == Token::Name || t.kind == Token::Punctuation)
    for (std::string_view text : texts)
      if (t.text == text)
        return true;
  return false;
}

static bool isReservedWord(const Token &t) {
  return t.kind == Token::Name && isReserved(t.text) && !isOneOf(t, {"true", "false"});
}

// What stands before the last word.
bool Spacing::follows(std::initializer_list<std::string_view> texts) const {
  return beforeLast && isOneOf(beforeLast->token, texts);
}

// Whether an operand ends with the last word, so that a sign after it stands between two. After `.` any word is a name.
bool Spacing::endsOperand() const {
  const Token &t = last->token;
  bool field = follows({"."});
  return t.kind == Token::Number || t.kind == Token::String || isOneOf(t, {")", "]", "}"}) ||
         last->role == Word::Postfix || (t.kind == Token::Name && (field || !isReservedWord(t)));
}

Word::Role Spacing::roleOf(const Token &t, const Token &next, bool begins) const {
  bool after = !begins && endsOperand();
  if (t.kind != Token::Punctuation)
    return Word::Operand;
  if (isOneOf(t, {"^", "."}))
    return Word::Tight;
  if (t.is(".."))
    return after ? Word::Tight : Word::Prefix;
  if (t.is("-"))
    return after ? Word::Infix : Word::Prefix;
  if (t.is("%") && isOneOf(next, {",", ")"}))
    return Word::Postfix;
  if (t.is("@") && next.is("[") && !next.spaceBefore)
    return Word::Infix;
  if (isOneOf(t, {"*", "/", "%"}))
    return !open.empty() && open.back().indexes ? Word::Tight : Word::Infix;
  return isOneOf(t, {"+", "@", "=", "==", "!=", "<", ">", "<=", ">=", "<-", "->", "+="}) ? Word::Infix : Word::Operand;
}

// A bracket that stands next to a name calls or indexes it; after a blank it begins an operand of its own.
unsigned Spacing::beforeBracket(const Token &t) const {
  const Token &p = last->token;
  if (p.is("@"))
    return t.is("[") && !t.spaceBefore ? 0 : 1;
  if (isReservedWord(p) && !follows({"."}))
    return 1;
  if (p.is("split") && follows({"}"}))
    return 1;
  if (p.kind == Token::Name && follows({"fn", "model", "optimizer", "task"}))
    return 0;
  return t.spaceBefore; // an operand ends with the last word: no other has a bracket after it
}

unsigned Spacing::between(const Word &word) const {
  const Token &t = word.token, &p = last->token;
  if (isOneOf(t, {",", ";", ":"}) || word.role == Word::Postfix)
    return 0;
  if (p.is(";"))
    return 2;
  if (last->role == Word::Prefix || isOneOf(p, {"(", "["}) || isOneOf(t, {")", "]"}))
    return 0;
  if (p.is("{") || t.is("}")) {
    bool labels = open.back().labels; // of the `{` that is open
    return (p.is("{") && t.is("}")) || labels ? 0 : 1;
  }
  if (p.is(":"))
    return marks.extents.contains(t.place.offset) ? 0 : marks.eitherOf.contains(t.place.offset) ? t.spaceBefore : 1;
  if (p.is(",") || word.role == Word::Infix || last->role == Word::Infix)
    return isOneOf(t, {"(", "["}) && p.is("@") ? beforeBracket(t) : 1;
  if (word.role == Word::Tight || last->role == Word::Tight)
    return 0;
  return isOneOf(t, {"(", "["}) ? beforeBracket(t) : 1;
}

unsigned Spacing::blanksBefore(const Token &t, const Token &next, bool begins) {
  Word word{t, roleOf(t, next, begins)};
  unsigned blanks = last ? between(word) : 0;
  if (isOneOf(t, {"(", "[", "{"})) {
    bool indexes = t.is("[") && endsOperand() && blanks == 0;
    open.push_back({t.text[0], indexes, t.is("{") && marks.labels.contains(t.place.offset)});
  } else if (isOneOf(t, {")", "]", "}"})) {
    open.pop_back();
  }
  beforeLast = last, last = word;
  return blanks;
}

} // namespace burin::syntax
