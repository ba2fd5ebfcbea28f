//===- Descriptor.h - What a program tells the runtime about itself --------------===//
#pragma once
#include "compiler/Plan/Plan.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"

namespace llvm {
class Module;
}

namespace burin {

/// The tables of runtime/Program.h, in its order.
struct Descriptor {
  struct Type {
    unsigned element = 0, indexAxis = 0, bytes = 0;
    std::vector<unsigned> axes;
  };
  struct Axis {
    std::string name;
    int64_t extent;
    std::vector<std::string> labels;
  };
  struct Slot {
    std::string name;
    Type type;
    uint64_t offset, bytes;
    unsigned kind; ///< as burin_kind
  };
  static constexpr unsigned localKind = 3;
  struct Field {
    std::string name;
    Type type;
    unsigned first, count;
    unsigned reads = 0; ///< as burin_reads
    unsigned length = 0;
    std::vector<unsigned> before = {}, after = {};
    unsigned firstWord = 0, pastWords = 0; ///< of words: the labels that are some
    std::string path = {};                 ///< of an array
  };
  struct Step { ///< of a part's condition, as burin_step
    unsigned does, element, field = 0;
    double number = 0;
    int64_t integer = 0;
  };
  struct Part {
    std::string name;
    unsigned data;
    double share;
    bool rest;
    unsigned axis;
    std::vector<Step> condition = {};
  };
  struct Data {
    std::string name, path;
    unsigned reader; ///< of task::readers
    std::vector<Field> fields;
    unsigned firstPart, partCount;
  };
  struct Option {
    std::string name;
    Type type;
    uint64_t offset;
    std::vector<uint8_t> initial; ///< empty: required
    unsigned reads = 0;           ///< as burin_reads
    std::vector<unsigned> lengths = {};
  };
  struct File {
    std::string path;
    std::vector<std::string> slots, names;
  };
  struct ValueFile {
    std::string path, file;
    unsigned line = 0, column = 0;
    Type type;
    std::vector<unsigned> joined;
    bool points = false, labelled = false;
    Type labels;                   ///< of one; where there are labels
    std::vector<unsigned> lengths; ///< by axis: which of the lengths is its, or `whole`; empty: no axis has one
  };
  struct Held {
    std::string name;
    Type type;
    Place place;
    uint64_t bytes;
  };
  struct Loop {
    std::string name;
    unsigned depth;
    bool resumable = false, counted = false; ///< counted: the host computes the count
    int parent = -1;                         ///< the loop around, by number
    std::vector<Held> held = {};             ///< besides slots that live on
  };
  struct Record {
    std::string name;
    unsigned depth;
  };
  struct Assertion {
    std::string text, file;
    unsigned line = 0, column = 0;
    std::string sign; ///< of a comparison; empty: there are no sides
    Type sides;
  };
  struct Result {
    std::string name; ///< empty: the only one
    Type type;
    uint64_t offset;
    std::vector<unsigned> lengths = {}; ///< by axis: the result that is its length, or `whole`; empty: no axis has one
    bool isLength = false;
  };
  static constexpr unsigned whole = ~0u;
  struct Task {
    std::string name, function;
    std::vector<Option> options;
    uint64_t argumentBytes = 0, stepBytes = 0;
    bool initialise = false;
    std::vector<Result> results;
    std::vector<unsigned> data;
    unsigned pieces = 0; ///< the most of a kernel that threads share
    unsigned firstLoop = 0, loopCount = 0;
  };
  std::string name, sourceHash, planHash;
  std::vector<Axis> axes;
  std::vector<Slot> slots;
  std::vector<Data> data;
  std::vector<Part> parts;
  std::vector<File> files;
  std::vector<Loop> loops;
  std::vector<Record> records;
  std::vector<Assertion> assertions;
  std::vector<Task> tasks;
  std::vector<ValueFile> valueFiles;
  uint64_t persistentBytes = 0;
  uint64_t features = 0; ///< of the processor, by their bits in runtime/features.def

  Type describe(NamedTensorType type);
  Field describe(mlir::DictionaryAttr field);
  Step step(mlir::DictionaryAttr entry);
  Assertion describe(task::AssertOp op);
  ValueFile describe(task::WriteOp op);
  unsigned axisNumber(llvm::StringRef name, int64_t extent);
  /// Of "data/part".
  unsigned partNumber(const std::string &path) const;
};

/// The tables that do not depend on tasks' bodies.
Descriptor describeProgram(mlir::ModuleOp module, const Layout &layout);
/// A task's entry; loops, records and files are added by lowering its body.
void describeTask(Descriptor &descriptor, task::TaskOp task, const TaskPlan &plan);
/// Defines the constant `burin_program`.
void emitDescriptor(llvm::Module &module, const Descriptor &descriptor);

} // namespace burin
