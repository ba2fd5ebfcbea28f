// RUN: %burin-opt %s --differentiate --split-input-file --verify-diagnostics

func.func @loop(%x: !burin.tensor<f32>, %n: !burin.tensor<i64>) -> !burin.tensor<f32> {
  %l:2 = burin.grad (%a = %x) : !burin.tensor<f32> -> (!burin.tensor<f32>, !burin.tensor<f32>) {
    // expected-error @+2 {{E0603: this loop is differentiated, and how often it runs is not known when compiling}}
    // expected-note @+1 {{give it a range whose end is known, such as an axis, or cut it off with `stop`}}
    %y = burin.for %i to %n carries(%c = %a) : !burin.tensor<f32> {
      %z = burin.sin %c : (!burin.tensor<f32>) -> !burin.tensor<f32>
      burin.yield %z : !burin.tensor<f32>
    }
    burin.yield %y : !burin.tensor<f32>
  }
  func.return %l#1 : !burin.tensor<f32>
}

// -----

// A loop that only captures what is differentiated is no less on the way.
func.func @capturing(%x: !burin.tensor<f32>, %n: !burin.tensor<i64>) -> !burin.tensor<f32> {
  %l:2 = burin.grad (%a = %x) : !burin.tensor<f32> -> (!burin.tensor<f32>, !burin.tensor<f32>) {
    %one = burin.constant dense<1.0> : !burin.tensor<f32>
    // expected-error @+2 {{E0603: this loop is differentiated, and how often it runs is not known when compiling}}
    // expected-note @+1 {{give it a range whose end is known, such as an axis, or cut it off with `stop`}}
    %y = burin.for %i to %n carries(%c = %one) : !burin.tensor<f32> {
      %z = burin.mul %c, %a : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
      burin.yield %z : !burin.tensor<f32>
    }
    burin.yield %y : !burin.tensor<f32>
  }
  func.return %l#1 : !burin.tensor<f32>
}

// -----

// Beside the loss a loop does no harm.
func.func @beside(%x: !burin.tensor<f32>, %n: !burin.tensor<i64>) -> (!burin.tensor<f32>, !burin.tensor<f32>) {
  %l:3 = burin.grad (%a = %x) : !burin.tensor<f32> -> (!burin.tensor<f32>, !burin.tensor<f32>, !burin.tensor<f32>) {
    %y = burin.for %i to %n carries(%c = %a) : !burin.tensor<f32> {
      burin.yield %c : !burin.tensor<f32>
    }
    burin.yield %a, %y : !burin.tensor<f32>, !burin.tensor<f32>
  }
  func.return %l#1, %l#2 : !burin.tensor<f32>, !burin.tensor<f32>
}

// -----

func.func @accumulate(%x: !burin.tensor<f32[h 4]>, %acc: !burin.tensor<f32[lane 16]>) -> !burin.tensor<f32[h 4]> {
  %l:2 = burin.grad (%a = %x) : !burin.tensor<f32[h 4]> -> (!burin.tensor<f32>, !burin.tensor<f32[h 4]>) {
    // expected-error @+2 {{E0604: `burin.accumulate` has no derivative}}
    // expected-note @+1 {{cut it off with `stop`}}
    %s = burin.accumulate "sum" %a into %acc over ["h"] : (!burin.tensor<f32[h 4]>, !burin.tensor<f32[lane 16]>) -> !burin.tensor<f32[lane 16]>
    %y = burin.reduce "sum" %s over ["lane"] : (!burin.tensor<f32[lane 16]>) -> !burin.tensor<f32>
    burin.yield %y : !burin.tensor<f32>
  }
  func.return %l#1 : !burin.tensor<f32[h 4]>
}

// -----

func.func @axes(%w: !burin.tensor<f32>, %x: !burin.tensor<f32[h 4]>) -> !burin.tensor<f32> {
  // expected-error @+2 {{E0602: the loss has the axis `h`, which what is differentiated lacks}}
  // expected-note @+1 {{take the loss's mean or sum over it}}
  %l:2 = burin.grad (%a = %w) : !burin.tensor<f32> -> (!burin.tensor<f32[h 4]>, !burin.tensor<f32>) {
    %y = burin.mul %a, %x : (!burin.tensor<f32>, !burin.tensor<f32[h 4]>) -> !burin.tensor<f32[h 4]>
    burin.yield %y : !burin.tensor<f32[h 4]>
  }
  func.return %l#1 : !burin.tensor<f32>
}
