// A call becomes what it calls, that of a call in it too; each op says where it stands and where it was called. What is private goes.
// RUN: %burin-opt %s --inline-calls --split-input-file --verify-diagnostics | FileCheck %s
!x = !burin.tensor<f32>

// CHECK-LABEL: func.func @twice
// CHECK-SAME: (%[[X:.*]]: !burin.tensor<f32>)
// CHECK-NEXT: %[[A:.*]] = burin.exp %[[X]]
// CHECK-NEXT: %[[B:.*]] = burin.neg %[[A]]
// CHECK-NEXT: %[[C:.*]] = burin.exp %[[B]]
// CHECK-NEXT: %[[D:.*]] = burin.neg %[[C]]
// CHECK-NEXT: return %[[D]]
// CHECK-NOT: func.func
func.func @twice(%x: !x) -> !x {
  %a = func.call @outer(%x) : (!x) -> !x
  %b = func.call @outer(%a) : (!x) -> !x
  return %b : !x
}
func.func private @outer(%x: !x) -> !x {
  %a = func.call @inner(%x) : (!x) -> !x
  %b = burin.neg %a : (!x) -> !x
  return %b : !x
}
func.func private @inner(%x: !x) -> !x {
  %a = burin.exp %x : (!x) -> !x
  return %a : !x
}

// -----

!x = !burin.tensor<f32>
func.func private @first(%x: !x) -> !x {
  %a = func.call @second(%x) : (!x) -> !x
  return %a : !x
}
func.func private @second(%x: !x) -> !x {
  // expected-error @+1 {{`first` calls itself}}
  %a = func.call @first(%x) : (!x) -> !x
  return %a : !x
}
