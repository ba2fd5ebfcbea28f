// What a loop carries has one place: updates write over it. Values that change places, and those that are wanted longer, are copied.
// RUN: %burin build %s --emit=loops | FileCheck %s
// RUN: %burin build %s -o %t && %t update --poison && %t exchange --poison && %t captured --poison && %t nested --poison && %t none --poison && %t lanes --poison
// RUN: %burin build %s -O0 -o %t && %t update --poison && %t exchange --poison && %t captured --poison && %t nested --poison && %t none --poison && %t lanes --poison

// One buffer from before the loop to after it: the kernel in the loop reads and writes the same place.
// CHECK-LABEL: func.func @task.update
// CHECK: call @update_{{.*}}broadcast{{.*}}(%[[PLACE:[a-z0-9]+]])
// CHECK: scf.for
// CHECK-NEXT: call @update_{{.*}}mul{{.*}}(%[[PLACE]], %[[PLACE]])
// CHECK-NEXT: }
// CHECK-NOT: call @copy_
// CHECK: return
task.axis "i" 20
task.task @update(%seed: !burin.tensor<i64>) {
  %n = burin.constant dense<5> : !burin.tensor<i64>
  %a = burin.constant dense<1.0> : !burin.tensor<f32[i 20]>
  %two = burin.constant dense<2.0> : !burin.tensor<f32>
  %y = burin.for %k to %n carries(%x = %a) : !burin.tensor<f32[i 20]> {
    %z = burin.mul %x, %two : (!burin.tensor<f32[i 20]>, !burin.tensor<f32>) -> !burin.tensor<f32[i 20]>
    burin.yield %z : !burin.tensor<f32[i 20]>
  }
  %expected = burin.constant dense<32.0> : !burin.tensor<f32[i 20]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 20]>
  task.return
}

// Two values change places in every iteration: one of three copies keeps each from being written too early.
// CHECK-LABEL: func.func @task.exchange
// CHECK: scf.for
// CHECK: call @copy_
// CHECK: call @copy_
// CHECK: }
task.task @exchange(%seed: !burin.tensor<i64>) {
  %n = burin.constant dense<3> : !burin.tensor<i64>
  %a = burin.constant dense<1.0> : !burin.tensor<f32[i 20]>
  %b = burin.constant dense<2.0> : !burin.tensor<f32[i 20]>
  %y:2 = burin.for %k to %n carries(%p = %a, %q = %b) : !burin.tensor<f32[i 20]>, !burin.tensor<f32[i 20]> {
    burin.yield %q, %p : !burin.tensor<f32[i 20]>, !burin.tensor<f32[i 20]>
  }
  task.expect %y#0, %b tolerance 0.0 : !burin.tensor<f32[i 20]>
  task.expect %y#1, %a tolerance 0.0 : !burin.tensor<f32[i 20]>
  task.return
}

// What a loop reads from outside is there in its last iteration, though its text reads it before other buffers begin.
task.task @captured(%seed: !burin.tensor<i64>) {
  %n = burin.constant dense<4> : !burin.tensor<i64>
  %zero = burin.constant dense<0.0> : !burin.tensor<f32[i 20]>
  %u = burin.random %seed : !burin.tensor<i64> -> !burin.tensor<f32[i 20]>
  %y = burin.for %k to %n carries(%x = %zero) : !burin.tensor<f32[i 20]> {
    %s = burin.reduce "sum" %u over ["i"] : (!burin.tensor<f32[i 20]>) -> !burin.tensor<f32>
    %r = burin.random %k : !burin.tensor<i64> -> !burin.tensor<f32[i 20]>
    %m = burin.reduce "max" %r over ["i"] : (!burin.tensor<f32[i 20]>) -> !burin.tensor<f32>
    %d = burin.sub %m, %m : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
    %t = burin.add %s, %d : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
    %z = burin.add %x, %t : (!burin.tensor<f32[i 20]>, !burin.tensor<f32>) -> !burin.tensor<f32[i 20]>
    burin.yield %z : !burin.tensor<f32[i 20]>
  }
  %s = burin.reduce "sum" %u over ["i"] : (!burin.tensor<f32[i 20]>) -> !burin.tensor<f32>
  %two = burin.add %s, %s : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %three = burin.add %two, %s : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %four = burin.add %three, %s : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %expected = burin.broadcast %four : (!burin.tensor<f32>) -> !burin.tensor<f32[i 20]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 20]>
  task.return
}

// A loop in a loop carries the same value: one place, no copies.
// CHECK-LABEL: func.func @task.nested
// CHECK-NOT: call @copy_
// CHECK: return
task.task @nested(%seed: !burin.tensor<i64>) {
  %n = burin.constant dense<3> : !burin.tensor<i64>
  %a = burin.constant dense<1.0> : !burin.tensor<f32[i 20]>
  %two = burin.constant dense<2.0> : !burin.tensor<f32>
  %y = burin.for %k to %n carries(%x = %a) : !burin.tensor<f32[i 20]> {
    %w = burin.for %l to %k carries(%v = %x) : !burin.tensor<f32[i 20]> {
      %z = burin.mul %v, %two : (!burin.tensor<f32[i 20]>, !burin.tensor<f32>) -> !burin.tensor<f32[i 20]>
      burin.yield %z : !burin.tensor<f32[i 20]>
    }
    burin.yield %w : !burin.tensor<f32[i 20]>
  }
  %expected = burin.constant dense<8.0> : !burin.tensor<f32[i 20]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 20]>
  task.return
}

// A loop of no iterations gives what it was given.
task.task @none(%seed: !burin.tensor<i64>) {
  %n = burin.constant dense<0> : !burin.tensor<i64>
  %u = burin.random %seed : !burin.tensor<i64> -> !burin.tensor<f32[i 20]>
  %zero = burin.constant dense<0.0> : !burin.tensor<f32[i 20]>
  %y:2 = burin.for %k to %n carries(%p = %u, %q = %u) : !burin.tensor<f32[i 20]>, !burin.tensor<f32[i 20]> {
    burin.yield %zero, %p : !burin.tensor<f32[i 20]>, !burin.tensor<f32[i 20]>
  }
  task.expect %y#0, %u tolerance 0.0 : !burin.tensor<f32[i 20]>
  task.expect %y#1, %u tolerance 0.0 : !burin.tensor<f32[i 20]>
  task.return
}

// The lanes of a sum over tiles are added to where they lie.
// CHECK-LABEL: func.func @task.lanes
// CHECK-NOT: call @copy_
// CHECK: return
task.task @lanes(%seed: !burin.tensor<i64>) {
  %n = burin.constant dense<4> : !burin.tensor<i64>
  %zero = burin.constant dense<0.0> : !burin.tensor<f32[lane 16]>
  %x = burin.constant dense<1.0> : !burin.tensor<f32[i 20]>
  %lanes = burin.for %k to %n carries(%acc = %zero) : !burin.tensor<f32[lane 16]> {
    %next = burin.accumulate "sum" %x into %acc over ["i"] : (!burin.tensor<f32[i 20]>, !burin.tensor<f32[lane 16]>) -> !burin.tensor<f32[lane 16]>
    burin.yield %next : !burin.tensor<f32[lane 16]>
  }
  %y = burin.reduce "sum" %lanes over ["lane"] : (!burin.tensor<f32[lane 16]>) -> !burin.tensor<f32>
  %expected = burin.constant dense<80.0> : !burin.tensor<f32>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32>
  task.return
}
