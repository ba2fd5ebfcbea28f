// Kernels of long steps come in pieces that threads share.
// RUN: %burin build %s --cpu=x86-64-v4 --emit=loops | FileCheck %s
// RUN: %burin build %s -O0 --emit=loops | FileCheck %s --check-prefix=SCALAR

// The kernel of a piece finds its operands in memory, and runs its share of one loop: tiles of 12 rows up to row 180, then of
// 11; a tile is the piece's in which it begins.
// CHECK-LABEL: func.func @task.product(
// CHECK: %[[KERNEL:.*]] = constant @product_L{{.*}} : (!llvm.ptr, i64) -> ()
// CHECK: llvm.alloca
// CHECK-COUNT-3: llvm.store
// CHECK: call @burin_parallel(%arg5, %[[KERNEL]], %{{.*}}, %c[[#$PIECES:]]_i32)
// What is short, what gives one number and so has one order, and what adds to places that may coincide stay on one core.
// CHECK-LABEL: func.func @task.short(
// CHECK-NOT: burin_parallel
// CHECK-NOT: burin.pieces
// CHECK-LABEL: func.func private @product_L
// CHECK-SAME: (%arg0: !llvm.ptr, %[[PIECE:.*]]: i64) attributes {burin.pieces = [[#$PIECES]] : i64
// CHECK-COUNT-3: llvm.load {{.*}} -> !llvm.ptr
// CHECK: %[[LOW:.*]] = arith.muli %[[PIECE]], %c12
// CHECK: %[[NEXT:.*]] = arith.addi %[[LOW]], %c12
// CHECK: %[[HIGH:.*]] = arith.minsi %[[NEXT]], %c301
// CHECK: %[[MAIN:.*]] = arith.minsi %[[HIGH]], %c180
// CHECK: scf.for %{{.*}} = %[[LOW]] to %[[MAIN]] step %c12
// CHECK: %[[BEHIND:.*]] = arith.subi %[[LOW]], %c180
// CHECK: %[[FROM:.*]] = arith.maxsi %[[BEHIND]], %c0
// CHECK: scf.for %{{.*}} = %{{.*}} to %[[HIGH]] step %c11
// CHECK-NOT: burin.pieces
// SCALAR-LABEL: func.func private @product_L
// SCALAR-SAME: (%arg0: !llvm.ptr, %[[PIECE:.*]]: i64) attributes {burin.pieces
// SCALAR: %[[LOW:.*]] = arith.muli %[[PIECE]],
// SCALAR: scf.for %{{.*}} = %[[LOW]] to %{{.*}} step %c1_i64
task.task @product(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 301, k 200]>, %w: !burin.tensor<f32[k 200, j 64]>) -> !burin.tensor<f32[i 301, j 64]> attributes {options = [{name = "x"}, {name = "w"}]} {
  %y = burin.contract %x, %w over ["k"] : (!burin.tensor<f32[i 301, k 200]>, !burin.tensor<f32[k 200, j 64]>) -> !burin.tensor<f32[i 301, j 64]>
  task.return %y : !burin.tensor<f32[i 301, j 64]>
}

task.task @short(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 32, k 64]>, %w: !burin.tensor<f32[k 64, j 128]>) -> !burin.tensor<f32[i 32, j 128]> attributes {options = [{name = "x"}, {name = "w"}]} {
  %y = burin.contract %x, %w over ["k"] : (!burin.tensor<f32[i 32, k 64]>, !burin.tensor<f32[k 64, j 128]>) -> !burin.tensor<f32[i 32, j 128]>
  task.return %y : !burin.tensor<f32[i 32, j 128]>
}

task.task @whole(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 3010000]>) -> !burin.tensor<f32> attributes {options = [{name = "x"}]} {
  %y = burin.reduce "sum" %x over ["i"] : (!burin.tensor<f32[i 3010000]>) -> !burin.tensor<f32>
  task.return %y : !burin.tensor<f32>
}
task.task @scatter(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 3010000]>, %p: !burin.tensor<!burin.index<r 5>[i 3010000]>) -> !burin.tensor<f32[r 5]> attributes {options = [{name = "x"}, {name = "p"}]} {
  %y = burin.scatter_add %x[%p] at ["r"] : (!burin.tensor<f32[i 3010000]>, !burin.tensor<!burin.index<r 5>[i 3010000]>) -> !burin.tensor<f32[r 5]>
  task.return %y : !burin.tensor<f32[r 5]>
}
