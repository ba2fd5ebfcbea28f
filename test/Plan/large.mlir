// Places beyond 2 GiB: offsets are 64 bits wide.
// RUN: %burin build %s --emit=loops | FileCheck %s
// CHECK: %[[FAR:.*]] = arith.constant 2400000000 : i64
// CHECK: llvm.getelementptr %arg0[%[[FAR]]] : (!llvm.ptr, i64)
task.axis "n" 600000000
task.slot @a "state" : !burin.tensor<f32[n 600000000]>
task.slot @b "state" : !burin.tensor<f32>
task.task @init(%seed: !burin.tensor<i64>) attributes {initialise} {
  %a = burin.constant dense<1.0> : !burin.tensor<f32[n 600000000]>
  %b = burin.constant dense<2.0> : !burin.tensor<f32>
  task.set @a, %a : !burin.tensor<f32[n 600000000]>
  task.set @b, %b : !burin.tensor<f32>
  task.return
}
