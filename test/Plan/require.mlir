// A requirement in IR: bytes, of a task that is there; setting first values counts where it wants more than the task.
// RUN: split-file %s %t
// RUN: not %burin build %t/unknown.mlir --emit=loops 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not %burin build %t/first.mlir --emit=loops 2>&1 | FileCheck %s --check-prefix=FIRST
// RUN: sed 's/memory 8000/memory 8064/' %t/first.mlir > %t/enough.mlir && %burin build %t/enough.mlir --emit=loops -o %t/loops
// RUN: sed 's/memory 8000/memory 8063/' %t/first.mlir > %t/less.mlir && not %burin build %t/less.mlir --emit=loops 2>&1 | FileCheck %s --check-prefix=LESS

//--- unknown.mlir
// UNKNOWN: error[E0306]: there is no task of that name
// UNKNOWN-NEXT: --> {{.*}}unknown.mlir:3:1
task.require @train memory 8000
//--- first.mlir
// The slot, 4000 and what aligns it; a draw of the same size, which is summed before it goes there; nothing for the task itself.
// FIRST: error[E0606]: `nothing` needs {{[0-9,]+}} bytes of memory, and this allows 8,000
// LESS: error[E0606]: `nothing` needs 8,064 bytes of memory, and this allows 8,063
task.slot @a "state" : !burin.tensor<f32[i 1000]>
task.task @init(%seed: !burin.tensor<i64>) attributes {initialise} {
  %u = burin.random %seed : !burin.tensor<i64> -> !burin.tensor<f32[i 1000]>
  %s = burin.reduce "sum" %u over ["i"] : (!burin.tensor<f32[i 1000]>) -> !burin.tensor<f32>
  %x = burin.mul %u, %s : (!burin.tensor<f32[i 1000]>, !burin.tensor<f32>) -> !burin.tensor<f32[i 1000]>
  task.set @a, %x : !burin.tensor<f32[i 1000]>
  task.return
}
task.task @nothing(%seed: !burin.tensor<i64>) {
  task.return
}
task.require @nothing memory 8000
