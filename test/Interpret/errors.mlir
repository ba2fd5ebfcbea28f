// What can't be run is refused at its place.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o /dev/null

task.slot @w "parameter" : !burin.tensor<f32>
task.task @unset(%seed: !burin.tensor<i64>) {
  // expected-error @below {{reads the slot `w` before it is set}}
  %w = task.get @w : !burin.tensor<f32>
  task.return
}

// -----

task.task @index(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<1.0> : !burin.tensor<f32[i 3]>
  %three = burin.constant dense<3> : !burin.tensor<i64>
  %i = burin.cast %three : (!burin.tensor<i64>) -> !burin.tensor<!burin.index<i 3>>
  // expected-error @below {{an index is outside its axis}}
  %y = burin.gather %x[%i] at ["i"] : (!burin.tensor<f32[i 3]>, !burin.tensor<!burin.index<i 3>>) -> !burin.tensor<f32>
  task.return
}

// -----

task.task @huge(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<1.0> : !burin.tensor<f32>
  // expected-error @below {{no array of more than 2^31 elements}}
  %y = burin.broadcast %x : (!burin.tensor<f32>) -> !burin.tensor<f32[a 4294967296, b 4294967296]>
  task.return
}

// -----

func.func private @endless(%x: !burin.tensor<f32>) -> !burin.tensor<f32> {
  // expected-error @below {{calls go deeper than}}
  %y = func.call @endless(%x) : (!burin.tensor<f32>) -> !burin.tensor<f32>
  return %y : !burin.tensor<f32>
}
task.task @deep(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<1.0> : !burin.tensor<f32>
  %y = func.call @endless(%x) : (!burin.tensor<f32>) -> !burin.tensor<f32>
  task.return
}

// -----

task.task @nested(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<3.0> : !burin.tensor<f32>
  %l, %d = burin.grad (%p = %x) : !burin.tensor<f32> -> (!burin.tensor<f32>, !burin.tensor<f32>) {
    %m, %e = burin.grad (%q = %p) : !burin.tensor<f32> -> (!burin.tensor<f32>, !burin.tensor<f32>) {
      %x2 = burin.mul %q, %q : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
      // expected-error @below {{does not differentiate a gradient through this at the graph stage; run it at the grad stage}}
      %y = burin.custom_gradient %x2 by %q : !burin.tensor<f32> by !burin.tensor<f32> {
      ^bb0(%d: !burin.tensor<f32>):
        burin.yield %d : !burin.tensor<f32>
      }
      burin.yield %y : !burin.tensor<f32>
    }
    burin.yield %e : !burin.tensor<f32>
  }
  task.return
}

// -----

// A derivative through an operation that has none is an error, not a zero.
task.task @no_derivative(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<3.0> : !burin.tensor<f32[k 16]>
  %acc = burin.constant dense<0.0> : !burin.tensor<f32[lane 16]>
  %l, %d = burin.grad (%p = %x) : !burin.tensor<f32[k 16]> -> (!burin.tensor<f32>, !burin.tensor<f32[k 16]>) {
    // expected-error @below {{no derivative passes through this operation}}
    %y = burin.accumulate "sum" %p into %acc over ["k"] : (!burin.tensor<f32[k 16]>, !burin.tensor<f32[lane 16]>) -> !burin.tensor<f32[lane 16]>
    %s = burin.reduce "sum" %y over ["lane"] : (!burin.tensor<f32[lane 16]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  task.return
}

// -----

task.data @d "csv" "d.csv" fields [{count = 1 : i64, first = 0 : i64, name = "x", type = !burin.tensor<f32>}] parts [{axis = "d", name = "", rest = false, share = 1.0 : f64}]
task.task @data(%seed: !burin.tensor<i64>) {
  // expected-error @below {{burin-opt reads no data}}
  %x = task.column @d "" "x" : !burin.tensor<f32[d ?]>
  task.return
}

// -----

task.task @stage(%seed: !burin.tensor<i64>) {
  // expected-error @below {{the interpreter runs the graph and grad stages, which have no such operation}}
  %x = arith.constant 1.0 : f32
  task.return
}
