// What is only laid out anew is read along its memory, 16 rows at a time, and written in whole vectors.
// RUN: %burin build %s --emit=loops | FileCheck %s

// CHECK-LABEL: func.func private @turned_L
// CHECK: scf.for %[[I:.*]] = %c0{{.*}} to %c32{{.*}} step %c16
// CHECK: scf.for %[[J:.*]] = %c0{{.*}} to %c7{{.*}} step %c1
// CHECK: %[[ROW:.*]] = arith.muli %[[I]], %c7
// CHECK: arith.addi %[[J]], %[[ROW]]
// CHECK: masked.gather
// CHECK: llvm.store {{.*}} : vector<16xf32>
// The 5 rows that are left are lanes of one vector.
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c7{{.*}} step %c1
// CHECK: llvm.intr.masked.gather
// CHECK-NOT: masked.gather
task.task @turned(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 37, j 7]>) -> !burin.tensor<f32[j 7, i 37]> attributes {options = [{name = "x"}]} {
  %y = burin.broadcast %x : (!burin.tensor<f32[i 37, j 7]>) -> !burin.tensor<f32[j 7, i 37]>
  task.return %y : !burin.tensor<f32[j 7, i 37]>
}
