// Three loops in LLVM IR, linked as a library that is loaded here: nothing else of this process is measured with them.
#include "compiler/Target/Cpu/Limits.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Target/TargetMachine.h"
#include <chrono>
#include <cstdlib>
#include <dlfcn.h>
#include <fmt/format.h>
using namespace burin;

namespace {
constexpr int64_t vectorBytes = 64;

// `count` chains of x = x * m + c, n times; the sum keeps them from being dropped.
std::string peakLoop(const char *name, const char *element, int lanes, int count) {
  std::string type = fmt::format("<{} x {}>", lanes, element), before, after, sum;
  for (int k = 0; k < count; ++k) {
    before += fmt::format("  %a{0} = phi {1} [ %c, %entry ], [ %b{0}, %loop ]\n", k, type);
    after += fmt::format("  %b{0} = call {1} @llvm.fmuladd.v{2}{3}({1} %a{0}, {1} %m, {1} %c)\n", k, type, lanes,
                         *element == 'f' ? "f32" : "f64");
    sum += k ? fmt::format("  %s{0} = fadd {1} %s{2}, %b{0}\n", k, type, k - 1)
             : fmt::format("  %s0 = fadd {} %b0, %c\n", type);
  }
  return fmt::format(R"(
define void @{0}(i64 %n, ptr %sink) {{
entry:
  %m0 = insertelement {1} poison, {2} 5.000000e-01, i64 0
  %m = shufflevector {1} %m0, {1} poison, <{3} x i32> zeroinitializer
  %c = load {1}, ptr %sink, align 64
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %j, %loop ]
{4}{5}  %j = add i64 %i, 1
  %more = icmp slt i64 %j, %n
  br i1 %more, label %loop, label %end
end:
{6}  store {1} %s{7}, ptr %sink, align 64
  ret void
}}
)",
                     name, type, element, lanes, before, after, sum, count - 1);
}

// Over n bytes, a multiple of count * 64: reads and adds them up, or writes each back times 1/2 plus c.
std::string memoryLoop(const char *name, int count, bool update) {
  std::string before, after, sum;
  for (int k = 0; k < count; ++k) {
    before += update ? "" : fmt::format("  %a{0} = phi <16 x float> [ %c, %entry ], [ %b{0}, %loop ]\n", k);
    after +=
        fmt::format("  %p{0} = getelementptr i8, ptr %q, i64 {1}\n  %x{0} = load <16 x float>, ptr %p{0}, align 64\n",
                    k, k * vectorBytes);
    after += update
                 ? fmt::format("  %b{0} = call <16 x float> @llvm.fmuladd.v16f32(<16 x float> %x{0}, <16 x float> %m, "
                               "<16 x float> %c)\n  store <16 x float> %b{0}, ptr %p{0}, align 64\n",
                               k)
                 : fmt::format("  %b{0} = fadd <16 x float> %a{0}, %x{0}\n", k);
    sum +=
        k ? fmt::format("  %s{0} = fadd <16 x float> %s{1}, %b{0}\n", k, k - 1) : "  %s0 = fadd <16 x float> %b0, %c\n";
  }
  return fmt::format(R"(
define void @{0}(i64 %n, ptr %sink, ptr %data) {{
entry:
  %m0 = insertelement <16 x float> poison, float 5.000000e-01, i64 0
  %m = shufflevector <16 x float> %m0, <16 x float> poison, <16 x i32> zeroinitializer
  %c = load <16 x float>, ptr %sink, align 64
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %j, %loop ]
{1}  %q = getelementptr i8, ptr %data, i64 %i
{2}  %j = add i64 %i, {3}
  %more = icmp slt i64 %j, %n
  br i1 %more, label %loop, label %end
end:
{4}  store <16 x float> %s{5}, ptr %sink, align 64
  ret void
}}
)",
                     name, before, after, count * vectorBytes, sum, count - 1);
}

/// A temporary file that goes when this does.
struct Temporary {
  llvm::SmallString<128> path;
  bool fine;
  explicit Temporary(const char *suffix) : fine(!llvm::sys::fs::createTemporaryFile("burin", suffix, path)) {}
  ~Temporary() {
    if (fine)
      (void)llvm::sys::fs::remove(path);
  }
};

// The loops as a loaded library, or null with a message.
void *load(llvm::TargetMachine &machine, int chains, int streams, std::string &error) {
  llvm::LLVMContext context;
  llvm::SMDiagnostic diagnostic;
  std::string text = "declare <16 x float> @llvm.fmuladd.v16f32(<16 x float>, <16 x float>, <16 x float>)\n"
                     "declare <8 x double> @llvm.fmuladd.v8f64(<8 x double>, <8 x double>, <8 x double>)\n" +
                     peakLoop("peak_f32", "float", 16, chains) + peakLoop("peak_f64", "double", 8, chains) +
                     memoryLoop("read", streams, false) + memoryLoop("update", streams, true);
  auto module = llvm::parseAssemblyString(text, diagnostic, context);
  if (!module)
    return error = "the loops that measure do not parse: " + diagnostic.getMessage().str(), nullptr;
  module->setTargetTriple(machine.getTargetTriple());
  module->setDataLayout(machine.createDataLayout());
  for (llvm::Function &f : *module)
    if (!f.isDeclaration()) {
      f.addFnAttr("target-cpu", machine.getTargetCPU());
      f.addFnAttr("target-features", machine.getTargetFeatureString());
      f.addFnAttr("prefer-vector-width", "512");
    }
  Temporary object("o"), library("so");
  auto cc = llvm::sys::findProgramByName("cc");
  std::error_code code;
  if (!object.fine || !library.fine || !cc)
    return error = cc ? "can't make a temporary file" : "there is no `cc` to link with: install gcc or clang", nullptr;
  {
    llvm::raw_fd_ostream out(object.path, code);
    if (code || !emitCode(*module, machine, false, out, error))
      return error = code ? code.message() : error, nullptr;
  }
  std::vector<llvm::StringRef> arguments{*cc, "-shared", object.path, "-o", library.path};
  if (llvm::sys::ExecuteAndWait(*cc, arguments, std::nullopt, {}, 0, 0, &error) != 0)
    return error = error.empty() ? "the linker failed" : error, nullptr;
  void *loaded = dlopen(library.path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!loaded)
    error = dlerror();
  return loaded;
}

// The most that `once` does in a second, of several runs of some milliseconds; `amount` is what one call does.
double best(double amount, llvm::function_ref<void(int64_t)> run) {
  auto time = [&](int64_t times) {
    auto start = std::chrono::steady_clock::now();
    run(times);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  int64_t times = 1;
  double seconds = time(times);
  for (; seconds < 2e-3 && times < int64_t(1) << 40; times *= 2)
    seconds = time(2 * times);
  double least = seconds;
  for (int round = 0; round < 15; ++round)
    least = std::min(least, time(times));
  return amount * double(times) / least;
}
} // namespace

bool burin::measureLimits(llvm::TargetMachine &machine, const CpuOptions &options, uint64_t workingSet, Limits &limits,
                          std::string &error) {
  // Enough chains to hide an addition's latency, few enough to stay in registers.
  int chains = options.wideRegisters ? 12 : 5, streams = options.wideRegisters ? 8 : 4;
  uint64_t stride = uint64_t(streams) * vectorBytes;
  uint64_t bytes = std::clamp<uint64_t>(workingSet, 4096, 256 << 20) / stride * stride;
  struct Free {
    void operator()(float *p) const { free(p); }
  };
  std::unique_ptr<float, Free> data(static_cast<float *>(aligned_alloc(4096, llvm::alignTo(bytes, 4096)))),
      sink(static_cast<float *>(aligned_alloc(64, 64)));
  if (!data || !sink)
    return error = fmt::format("there is no memory for {} bytes", bytes), false;
  std::fill_n(data.get(), bytes / 4, 1.0f);
  void *library = load(machine, chains, streams, error);
  if (!library)
    return false;
  auto peak = [&](const char *name, int lanes) {
    auto loop = reinterpret_cast<void (*)(int64_t, float *)>(dlsym(library, name));
    std::fill_n(sink.get(), 16, 0.0f);
    return best(2.0 * lanes * chains, [&](int64_t times) { loop(times, sink.get()); });
  };
  auto memory = [&](const char *name, double moved) {
    auto loop = reinterpret_cast<void (*)(int64_t, float *, float *)>(dlsym(library, name));
    std::fill_n(sink.get(), 16, 0.0f);
    return best(moved, [&](int64_t times) {
      for (int64_t i = 0; i < times; ++i)
        loop(int64_t(bytes), sink.get(), data.get());
    });
  };
  limits.f32 = peak("peak_f32", 16), limits.f64 = peak("peak_f64", 8);
  limits.bandwidth = std::max(memory("read", double(bytes)), memory("update", 2 * double(bytes)));
  limits.workingSet = bytes;
  dlclose(library);
  return true;
}
