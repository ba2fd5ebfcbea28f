// burin.fold_in is Threefry-2x32 with 20 rounds; the numbers are the known answers published with Random123.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.fold_in %{{.*}}, %{{.*}} : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
task.task @zeros(%seed: !burin.tensor<i64>) {
  %k = burin.constant dense<0> : !burin.tensor<i64>
  %d = burin.constant dense<0> : !burin.tensor<i64>
  %y = burin.fold_in %k, %d : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
  %expected = burin.constant dense<7719171245655871230> : !burin.tensor<i64>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i64>
  task.return
}

task.task @ones(%seed: !burin.tensor<i64>) {
  %k = burin.constant dense<-1> : !burin.tensor<i64>
  %d = burin.constant dense<-1> : !burin.tensor<i64>
  %y = burin.fold_in %k, %d : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
  %expected = burin.constant dense<2069851515966729191> : !burin.tensor<i64>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i64>
  task.return
}

task.task @digits_of_pi(%seed: !burin.tensor<i64>) {
  %k = burin.constant dense<1376283091369227076> : !burin.tensor<i64>
  %d = burin.constant dense<2611923443488327891> : !burin.tensor<i64>
  %y = burin.fold_in %k, %d : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
  %expected = burin.constant dense<-4282295852774590560> : !burin.tensor<i64>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i64>
  task.return
}

// -----

func.func private @scalars(%a: !burin.tensor<i64>, %b: !burin.tensor<i64[i 2]>) {
  // expected-error @below {{operand #1 must be an i64 without axes}}
  %y = burin.fold_in %a, %b : (!burin.tensor<i64>, !burin.tensor<i64[i 2]>) -> !burin.tensor<i64>
  return
}
