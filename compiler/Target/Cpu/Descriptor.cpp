#include "compiler/Target/Cpu/Descriptor.h"
#include "compiler/FormKernels/FormKernels.h"
#include "runtime/Program.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"
#include <cstring>
using namespace mlir;
using namespace burin;

// An axis of a type that the module does not declare is one without labels: text of ops need not declare it, and a part
// of an axis (`row:24`) has an extent of its own.
unsigned Descriptor::axisNumber(StringRef name, int64_t extent) {
  StringRef base = name.take_until([](char c) { return c == '\'' || c == '~'; });
  for (auto [i, axis] : llvm::enumerate(axes))
    if (axis.name == base && axis.extent == extent)
      return unsigned(i);
  axes.push_back({base.str(), extent, {}});
  return unsigned(axes.size() - 1);
}
unsigned Descriptor::partNumber(const std::string &path) const {
  for (auto [i, part] : llvm::enumerate(parts))
    if (data[part.data].name + "/" + part.name == path)
      return unsigned(i);
  llvm_unreachable("Import names only parts that are there");
}

Descriptor::Type Descriptor::describe(NamedTensorType type) {
  Descriptor::Type out;
  mlir::Type element = type.getElement();
  if (auto index = dyn_cast<AxisIndexType>(element))
    out.element = 6,
    out.indexAxis = axisNumber(index.getAxis(), ShapedType::isDynamic(index.getExtent()) ? -1 : index.getExtent());
  else
    out.element = element.isF32()         ? 0
                  : element.isF64()       ? 1
                  : element.isInteger(32) ? 2
                  : element.isInteger(64) ? 3
                  : element.isInteger(1)  ? 5
                  : element.isBF16()      ? 7
                  : element.isF16()       ? 8
                                          : 4;
  out.bytes = storageType(element).getIntOrFloatBitWidth() / 8;
  for (auto [a, extent] : llvm::zip(type.getAxes(), type.getShape()))
    out.axes.push_back(axisNumber(a, ShapedType::isDynamic(extent) ? -1 : extent));
  return out;
}

Descriptor::Assertion Descriptor::describe(task::AssertOp op) {
  Assertion out;
  out.text = op.getText().str();
  if (auto place = op.getLoc()->findInstanceOf<FileLineColLoc>())
    out.file = place.getFilename().str(), out.line = place.getLine(), out.column = place.getColumn();
  if (!op.getSides().empty())
    out.sign = op.getSign()->str(), out.sides = describe(typeOf(op.getSides()[0]));
  return out;
}

Descriptor::ValueFile Descriptor::describe(task::WriteOp op) {
  ValueFile out;
  out.path = op.getPath().str(), out.type = describe(typeOf(op.getValue()));
  if (auto place = op.getLoc()->findInstanceOf<FileLineColLoc>())
    out.file = place.getFilename().str(), out.line = place.getLine(), out.column = place.getColumn();
  out.joined.assign(op.getJoined().begin(), op.getJoined().end());
  out.points = op.getPoints();
  if (op.getLabels())
    out.labelled = true, out.labels = describe(NamedTensorType::scalar(typeOf(op.getLabels()).getElement()));
  for (int64_t number : op.getPresent().value_or(ArrayRef<int64_t>()))
    out.lengths.push_back(number < 0 ? whole : unsigned(number));
  return out;
}

static unsigned readsOf(DictionaryAttr entry) {
  auto reads = entry.getAs<StringAttr>("reads");
  return reads ? unsigned(llvm::find(task::fieldReads, reads.getValue()) - task::fieldReads) : 0;
}

Descriptor::Field Descriptor::describe(DictionaryAttr field) {
  auto number = [&](StringRef name) {
    auto n = field.getAs<IntegerAttr>(name);
    return n ? unsigned(n.getInt()) : 0;
  };
  auto labels = [&](StringRef name) {
    auto list = field.getAs<DenseI64ArrayAttr>(name);
    return list ? std::vector<unsigned>(list.asArrayRef().begin(), list.asArrayRef().end()) : std::vector<unsigned>();
  };
  std::vector<unsigned> words = labels("words");
  words.resize(2);
  return {field.getAs<StringAttr>("name").str(),
          describe(cast<NamedTensorType>(field.getAs<TypeAttr>("type").getValue())),
          number("first"),
          number("count"),
          readsOf(field),
          number("length"),
          labels("before"),
          labels("after"),
          words[0],
          words[1],
          field.get("path") ? field.getAs<StringAttr>("path").str() : ""};
}

// A step of a part's condition.
Descriptor::Step Descriptor::step(DictionaryAttr entry) {
  static constexpr StringRef names[] = {"field", "constant", "cast", "not", "and", "or",  "eq",  "ne", "lt",
                                        "le",    "gt",       "ge",   "add", "sub", "mul", "div", "rem"};
  auto element = [&](StringRef name) {
    return describe(cast<NamedTensorType>(entry.getAs<TypeAttr>(name).getValue())).element;
  };
  Step out{unsigned(llvm::find(names, entry.getAs<StringAttr>("does").getValue()) - names), element("type")};
  if (entry.get("to"))
    out.field = out.element, out.element = element("to");
  if (auto field = entry.getAs<IntegerAttr>("field"))
    out.field = unsigned(field.getInt());
  if (auto number = entry.getAs<FloatAttr>("value"))
    out.number = number.getValueAsDouble();
  if (auto number = entry.getAs<IntegerAttr>("value"))
    out.integer = number.getInt();
  return out;
}

Descriptor burin::describeProgram(ModuleOp module, const Layout &layout) {
  Descriptor d;
  d.name = module.getName().value_or("program").str();
  d.persistentBytes = layout.bytes;
  for (auto axis : module.getOps<task::AxisOp>()) {
    Descriptor::Axis a{axis.getName().str(), int64_t(axis.getExtent()), {}};
    if (auto labels = axis.getLabels())
      for (Attribute label : *labels)
        a.labels.push_back(cast<StringAttr>(label).getValue().str());
    d.axes.push_back(a);
  }
  static const char *const kinds[] = {"parameter", "state", "optimiser", "local"};
  for (auto slot : module.getOps<task::SlotOp>()) {
    auto type = cast<NamedTensorType>(slot.getType());
    unsigned kind = 0;
    while (slot.getKind() != kinds[kind])
      ++kind;
    d.slots.push_back(
        {slot.getSymName().str(), d.describe(type), layout.offsets.lookup(slot.getSymName()), bytesOf(type), kind});
  }
  for (auto data : module.getOps<task::DataOp>()) {
    Descriptor::Data entry{data.getSymName().str(),
                           data.getPath().str(),
                           unsigned(llvm::find(task::readers, data.getReader()) - task::readers),
                           {},
                           unsigned(d.parts.size()),
                           unsigned(data.getParts().size())};
    for (auto field : data.getFields().getAsRange<DictionaryAttr>())
      entry.fields.push_back(d.describe(field));
    for (Attribute attribute : data.getParts()) {
      auto p = cast<DictionaryAttr>(attribute);
      d.parts.push_back({p.getAs<StringAttr>("name").str(), unsigned(d.data.size()),
                         p.getAs<FloatAttr>("share").getValueAsDouble(), p.getAs<BoolAttr>("rest").getValue(),
                         d.axisNumber(p.getAs<StringAttr>("axis"), -1)});
      if (auto condition = p.getAs<ArrayAttr>("where"))
        for (auto step : condition.getAsRange<DictionaryAttr>())
          d.parts.back().condition.push_back(d.step(step));
    }
    d.data.push_back(entry);
  }
  return d;
}

// An option's default as bytes: a splat of its number, or its elements.
static std::vector<uint8_t> initialBytes(Attribute number, NamedTensorType type) {
  std::vector<uint8_t> out;
  if (auto list = dyn_cast<ArrayAttr>(number)) {
    for (Attribute each : list) {
      std::vector<uint8_t> bytes = initialBytes(each, NamedTensorType::scalar(type.getElement()));
      out.insert(out.end(), bytes.begin(), bytes.end());
    }
    return out;
  }
  uint8_t element[8] = {};
  mlir::Type stored = storageType(type.getElement());
  unsigned width = stored.getIntOrFloatBitWidth() / 8;
  if (auto f = dyn_cast<FloatAttr>(number)) {
    llvm::APFloat value = f.getValue();
    bool lost;
    value.convert(cast<FloatType>(type.getElement()).getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven, &lost);
    uint64_t bits = value.bitcastToAPInt().getZExtValue();
    memcpy(element, &bits, width);
  } else {
    int64_t i = cast<IntegerAttr>(number).getInt();
    memcpy(element, &i, width);
  }
  for (int64_t k = 0; k < type.getNumElements(); ++k)
    out.insert(out.end(), element, element + width);
  return out;
}

void burin::describeTask(Descriptor &d, task::TaskOp task, const TaskPlan &plan) {
  Descriptor::Task t;
  t.name = task.getName().str(), t.function = "task." + t.name;
  t.initialise = task.getInitialise(), t.firstLoop = unsigned(d.loops.size());
  t.argumentBytes = plan.argumentBytes, t.stepBytes = plan.stepBytes;
  if (auto options = task.getOptions())
    for (auto [attribute, argument] : llvm::zip(*options, task.block().getArguments().drop_front())) {
      auto entry = cast<DictionaryAttr>(attribute);
      Descriptor::Option o{entry.getAs<StringAttr>("name").str(),
                           d.describe(typeOf(argument)),
                           plan.places.find(argument)->second.offset,
                           {}};
      if (Attribute number = entry.get("default"))
        o.initial = initialBytes(number, typeOf(argument));
      o.reads = readsOf(entry);
      if (auto lengths = entry.getAs<DenseI64ArrayAttr>("lengths"))
        for (int64_t option : lengths.asArrayRef())
          o.lengths.push_back(option < 0 ? Descriptor::whole : unsigned(option));
      t.options.push_back(o);
    }
  auto yielded = cast<task::ReturnOp>(task.block().getTerminator());
  for (auto [k, v] : llvm::enumerate(yielded.getValues())) {
    ArrayAttr names = task.getResultNamesAttr();
    t.results.push_back({names && k < names.size() ? cast<StringAttr>(names[k]).getValue().str() : "",
                         d.describe(typeOf(v)), plan.results[k]});
    t.results.back().isLength = k >= task.resultCount();
    if (auto lengths = task.getResultLengths(); lengths && k < lengths->size())
      for (int64_t number : cast<DenseI64ArrayAttr>((*lengths)[k]).asArrayRef())
        t.results.back().lengths.push_back(number < 0 ? Descriptor::whole : unsigned(number));
  }
  task.walk([&](Operation *op) {
    StringRef name;
    if (auto rows = dyn_cast<task::RowsOp>(op))
      name = rows.getData();
    if (auto column = dyn_cast<task::ColumnOp>(op))
      name = column.getData();
    for (auto [i, data] : llvm::enumerate(d.data))
      if (data.name == name && !llvm::is_contained(t.data, unsigned(i)))
        t.data.push_back(unsigned(i));
  });
  d.tasks.push_back(t);
}

namespace {
/// Builds constants of C's layout.
class Constants {
public:
  explicit Constants(llvm::Module &module)
      : module(module), context(module.getContext()), pointer(llvm::PointerType::get(context, 0)) {}
  llvm::Constant *u32(uint64_t v) { return llvm::ConstantInt::get(llvm::Type::getInt32Ty(context), v); }
  llvm::Constant *u64(uint64_t v) { return llvm::ConstantInt::get(llvm::Type::getInt64Ty(context), v); }
  llvm::Constant *real(double v) { return llvm::ConstantFP::get(llvm::Type::getDoubleTy(context), v); }
  llvm::Constant *null() { return llvm::ConstantPointerNull::get(pointer); }
  llvm::Constant *global(llvm::Constant *value, unsigned align) {
    auto *g = new llvm::GlobalVariable(module, value->getType(), true, llvm::GlobalValue::PrivateLinkage, value,
                                       "burin.table");
    g->setAlignment(llvm::Align(align));
    return g;
  }
  llvm::Constant *text(StringRef s) { return global(llvm::ConstantDataArray::getString(context, s), 1); }
  llvm::Constant *bytes(ArrayRef<uint8_t> b) {
    return b.empty() ? null() : global(llvm::ConstantDataArray::get(context, b), 64);
  }
  llvm::Constant *structure(ArrayRef<llvm::Constant *> fields) {
    return llvm::ConstantStruct::getAnon(context, fields);
  }
  llvm::Constant *array(ArrayRef<llvm::Constant *> elements) {
    if (elements.empty())
      return null();
    return global(llvm::ConstantArray::get(llvm::ArrayType::get(elements[0]->getType(), elements.size()), elements), 8);
  }
  template <typename List, typename Make> llvm::Constant *table(const List &list, Make make) {
    SmallVector<llvm::Constant *> out;
    for (auto &x : list)
      out.push_back(make(x));
    return array(out);
  }
  llvm::Constant *texts(const std::vector<std::string> &list) {
    return table(list, [&](auto &s) { return text(s); });
  }
  llvm::Constant *numbers(llvm::ArrayRef<unsigned> list) {
    return table(list, [&](unsigned n) { return u32(n); });
  }
  llvm::Constant *type(const Descriptor::Type &t) {
    return structure({u32(t.element), u32(t.indexAxis), u32(t.bytes), u32(t.axes.size()), numbers(t.axes)});
  }
  llvm::Constant *function(const std::string &name, llvm::Type *result, ArrayRef<llvm::Type *> parameters) {
    auto *type = llvm::FunctionType::get(result, parameters, false);
    return cast<llvm::Constant>(module.getOrInsertFunction(name, type).getCallee());
  }
  llvm::Constant *readsText(unsigned reads) {
    if (reads != BURIN_TEXT && reads != BURIN_WORDS)
      return null();
    return cast<llvm::Constant>(module.getOrInsertGlobal(reads == BURIN_TEXT ? "burin_characters" : "burin_words",
                                                         llvm::ArrayType::get(pointer, 3)));
  }
  llvm::Constant *reader(StringRef name) {
    llvm::Type *i32 = llvm::Type::getInt32Ty(context), *i64 = llvm::Type::getInt64Ty(context);
    return function(("burin_read_" + name).str(), i32, {pointer, i32, i64, pointer});
  }
  llvm::Module &module;
  llvm::LLVMContext &context;
  llvm::PointerType *pointer;
};
} // namespace

void burin::emitDescriptor(llvm::Module &module, const Descriptor &d) {
  Constants c(module);
  auto slotNumber = [&](const std::string &name) {
    for (auto [i, s] : llvm::enumerate(d.slots))
      if (s.name == name)
        return unsigned(i);
    llvm_unreachable("files hold slots");
  };
  auto axes = c.table(d.axes, [&](auto &a) {
    return c.structure({c.text(a.name), c.u64(uint64_t(a.extent)), c.u32(a.labels.size()), c.texts(a.labels)});
  });
  auto slots = c.table(d.slots, [&](auto &s) {
    return c.structure({c.text(s.name), c.type(s.type), c.u64(s.offset), c.u64(s.bytes), c.u32(s.kind)});
  });
  auto data = c.table(d.data, [&](auto &x) {
    auto fields = c.table(x.fields, [&](auto &f) {
      return c.structure({c.text(f.name), c.type(f.type), c.u32(f.first), c.u32(f.count), c.u32(f.reads),
                          c.u32(f.length), c.u32(f.before.size()), c.u32(f.after.size()), c.numbers(f.before),
                          c.numbers(f.after), c.u32(f.firstWord), c.u32(f.pastWords), c.readsText(f.reads),
                          f.path.empty() ? c.null() : c.text(f.path)});
    });
    return c.structure({c.text(x.name), c.text(x.path), c.reader(task::readers[x.reader]), c.u32(x.fields.size()),
                        fields, c.u32(x.firstPart), c.u32(x.partCount)});
  });
  auto parts = c.table(d.parts, [&](auto &p) {
    auto steps = c.table(p.condition, [&](auto &s) {
      return c.structure(
          {c.u32(s.does), c.u32(s.element), c.u32(s.field), c.real(s.number), c.u64(uint64_t(s.integer))});
    });
    llvm::Type *i32 = llvm::Type::getInt32Ty(c.context);
    return c.structure(
        {c.text(p.name), c.u32(p.data), c.real(p.share), c.u32(p.rest), c.u32(p.axis),
         p.condition.empty() ? c.null() : c.function("burin_holds", i32, {c.pointer, c.pointer, c.pointer}),
         c.u32(p.condition.size()), steps});
  });
  auto files = c.table(d.files, [&](auto &f) {
    auto numbers = llvm::map_to_vector(f.slots, [&](auto &s) { return slotNumber(s); });
    return c.structure({c.text(f.path), c.u32(f.slots.size()), c.numbers(numbers), c.texts(f.names)});
  });
  auto loops = c.table(d.loops, [&](auto &l) {
    auto held = c.table(l.held, [&](auto &h) {
      return c.structure(
          {c.text(h.name), c.type(h.type), c.u64(h.place.offset), c.u64(h.bytes), c.u32(h.place.arena == Arena::Step)});
    });
    return c.structure({c.text(l.name), c.u32(l.depth), c.u32(l.resumable), c.u32(l.counted), c.u32(uint32_t(l.parent)),
                        c.u32(l.held.size()), held});
  });
  auto records = c.table(d.records, [&](auto &r) { return c.structure({c.text(r.name), c.u32(r.depth)}); });
  auto assertions = c.table(d.assertions, [&](auto &a) {
    return c.structure({c.text(a.text), c.text(a.file), c.u32(a.line), c.u32(a.column),
                        a.sign.empty() ? c.null() : c.text(a.sign), c.type(a.sides)});
  });
  auto valueFiles = c.table(d.valueFiles, [&](auto &f) {
    return c.structure({c.text(f.path), c.text(f.file), c.u32(f.line), c.u32(f.column), c.type(f.type),
                        c.u32(f.joined.size()), c.numbers(f.joined), c.u32(f.points), c.u32(f.labelled),
                        c.type(f.labels), c.numbers(f.lengths)});
  });
  const Descriptor::Task *initialise = nullptr;
  SmallVector<llvm::Constant *> tasks;
  for (auto &t : d.tasks) {
    if (t.initialise) {
      initialise = &t;
      continue;
    }
    auto options = c.table(t.options, [&](auto &o) {
      return c.structure({c.text(o.name), c.type(o.type), c.u64(o.offset), c.bytes(o.initial), c.u32(o.reads),
                          c.numbers(o.lengths), c.readsText(o.reads)});
    });
    auto results = c.table(t.results, [&](auto &r) {
      return c.structure({c.text(r.name), c.type(r.type), c.u64(r.offset), c.numbers(r.lengths), c.u32(r.isLength)});
    });
    tasks.push_back(c.structure({c.text(t.name), module.getFunction(t.function), c.u32(t.options.size()), options,
                                 c.u64(t.argumentBytes), c.u32(t.results.size()), results, c.u64(t.stepBytes), c.u64(0),
                                 c.u32(t.data.size()), c.numbers(t.data), c.u32(t.pieces), c.u32(t.firstLoop),
                                 c.u32(t.loopCount)}));
  }
  auto program =
      c.structure({c.u32(BURIN_ABI),
                   c.text(d.name),
                   c.text(d.sourceHash),
                   c.text(d.planHash),
                   c.u64(d.features),
                   c.u32(d.axes.size()),
                   axes,
                   c.u32(d.slots.size()),
                   slots,
                   c.u64(d.persistentBytes),
                   c.u64(initialise ? initialise->stepBytes : 0),
                   c.u64(0),
                   initialise ? static_cast<llvm::Constant *>(module.getFunction(initialise->function)) : c.null(),
                   c.u32(d.data.size()),
                   data,
                   c.u32(d.parts.size()),
                   parts,
                   c.u32(d.files.size()),
                   files,
                   c.u32(d.loops.size()),
                   loops,
                   c.u32(d.records.size()),
                   records,
                   c.u32(d.assertions.size()),
                   assertions,
                   c.u32(tasks.size()),
                   c.array(tasks),
                   c.u32(initialise ? initialise->pieces : 0),
                   c.u32(d.valueFiles.size()),
                   valueFiles});
  auto *g = new llvm::GlobalVariable(module, program->getType(), true, llvm::GlobalValue::ExternalLinkage, program,
                                     "burin_program");
  g->setAlignment(llvm::Align(8));
}
