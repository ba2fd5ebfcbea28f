// The report for people.
#include "compiler/Plan/Report.h"
#include <fmt/format.h>
using namespace burin;

namespace {
class Text {
public:
  explicit Text(const PlanReport &report) : report(report) {}
  std::string run();

private:
  template <typename... Values> void line(fmt::format_string<Values...> format, Values &&...values) {
    std::string text = fmt::format(format, std::forward<Values>(values)...);
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + "\n";
  }
  static std::string show(const PlanReport::At &at, bool excerpt = false) {
    if (at.file.empty())
      return "";
    std::string place = fmt::format("{}:{}:{}", at.file, at.line, at.column);
    return excerpt ? fmt::format("{}  {}", place, llvm::StringRef(at.text).take_front(60).str()) : place;
  }
  void slots();
  void task(const PlanReport::Task &task);
  void peak(const PlanReport::Task &task);
  void cost(const Cost &cost, const std::string &label, const std::string &place, bool open = false);
  void work(const std::vector<PlanReport::Work> &work, unsigned depth);
  void limits();

  const PlanReport &report;
  std::string out;
};

std::string seconds(double s) {
  static const std::pair<const char *, double> units[] = {{"s", 1}, {"ms", 1e-3}, {"us", 1e-6}};
  for (auto [unit, scale] : units)
    if (s >= scale)
      return fmt::format("{:.3g} {}", s / scale, unit);
  return fmt::format("{:.3g} ns", s / 1e-9);
}

void Text::slots() {
  static const std::pair<const char *, const char *> kinds[] = {
      {"parameter", "parameters"}, {"optimiser", "optimiser"}, {"state", "states"}};
  size_t name = 0, type = 0;
  for (const PlanReport::Slot &s : report.slots)
    name = std::max(name, s.name.size()), type = std::max(type, s.type.size());
  for (auto [kind, title] : kinds) {
    uint64_t elements = 0, bytes = 0, count = 0;
    for (const PlanReport::Slot &s : report.slots)
      if (s.kind == kind)
        elements += s.elements, bytes += s.bytes, ++count;
    if (!count)
      continue;
    line("\n{}  {} numbers in {} tensor{}, {} bytes", title, grouped(elements), count, count == 1 ? "" : "s",
         grouped(bytes));
    for (const PlanReport::Slot &s : report.slots)
      if (s.kind == kind)
        line("  {:<{}}  {:<{}}  {:>13}  {}", s.name, name, s.type, type, grouped(s.bytes), show(s.at));
  }
}

void Text::peak(const PlanReport::Task &task) {
  if (task.peak.empty())
    return;
  line("  at the peak of {}, {} bytes of tensors{}", task.peakIsInitial ? "setting first values" : "a step",
       grouped(task.aliveAtPeak),
       task.memory.step > task.aliveAtPeak
           ? fmt::format(" ({} bytes lie unused between them)", grouped(task.memory.step - task.aliveAtPeak))
           : "");
  size_t type = 0, what = 0;
  for (const PlanReport::Tensor &t : task.peak)
    type = std::max(type, t.type.size()), what = std::max(what, t.what.size());
  constexpr size_t shown = 16;
  uint64_t rest = 0;
  for (size_t i = shown; i < task.peak.size(); ++i)
    rest += task.peak[i].bytes;
  for (const PlanReport::Tensor &t : llvm::ArrayRef(task.peak).take_front(shown))
    line("  {:>13}  {:<{}}  {:<{}}  {}", grouped(t.bytes), t.type, type, t.what, what, show(t.at, true));
  if (rest)
    line("  {:>13}  {} more", grouped(rest), task.peak.size() - shown);
}

void Text::cost(const Cost &cost, const std::string &label, const std::string &place, bool open) {
  uint64_t flops = cost.arithmetic.total(), bytes = cost.bytes();
  std::string ratio = bytes ? fmt::format("{:.2f}", double(flops) / double(bytes)) : "";
  auto least = secondsAtLimit(cost, report.limits);
  line("  {:>15} {:>15} {:>9} {:>9}  {}{}{}", grouped(flops), grouped(bytes), ratio, least ? seconds(*least) : "-",
       label, open ? " (without the loops in it)" : "", place.empty() ? "" : "  " + place);
}

void Text::work(const std::vector<PlanReport::Work> &work, unsigned depth) {
  std::string indent(2 * depth, ' ');
  for (const PlanReport::Work &w : work) {
    if (!w.loop) {
      cost(w.cost, indent + w.kernel, show(w.at));
      continue;
    }
    const PlanReport::Loop &loop = *w.loop;
    std::string kept = loop.kept ? fmt::format(", {} bytes kept for the way back", grouped(loop.kept)) : "";
    line("  {:>15} {:>15} {:>9} {:>9}  {}{} {} times{}  {}", "", "", "", "", indent,
         loop.name.empty() ? "repeated" : "for " + loop.name + ",", loop.count, kept, show(w.at));
    cost(loop.iteration, indent + "  each iteration:", "", loop.open);
    this->work(loop.body, depth + 2);
  }
}

void Text::task(const PlanReport::Task &task) {
  line("\ntask {}({})", task.name, fmt::join(task.options, ", "));
  std::string data;
  for (const PlanReport::Data &d : task.data)
    data +=
        fmt::format("{} {} bytes a row of `{}`", data.empty() ? "; besides" : " and", grouped(d.bytesPerRow), d.name);
  line("  memory {} bytes: {} parameters and states, {} a step, {} options{}", grouped(task.memory.total()),
       grouped(task.memory.persistent), grouped(task.memory.step), grouped(task.memory.arguments), data);
  if (task.limit)
    line("  required: at most {} bytes", grouped(*task.limit));
  peak(task);
  line("  {:>15} {:>15} {:>9} {:>9}", "FLOP", "bytes moved", "FLOP/byte", "least");
  cost(task.once, "the task, once:", "", task.open);
  work(task.work, 1);
}

void Text::limits() {
  const Limits &l = report.limits;
  if (l.f32 == 0 && l.bandwidth == 0) {
    line("\nThe least time needs the limits of a core: `--measure` finds this machine's, `--peak-flops=N[,N64]` and "
         "`--bandwidth=BYTES` give them.");
    return;
  }
  std::string f64 = l.f64 > 0 ? fmt::format(", {:.4g} GFLOP/s in f64", l.f64 / 1e9) : "";
  line("\nleast: at the limits of one core, {:.4g} GFLOP/s{} and {:.4g} GB/s ({})", l.f32 / 1e9, f64, l.bandwidth / 1e9,
       l.workingSet ? fmt::format("measured, over {} bytes", grouped(l.workingSet)) : std::string("as given"));
}

std::string Text::run() {
  line("{}", report.program);
  slots();
  for (const PlanReport::Task &t : report.tasks)
    task(t);
  limits();
  return out;
}
} // namespace

std::string burin::textOf(const PlanReport &report) { return Text(report).run(); }
