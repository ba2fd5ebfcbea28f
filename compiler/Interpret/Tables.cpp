#include "compiler/Interpret/Tables.h"

namespace burin::interpret {

static constexpr burin_reader readers[] = {burin_read_csv, burin_read_text, burin_read_npy,
                                           burin_read_idx}; // in the order of task::readers

static const burin_text *textOf(unsigned reads) {
  return reads == BURIN_TEXT ? &burin_characters : reads == BURIN_WORDS ? &burin_words : nullptr;
}

const char *Tables::text(const std::string &s) {
  char *copy = memory.Allocate<char>(s.size() + 1);
  memcpy(copy, s.c_str(), s.size() + 1);
  return copy;
}

template <typename To, typename List, typename Make> const To *Tables::table(const List &list, Make make) {
  To *out = memory.Allocate<To>(list.size());
  size_t i = 0;
  for (const auto &entry : list)
    new (&out[i++]) To(make(entry));
  return out;
}

burin_type Tables::type(const Descriptor::Type &t) {
  return {t.element, t.indexAxis, t.bytes, uint32_t(t.axes.size()),
          table<uint32_t>(t.axes, [](unsigned axis) { return axis; })};
}

burin_task Tables::task(const Descriptor::Task &t, burin_function run) {
  auto options = table<burin_option>(t.options, [&](const Descriptor::Option &o) {
    const void *initial = o.initial.empty() ? nullptr : table<uint8_t>(o.initial, [](uint8_t byte) { return byte; });
    auto *lengths = table<uint32_t>(o.lengths, [](unsigned option) { return option; });
    return burin_option{text(o.name),   type(o.type), o.offset, initial, o.reads, o.lengths.empty() ? nullptr : lengths,
                        textOf(o.reads)};
  });
  return {text(t.name),
          run,
          uint32_t(t.options.size()),
          options,
          t.argumentBytes,
          uint32_t(t.results.size()),
          table<burin_result>(t.results,
                              [&](const Descriptor::Result &r) {
                                auto *lengths = table<uint32_t>(r.lengths, [](unsigned number) { return number; });
                                return burin_result{text(r.name), type(r.type), r.offset,
                                                    r.lengths.empty() ? nullptr : lengths, r.isLength};
                              }),
          t.stepBytes,
          0,
          uint32_t(t.data.size()),
          table<uint32_t>(t.data, [](unsigned number) { return number; }),
          0,
          0,
          0};
}

Tables::Tables(const Descriptor &d, burin_function initialise, burin_function run) {
  auto texts = [&](const std::vector<std::string> &list) {
    return table<const char *>(list, [&](const std::string &s) { return text(s); });
  };
  struct burin_program &p = result;
  p.abi = BURIN_ABI, p.name = text(d.name), p.source_hash = text(d.sourceHash), p.plan_hash = "";
  p.axis_count = uint32_t(d.axes.size());
  p.axes = table<burin_axis>(d.axes, [&](const Descriptor::Axis &a) {
    return burin_axis{text(a.name), a.extent, uint32_t(a.labels.size()), texts(a.labels)};
  });
  p.slot_count = uint32_t(d.slots.size());
  p.slots = table<burin_slot>(d.slots, [&](const Descriptor::Slot &s) {
    return burin_slot{text(s.name), type(s.type), s.offset, s.bytes, s.kind};
  });
  p.persistent_bytes = d.persistentBytes;
  p.data_count = uint32_t(d.data.size());
  p.data = table<burin_data>(d.data, [&](const Descriptor::Data &x) {
    auto fields = table<burin_field>(x.fields, [&](const Descriptor::Field &f) {
      auto labels = [&](const std::vector<unsigned> &list) {
        return table<uint32_t>(list, [](unsigned label) { return label; });
      };
      return burin_field{text(f.name),
                         type(f.type),
                         f.first,
                         f.count,
                         f.reads,
                         f.length,
                         uint32_t(f.before.size()),
                         uint32_t(f.after.size()),
                         labels(f.before),
                         labels(f.after),
                         f.firstWord,
                         f.pastWords,
                         textOf(f.reads),
                         f.path.empty() ? nullptr : text(f.path)};
    });
    return burin_data{text(x.name), text(x.path), readers[x.reader], uint32_t(x.fields.size()),
                      fields,       x.firstPart,  x.partCount};
  });
  p.part_count = uint32_t(d.parts.size());
  p.parts = table<burin_part>(d.parts, [&](const Descriptor::Part &x) {
    auto steps = table<burin_step>(x.condition, [](const Descriptor::Step &s) {
      return burin_step{s.does, s.element, s.field, s.number, s.integer};
    });
    return burin_part{text(x.name),
                      x.data,
                      x.share,
                      x.rest,
                      x.axis,
                      x.condition.empty() ? nullptr : burin_holds,
                      uint32_t(x.condition.size()),
                      steps};
  });
  p.file_count = uint32_t(d.files.size());
  p.files = table<burin_file>(d.files, [&](const Descriptor::File &f) {
    auto slots = table<uint32_t>(f.slots, [&](const std::string &name) {
      return uint32_t(llvm::find_if(d.slots, [&](const Descriptor::Slot &s) { return s.name == name; }) -
                      d.slots.begin());
    });
    return burin_file{text(f.path), uint32_t(f.slots.size()), slots, texts(f.names)};
  });
  p.loop_count = uint32_t(d.loops.size()), p.loops = table<burin_loop>(d.loops, [&](const Descriptor::Loop &l) {
                                             return burin_loop{text(l.name), l.depth, 0, 0, 0, 0, nullptr};
                                           });
  p.record_count = uint32_t(d.records.size()),
  p.records = table<burin_recorded>(d.records,
                                    [&](const Descriptor::Record &r) { return burin_recorded{text(r.name), r.depth}; });
  p.assertion_count = uint32_t(d.assertions.size());
  p.assertions = table<burin_assertion>(d.assertions, [&](const Descriptor::Assertion &a) {
    return burin_assertion{text(a.text), text(a.file), a.line, a.column, a.sign.empty() ? nullptr : text(a.sign),
                           type(a.sides)};
  });
  p.value_file_count = uint32_t(d.valueFiles.size());
  p.value_files = table<burin_value_file>(d.valueFiles, [&](const Descriptor::ValueFile &f) {
    return burin_value_file{text(f.path),
                            text(f.file),
                            f.line,
                            f.column,
                            type(f.type),
                            uint32_t(f.joined.size()),
                            table<uint32_t>(f.joined, [](unsigned count) { return count; }),
                            f.points,
                            f.labelled,
                            type(f.labels),
                            f.lengths.empty() ? nullptr
                                              : table<uint32_t>(f.lengths, [](unsigned number) { return number; })};
  });
  std::vector<Descriptor::Task> tasks;
  for (const Descriptor::Task &t : d.tasks)
    if (t.initialise)
      p.initialise = initialise, p.init_step_bytes = t.stepBytes;
    else
      tasks.push_back(t);
  p.task_count = uint32_t(tasks.size());
  p.tasks = table<burin_task>(tasks, [&](const Descriptor::Task &t) { return task(t, run); });
}

} // namespace burin::interpret
