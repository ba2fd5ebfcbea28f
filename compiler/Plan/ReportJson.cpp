// The report for tools. Keys are never renamed; new ones may come.
#include "compiler/Plan/Report.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
using namespace burin;

namespace {
class Json {
public:
  Json(const PlanReport &report, llvm::raw_ostream &out) : report(report), json(out, 2) {}
  void run();

private:
  void at(const PlanReport::At &at) {
    if (at.file.empty())
      return;
    json.attribute("file", at.file);
    json.attribute("line", at.line);
    json.attribute("column", at.column);
  }
  void cost(const Cost &cost) {
    json.attribute("flops", cost.arithmetic.total());
    json.attribute("flops_f64", cost.arithmetic.f64);
    json.attribute("bytes_read", cost.read);
    json.attribute("bytes_written", cost.written);
    if (auto least = secondsAtLimit(cost, report.limits))
      json.attribute("least_seconds", *least);
  }
  void slot(const PlanReport::Slot &slot);
  void task(const PlanReport::Task &task);
  void work(const std::vector<PlanReport::Work> &work);

  const PlanReport &report;
  llvm::json::OStream json;
};

void Json::slot(const PlanReport::Slot &slot) {
  json.object([&] {
    json.attribute("name", slot.name);
    json.attribute("kind", slot.kind);
    json.attribute("type", slot.type);
    json.attribute("elements", slot.elements);
    json.attribute("bytes", slot.bytes);
    at(slot.at);
  });
}

void Json::work(const std::vector<PlanReport::Work> &work) {
  json.attributeArray("work", [&] {
    for (const PlanReport::Work &w : work)
      json.object([&] {
        if (!w.loop) {
          json.attribute("kernel", w.kernel);
          at(w.at);
          cost(w.cost);
          return;
        }
        json.attribute("loop", w.loop->name);
        at(w.at);
        json.attribute("count", w.loop->count);
        if (w.loop->times)
          json.attribute("times", *w.loop->times);
        if (w.loop->kept)
          json.attribute("kept_bytes", w.loop->kept);
        json.attributeObject("iteration", [&] {
          cost(w.loop->iteration);
          json.attribute("complete", !w.loop->open);
        });
        this->work(w.loop->body);
      });
  });
}

void Json::task(const PlanReport::Task &task) {
  json.object([&] {
    json.attribute("name", task.name);
    json.attributeObject("memory", [&] {
      json.attribute("total", task.memory.total());
      json.attribute("persistent", task.memory.persistent);
      json.attribute("step", task.memory.step);
      json.attribute("arguments", task.memory.arguments);
      if (task.limit)
        json.attribute("required", *task.limit);
    });
    json.attributeArray("data", [&] {
      for (const PlanReport::Data &d : task.data)
        json.object([&] {
          json.attribute("name", d.name);
          json.attribute("bytes_per_row", d.bytesPerRow);
        });
    });
    json.attributeObject("peak", [&] {
      json.attribute("bytes", task.aliveAtPeak);
      json.attribute("while_first_values_are_set", task.peakIsInitial);
      json.attributeArray("tensors", [&] {
        for (const PlanReport::Tensor &t : task.peak)
          json.object([&] {
            json.attribute("bytes", t.bytes);
            json.attribute("type", t.type);
            json.attribute("what", t.what);
            at(t.at);
          });
      });
    });
    json.attributeObject("once", [&] {
      cost(task.once);
      json.attribute("complete", !task.open);
    });
    work(task.work);
  });
}

void Json::run() {
  json.object([&] {
    json.attribute("program", report.program);
    json.attribute("persistent_bytes", report.persistent);
    json.attributeArray("slots", [&] {
      for (const PlanReport::Slot &s : report.slots)
        slot(s);
    });
    json.attributeObject("limits", [&] {
      if (report.limits.f32 > 0)
        json.attribute("flops_per_second", report.limits.f32);
      if (report.limits.f64 > 0)
        json.attribute("flops_f64_per_second", report.limits.f64);
      if (report.limits.bandwidth > 0)
        json.attribute("bytes_per_second", report.limits.bandwidth);
      if (report.limits.workingSet > 0)
        json.attribute("measured_over_bytes", report.limits.workingSet);
    });
    json.attributeArray("tasks", [&] {
      for (const PlanReport::Task &t : report.tasks)
        task(t);
    });
  });
}
} // namespace

std::string burin::jsonOf(const PlanReport &report) {
  std::string text;
  llvm::raw_string_ostream out(text);
  Json(report, out).run();
  out << '\n';
  return text;
}
