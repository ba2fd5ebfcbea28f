// Loops go over whole vectors of 16, and once more over what is left: reads are masked, writes are in pieces;
// there is no padding to read or write.
// RUN: %burin build %s --emit=loops | FileCheck %s
// RUN: %burin build %s --emit=loops -O0 | FileCheck %s --check-prefix=SCALAR

// SCALAR-NOT: vector<

// Ten: masked only.
// CHECK-LABEL: func.func private @ten_L
// CHECK-NOT: llvm.load {{.*}} vector<
// CHECK: llvm.intr.masked.load
// CHECK: llvm.store {{.*}} vector<8xf32>
// CHECK: llvm.store {{.*}} vector<2xf32>
// CHECK-NOT: store
// CHECK: return
task.task @ten(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 10]>) -> !burin.tensor<f32[i 10]> attributes {options = [{name = "x"}]} {
  %y = burin.neg %x : (!burin.tensor<f32[i 10]>) -> !burin.tensor<f32[i 10]>
  task.return %y : !burin.tensor<f32[i 10]>
}

// Sixteen: whole only.
// CHECK-LABEL: func.func private @sixteen_L
// CHECK-NOT: masked
// CHECK: llvm.load {{.*}} -> vector<16xf32>
// CHECK-NOT: masked
// CHECK: return
task.task @sixteen(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 16]>) -> !burin.tensor<f32[i 16]> attributes {options = [{name = "x"}]} {
  %y = burin.neg %x : (!burin.tensor<f32[i 16]>) -> !burin.tensor<f32[i 16]>
  task.return %y : !burin.tensor<f32[i 16]>
}

// Seventeen: one whole vector, then one lane.
// CHECK-LABEL: func.func private @seventeen_L
// CHECK: dense<[true, false, false
// CHECK-NOT: masked
// CHECK: llvm.load {{.*}} -> vector<16xf32>
// CHECK-NOT: masked
// CHECK: llvm.store {{.*}} vector<16xf32>
// CHECK: llvm.intr.masked.load
// CHECK: llvm.store {{.*}} vector<1xf32>
// CHECK-NOT: store
// CHECK: return
task.task @seventeen(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 17]>) -> !burin.tensor<f32[i 17]> attributes {options = [{name = "x"}]} {
  %y = burin.neg %x : (!burin.tensor<f32[i 17]>) -> !burin.tensor<f32[i 17]>
  task.return %y : !burin.tensor<f32[i 17]>
}

// One: a scalar.
// CHECK-LABEL: func.func private @one_L
// CHECK-NOT: vector<
// CHECK: llvm.load {{.*}} -> f32
// CHECK-NOT: vector<
// CHECK: return
task.task @one(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 1]>) -> !burin.tensor<f32[i 1]> attributes {options = [{name = "x"}]} {
  %y = burin.neg %x : (!burin.tensor<f32[i 1]>) -> !burin.tensor<f32[i 1]>
  task.return %y : !burin.tensor<f32[i 1]>
}
