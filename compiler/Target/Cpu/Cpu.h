//===- Cpu.h - From planned tasks to an executable ------------------------------===//
#pragma once
#include "compiler/Codegen/Codegen.h"
#include "compiler/Plan/Plan.h"
#include "compiler/Target/Cpu/Descriptor.h"
#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace llvm {
class Module;
class TargetMachine;
class LLVMContext;
class raw_pwrite_stream;
} // namespace llvm

namespace burin {

struct CpuOptions {
  unsigned optLevel = 2; ///< 0: scalar kernels, no optimisation; the same bits
  std::string cpu = "native";
  bool wideRegisters = true; ///< 32 registers of 16 floats (AVX-512); found by targetMachine
  bool allPieces = false;    ///< cut every kernel that can be cut: for tests; the same bits
  unsigned watch = 0;        ///< 1: look for NaNs in what kernels give; 2: for infinities, too; the same bits
  uint64_t features = 0;     ///< what code may use, by the bits of runtime/features.def; found by targetMachine
  bool avx = true;           ///< else registers of 4 floats; found by targetMachine
  std::string sourceHash;
  /// What may be chosen otherwise, without a changed bit; generated programs are.
  std::optional<Machine> machine; ///< else by level and registers
  PlanOptions plan;
  bool tidyLoops = true; ///< canonicalization and common subexpressions, before LLVM
  /// Passes on LLVM IR; none at level 0. Kernels are made as they should be: stock pipelines spend their time in
  /// unrolling them.
  std::vector<std::string> passes = {
      "sroa", "early-cse", "loop-mssa(licm)", "instsimplify", "simplifycfg", "loop-mssa(licm)", "dce"};
};

/// What translation to LLVM IR needs in the context's registry.
void registerCpuTranslations(mlir::DialectRegistry &registry);
/// Loads the dialects that the stages below make.
void loadCpuDialects(mlir::MLIRContext &context);

/// Kernels become loops on pointers, tasks become functions of the ABI with calls of kernels and of the runtime; the
/// descriptor is made. Afterwards: func, scf, arith, math, vector and LLVM ops only (`--emit=loops`).
mlir::FailureOr<Descriptor> lowerToLoops(mlir::ModuleOp module, const CpuOptions &options);
/// To the LLVM dialect.
mlir::LogicalResult lowerToLLVM(mlir::ModuleOp module);
/// The machine, or null with a message.
std::unique_ptr<llvm::TargetMachine> targetMachine(CpuOptions &options, std::string &error);
/// LLVM IR, optimised by our own short list of passes.
std::unique_ptr<llvm::Module> toLLVM(mlir::ModuleOp module, const Descriptor &descriptor, llvm::LLVMContext &context,
                                     llvm::TargetMachine &machine, const CpuOptions &options);
/// An object or assembly; false with a message. Changes the module.
bool emitCode(llvm::Module &module, llvm::TargetMachine &machine, bool assembly, llvm::raw_pwrite_stream &out,
              std::string &error);
/// Links an object with the runtime that lies beside the compiler.
bool link(const std::string &object, const std::string &runtime, const std::string &path, std::string &error);

} // namespace burin
