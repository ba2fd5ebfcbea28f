// What the kinds of kernel look like.
// RUN: %burin build %s --cpu=x86-64-v4 --emit=loops | FileCheck %s
// RUN: %burin build %s --cpu=x86-64-v3 --emit=loops | FileCheck %s --check-prefix=NARROW

// A sum along the vector axis keeps 16 lanes in a vector; they close as a tree.
// CHECK-LABEL: func.func private @along_L
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %{{.*}}) -> (vector<16xf32>)
// CHECK: arith.addf {{.*}} : vector<16xf32>
// CHECK: arith.addf {{.*}} : vector<8xf32>
// CHECK: arith.addf {{.*}} : vector<4xf32>
// CHECK: arith.addf {{.*}} : vector<2xf32>
// CHECK: arith.addf {{.*}} : vector<1xf32>
// CHECK: return
task.task @along(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 64]>) -> !burin.tensor<f32> attributes {options = [{name = "x"}]} {
  %y = burin.reduce "sum" %x over ["i"] : (!burin.tensor<f32[i 64]>) -> !burin.tensor<f32>
  task.return %y : !burin.tensor<f32>
}

// Along another axis the 16 lanes are 16 accumulators, each a vector of columns.
// CHECK-LABEL: func.func private @across_L
// CHECK: scf.for
// CHECK: %{{.*}}:16 = scf.for {{.*}} iter_args({{.*}}) -> (vector<16xf32>, vector<16xf32>,
// CHECK: return
task.task @across(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 64, j 32]>) -> !burin.tensor<f32[j 32]> attributes {options = [{name = "x"}]} {
  %y = burin.reduce "sum" %x over ["i"] : (!burin.tensor<f32[i 64, j 32]>) -> !burin.tensor<f32[j 32]>
  task.return %y : !burin.tensor<f32[j 32]>
}

// A product's tile is carried by the loop over the summed axis, and stored after it: at most 12 rows of 2 vectors where there are 32
// registers of 16 floats, 6 rows of 1 elsewhere; sixteen rows are tiles of 8 and of 4, which divide them.
// CHECK-LABEL: func.func private @product_L
// CHECK: scf.for
// CHECK: scf.for
// CHECK: %[[TILE:.*]]:16 = scf.for {{.*}} iter_args(
// CHECK-NOT: llvm.store
// CHECK-COUNT-16: math.fma {{.*}} : vector<16xf32>
// CHECK-NEXT: scf.yield
// CHECK: llvm.store %[[TILE]]#0
// CHECK: return
// NARROW-LABEL: func.func private @product_L
// NARROW: :4 = scf.for {{.*}} iter_args(
// NARROW-COUNT-4: math.fma {{.*}} : vector<16xf32>
// NARROW-NEXT: scf.yield
task.task @product(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 16, k 9]>, %w: !burin.tensor<f32[k 9, j 64]>) -> !burin.tensor<f32[i 16, j 64]> attributes {options = [{name = "x"}, {name = "w"}]} {
  %y = burin.contract %x, %w over ["k"] : (!burin.tensor<f32[i 16, k 9]>, !burin.tensor<f32[k 9, j 64]>) -> !burin.tensor<f32[i 16, j 64]>
  task.return %y : !burin.tensor<f32[i 16, j 64]>
}

// The columns of a large operand are copied to the stack in panels, a few of which are read for all rows; what is no whole panel is
// read where it lies.
// NARROW-LABEL: func.func private @large_L
// NARROW: llvm.alloca %{{.*}} x f32 {alignment = 64
// NARROW: scf.for {{.*}} step %c112_i64
// NARROW: arith.minsi
// NARROW: scf.for {{.*}} step %c16_i64
// NARROW: scf.for {{.*}} to %c66_i64
// NARROW: llvm.load {{.*}} -> vector<16xf32>
// NARROW: llvm.store {{.*}} vector<16xf32>
// Fifty rows are tiles of 6 and of 5.
// NARROW: :6 = scf.for
// NARROW: :5 = scf.for
// NARROW: masked.load
// NARROW: return
task.task @large(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 50, k 66]>, %w: !burin.tensor<f32[k 66, j 1000]>) -> !burin.tensor<f32[i 50, j 1000]> attributes {options = [{name = "x"}, {name = "w"}]} {
  %y = burin.contract %x, %w over ["k"] : (!burin.tensor<f32[i 50, k 66]>, !burin.tensor<f32[k 66, j 1000]>) -> !burin.tensor<f32[i 50, j 1000]>
  task.return %y : !burin.tensor<f32[i 50, j 1000]>
}

// Two updates in one pass: everything is read at a place before anything is written there.
// CHECK-LABEL: func.func private @two_L
// CHECK: scf.for
// CHECK-COUNT-2: llvm.load {{.*}} -> vector<16xf32>
// CHECK-NOT: llvm.load
// CHECK-COUNT-2: llvm.store {{.*}} vector<16xf32>
// CHECK-NEXT: }
task.slot @m "state" : !burin.tensor<f32[i 32]>
task.slot @v "state" : !burin.tensor<f32[i 32]>
task.task @two(%seed: !burin.tensor<i64>) {
  %m = task.get @m : !burin.tensor<f32[i 32]>
  %v = task.get @v : !burin.tensor<f32[i 32]>
  %a = burin.add %m, %v : (!burin.tensor<f32[i 32]>, !burin.tensor<f32[i 32]>) -> !burin.tensor<f32[i 32]>
  %b = burin.sub %m, %v : (!burin.tensor<f32[i 32]>, !burin.tensor<f32[i 32]>) -> !burin.tensor<f32[i 32]>
  task.set @m, %a : !burin.tensor<f32[i 32]>
  task.set @v, %b : !burin.tensor<f32[i 32]>
  task.return
}

// Places may coincide: a scatter adds one element after the other to what lies there.
// CHECK-LABEL: func.func private @scatter_L
// CHECK: scf.for
// CHECK: llvm.store
// CHECK: scf.for
// CHECK: %[[PLACE:.*]] = llvm.getelementptr %arg2[
// CHECK: %[[OLD:.*]] = llvm.load %[[PLACE]] {{.*}} -> f32
// CHECK: %[[NEW:.*]] = arith.addf %[[OLD]]
// CHECK: llvm.store %[[NEW]], %[[PLACE]]
task.task @scatter(%seed: !burin.tensor<i64>, %x: !burin.tensor<f32[i 20]>, %p: !burin.tensor<!burin.index<r 5>[i 20]>) -> !burin.tensor<f32[r 5]> attributes {options = [{name = "x"}, {name = "p"}]} {
  %y = burin.scatter_add %x[%p] at ["r"] : (!burin.tensor<f32[i 20]>, !burin.tensor<!burin.index<r 5>[i 20]>) -> !burin.tensor<f32[r 5]>
  task.return %y : !burin.tensor<f32[r 5]>
}
