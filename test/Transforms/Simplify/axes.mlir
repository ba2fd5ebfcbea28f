// Laws of axes, and expressions that forward and backward share.
// RUN: %burin-opt %s --simplify | FileCheck %s
!f = !burin.tensor<f32>
!v = !burin.tensor<f32[h 4]>
!m = !burin.tensor<f32[batch 8, h 4]>

// Alignment by name makes a broadcast needless where another operand has the axes.
// CHECK-LABEL: func.func @broadcasts
// CHECK-NEXT: %[[Y:.*]] = burin.add %arg0, %arg1 : (!burin.tensor<f32[batch 8, h 4]>, !burin.tensor<f32[h 4]>)
// CHECK-NEXT: %[[WIDE:.*]] = burin.broadcast %arg2 : (!burin.tensor<f32>) -> !burin.tensor<f32[batch 8, h 4]>
// CHECK-NEXT: return %[[Y]], %[[WIDE]]
func.func @broadcasts(%x: !m, %b: !v, %s: !f) -> (!m, !m) {
  %wide = burin.broadcast %b : (!v) -> !m
  %y = burin.add %x, %wide : (!m, !m) -> !m
  %once = burin.broadcast %s : (!f) -> !v
  %twice = burin.broadcast %once : (!v) -> !m
  func.return %y, %twice : !m, !m
}

// A full constant is one number to an op with another operand of the shape.
// CHECK-LABEL: func.func @constants
// CHECK: %[[TWO:.*]] = burin.constant dense<2.000000e+00> : !burin.tensor<f32>
// CHECK: burin.mul %arg0, %[[TWO]]
func.func @constants(%x: !m) -> !m {
  %two = burin.constant dense<2.0> : !m
  %y = burin.mul %x, %two : (!m, !m) -> !m
  func.return %y : !m
}

// Nothing is summed across: rows times rows. With a free axis it is a contraction.
// CHECK-LABEL: func.func @contractions
// CHECK: %[[P:.*]] = burin.mul %arg0, %arg1
// CHECK: %[[ROWS:.*]] = burin.reduce "sum" %[[P]] over ["h"]
// CHECK: %[[DOT:.*]] = burin.contract %arg0, %arg2 over ["h"]
// CHECK: return %[[ROWS]], %[[DOT]]
func.func @contractions(%x: !m, %y: !m, %w: !v) -> (!burin.tensor<f32[batch 8]>, !burin.tensor<f32[batch 8]>) {
  %a = burin.contract %x, %y over ["h"] : (!m, !m) -> !burin.tensor<f32[batch 8]>
  %b = burin.contract %x, %w over ["h"] : (!m, !v) -> !burin.tensor<f32[batch 8]>
  func.return %a, %b : !burin.tensor<f32[batch 8]>, !burin.tensor<f32[batch 8]>
}

// A transposed operand of a contraction is the operand.
// CHECK-LABEL: func.func @reordered
// CHECK-NEXT: burin.contract %arg0, %arg1
func.func @reordered(%x: !m, %w: !burin.tensor<f32[h 4, o 3]>) -> !burin.tensor<f32[batch 8, o 3]> {
  %t = burin.broadcast %x : (!m) -> !burin.tensor<f32[h 4, batch 8]>
  %y = burin.contract %t, %w over ["h"] : (!burin.tensor<f32[h 4, batch 8]>, !burin.tensor<f32[h 4, o 3]>) -> !burin.tensor<f32[batch 8, o 3]>
  func.return %y : !burin.tensor<f32[batch 8, o 3]>
}

// Equal expressions are one, with operands of commutative ops in either order; what nothing uses is none.
// CHECK-LABEL: func.func @common
// CHECK-NEXT: %[[P:.*]] = burin.mul %arg0, %arg1
// CHECK-NEXT: return %[[P]], %[[P]]
func.func @common(%x: !m, %y: !m) -> (!m, !m) {
  %a = burin.mul %x, %y : (!m, !m) -> !m
  %b = burin.mul %y, %x : (!m, !m) -> !m
  %unused = burin.exp %b : (!m) -> !m
  func.return %a, %b : !m, !m
}

// What varies along no axis is computed once, and broadcast later.
// CHECK-LABEL: func.func @later
// CHECK-NEXT: %[[E:.*]] = burin.exp %arg0 : (!burin.tensor<f32[h 4]>)
// CHECK-NEXT: %[[N:.*]] = burin.neg %[[E]]
// CHECK-NEXT: %[[Y:.*]] = burin.broadcast %[[N]]
// CHECK-NEXT: return %[[Y]]
func.func @later(%x: !v) -> !m {
  %wide = burin.broadcast %x : (!v) -> !m
  %e = burin.exp %wide : (!m) -> !m
  %n = burin.neg %e : (!m) -> !m
  func.return %n : !m
}
