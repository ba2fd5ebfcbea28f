// A power's derivative by its base has nothing for base 0 where the exponent is known.
// RUN: %burin-opt %s --graph-to-grad | FileCheck %s
!v = !burin.tensor<f32[i 3]>
!f = !burin.tensor<f32>

task.slot @x "parameter" : !v
// CHECK-LABEL: task.task @cube
// CHECK: %[[X:.*]] = task.get @x
// CHECK-NEXT: %[[SQUARE:.*]] = burin.mul %[[X]], %[[X]]
// CHECK-NEXT: %[[D:.*]] = burin.mul %[[SQUARE]]
// CHECK-NEXT: task.return %[[D]]
task.task @cube(%seed: !burin.tensor<i64>) -> !v {
  %x = task.get @x : !v
  %n = burin.constant dense<3.0> : !f
  %l, %d = burin.grad (%p = %x) : !v -> (!f, !v) {
    %y = burin.pow %p, %n : (!v, !f) -> !v
    %s = burin.reduce "sum" %y over ["i"] : (!v) -> !f
    burin.yield %s : !f
  }
  task.return %d : !v
}
