#include "compiler/Sema/Flow.h"
#include <algorithm>

namespace burin::sema {

using Sources = std::vector<const void *>;

static Sources unionOf(const Sources &a, const Sources &b) {
  Sources both;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

void Flow::add(const Flow &other) {
  smooth = unionOf(smooth, other.smooth);
  sure = unionOf(sure, other.sure);
  discrete.insert(other.discrete.begin(), other.discrete.end());
  drawn |= other.drawn;
}
void Flow::addChoice(const Flow &other) {
  Sources both;
  std::set_intersection(sure.begin(), sure.end(), other.sure.begin(), other.sure.end(), std::back_inserter(both));
  add(other);
  sure = std::move(both);
}
bool Flow::reaches(const void *source) const { return std::binary_search(smooth.begin(), smooth.end(), source); }
bool Flow::surelyReaches(const void *source) const { return std::binary_search(sure.begin(), sure.end(), source); }

// What is made discrete at a place: every source that came smoothly until there.
static void discretise(Flow &flow, Location place, const std::string &function = {}) {
  for (const void *source : flow.smooth)
    flow.discrete.try_emplace(source, Cut{place, function});
  flow.cutSmooth();
}

Flow Flows::pointwise(const Expr &e, const std::vector<Flow> &operands) const {
  static const std::set<std::string> comparisons = {"eq", "ne", "lt", "le", "gt", "ge"};
  Flow out;
  if (e.name == "stop" && e.decides) {
    out = operands[0];
    discretise(out, e.location);
    return out;
  }
  if (e.name == "stop")
    return out;
  if (e.name == "select") { // the condition chooses: it passes on no derivative, and loses none
    out = operands[0];
    out.cutSmooth();
    Flow chosen = operands[1]; // for the whole, or for each element
    e.operands[0]->type.axes.empty() ? chosen.addChoice(operands[2]) : chosen.add(operands[2]);
    out.add(chosen);
    return out;
  }
  for (const Flow &o : operands)
    out.add(o);
  Element to = e.type.element, from = e.operands[0]->type.element;
  if (comparisons.count(e.name)) {
    bool draw = operands[0].drawn != operands[1].drawn; // `random() < p`: what is drawn depends on `p`
    draw ? discretise(out, e.location) : out.cutSmooth();
  } else if (e.name == "cast" && from.isFloat() && !to.isFloat() && to.kind != Element::Bool) {
    discretise(out, e.location);
  } else if (to.kind == Element::Bool) {
    out.cutSmooth();
  }
  return out;
}

Flow Flows::value(const Expr *e, State &state) {
  if (!e)
    return {};
  if (auto found = memo.find(e); found != memo.end())
    return found->second;
  Flow out;
  auto source = [&](const void *known) { out = Flow::from(known); };
  switch (e->kind) {
  case Expr::Use:
    if (auto found = state.variables.find(e->variable); found != state.variables.end())
      out = found->second;
    else
      source(e->variable);
    break;
  case Expr::Get:
    if (auto found = state.written.find(e->slot); found != state.written.end())
      out = found->second;
    else
      source(e->slot);
    break;
  case Expr::Random:
    out.drawn = true;
    break;
  default: {
    std::vector<Flow> operands;
    for (const Expr *o : e->operands)
      operands.push_back(value(o, state));
    if (e->kind == Expr::Pointwise) {
      out = pointwise(*e, operands);
      break;
    }
    for (const Flow &o : operands)
      out.add(o);
    if (e->kind == Expr::ArgReduce)
      discretise(out, e->location);
    if (e->kind == Expr::Reduce)
      out.drawn = false;
    break;
  }
  }
  return memo[e] = out;
}

// A flow in terms of a function's parameters and slots, in terms of what the call gives it.
static Flow substituted(const Flow &flow, const std::map<const void *, Flow> &given, Location call) {
  Flow out;
  out.drawn = flow.drawn;
  for (const void *source : flow.smooth) {
    auto found = given.find(source);
    Flow outer = found != given.end() ? found->second : Flow::from(source);
    if (!flow.surelyReaches(source))
      outer.sure.clear();
    out.add(outer);
  }
  for (auto &[source, cut] : flow.discrete) {
    bool here = cut.place.file == call.file && cut.function.empty();
    Cut seen = {here ? cut.place : call, cut.function}; // in the library, or of a whole function: where that was called
    auto found = given.find(source);
    if (found == given.end()) {
      out.discrete.try_emplace(source, seen);
      continue;
    }
    for (const void *outer : found->second.smooth)
      out.discrete.try_emplace(outer, seen);
    out.discrete.insert(found->second.discrete.begin(), found->second.discrete.end());
  }
  return out;
}

const Flows::Summary &Flows::summary(const Function &f) {
  auto [found, fresh] = summaries.try_emplace(&f);
  if (!fresh)
    return found->second;
  State state;
  auto outer = std::move(memo);
  memo.clear();
  walk(f.body, state);
  Summary out;
  memo.clear();
  for (const Expr *r : f.results)
    out.results.push_back(value(r, state));
  out.written = std::move(state.written);
  memo = std::move(outer);
  return summaries[&f] = std::move(out);
}

void Flows::call(const Stmt &s, State &state) {
  const Summary &callee = summary(*s.callee);
  std::map<const void *, Flow> given;
  for (size_t k = 0; k < s.arguments.size() && k < s.callee->parameters.size(); ++k)
    given[s.callee->parameters[k]] = value(s.arguments[k], state);
  for (auto &[slot, flow] : state.written)
    given[slot] = flow;
  for (size_t k = 0; k < s.variables.size() && k < callee.results.size(); ++k)
    state.variables[s.variables[k]] = substituted(callee.results[k], given, s.location);
  for (auto &[slot, flow] : callee.written)
    state.written[slot] = substituted(flow, given, s.location);
}

// Until nothing new flows around. A chain of states that hand on one another's values takes as many rounds as states.
void Flows::loop(const Stmt &s, State &state) {
  constexpr unsigned mostRounds = 32;
  for (unsigned round = 0; round < mostRounds; ++round) {
    auto before = state.written;
    walk(s.body, state);
    for (auto &[slot, flow] : before)
      state.written[slot].add(flow);
    for (auto &[slot, flow] : state.written)
      if (!before.count(slot) && slot->kind != Slot::Local) // or as it was, if the loop does not run
        flow.add(Flow::from(slot));
    if (state.written == before)
      return;
  }
  exact = false;
}

// What either side sets comes from that side, or is as it was.
void Flows::branch(const Stmt &s, State &state) {
  State other = state;
  memo.clear();
  walk(s.body, state);
  memo.clear();
  walk(s.otherwise, other);
  memo.clear();
  for (auto &[slot, flow] : state.written)
    if (auto found = other.written.find(slot); found != other.written.end())
      flow.addChoice(found->second);
    else
      flow.addChoice(Flow::from(slot));
  for (auto &[slot, flow] : other.written)
    if (auto [place, fresh] = state.written.try_emplace(slot, flow); fresh)
      place->second.addChoice(Flow::from(slot));
  for (size_t k = 0; k < s.variables.size(); ++k) {
    auto of = [](State &side, const Variable *v) {
      auto found = side.variables.find(v);
      return found != side.variables.end() ? found->second : Flow::from(v);
    };
    Flow both = of(state, s.emitted[k]);
    both.addChoice(of(other, s.inner[k]));
    state.variables[s.variables[k]] = both;
  }
}

void Flows::statement(const Stmt &s, State &state) {
  memo.clear();
  switch (s.kind) {
  case Stmt::Define:
    state.variables[s.variables[0]] = value(s.value, state);
    break;
  case Stmt::Call:
    call(s, state);
    break;
  case Stmt::Set:
    state.written[s.slot] = value(s.value, state);
    break;
  case Stmt::For:
    state.variables[s.variables[0]] = {};
    loop(s, state);
    if (s.goes)
      state.variables[s.variables[1]] = {};
    for (size_t k = 0; k < s.emitted.size(); ++k)
      state.variables[s.variables[k + 1]] = state.variables[s.emitted[k]];
    break;
  case Stmt::If:
    branch(s, state);
    break;
  case Stmt::Grad: {
    Flow given;
    for (size_t k = 0; k < s.inner.size(); ++k)
      given.add(state.variables[s.inner[k]] = value(s.arguments[k], state));
    walk(s.body, state);
    memo.clear();
    Flow loss = value(s.value, state);
    state.variables[s.variables[0]] = loss;
    loss.add(given);
    for (size_t k = 1; k < s.variables.size(); ++k)
      state.variables[s.variables[k]] = loss;
    break;
  }
  case Stmt::Own: { // as smooth as its rule says, which is by the arguments alone
    Flow out = value(s.value, state);
    if (s.inner.empty()) {
      discretise(out, s.location, s.name);
    } else {
      out.cutSmooth();
      for (const Expr *a : s.arguments)
        out.add(value(a, state));
    }
    state.variables[s.variables[0]] = out;
    break;
  }
  case Stmt::Check:
  case Stmt::Record:
  case Stmt::Assert:
  case Stmt::GradCheck:
  case Stmt::Save:
  case Stmt::Load:
  case Stmt::Write:
    break;
  }
}

void Flows::walk(const Block &body, State &state) {
  for (const Stmt *s : body)
    statement(*s, state);
}

Flow Flows::of(const Block &body, const Expr *value, bool &known) {
  exact = true;
  State state;
  walk(body, state);
  memo.clear();
  Flow out = this->value(value, state);
  known = exact;
  return out;
}

} // namespace burin::sema
