// burin.shuffle is a bijection of [0, n) that the key chooses.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.shuffle %{{.*}}, %{{.*}}, %{{.*}} : (!burin.tensor<i64>, !burin.tensor<i64>, !burin.tensor<i64[i 10]>) -> !burin.tensor<i64[i 10]>
task.task @values(%seed: !burin.tensor<i64>) {
  %k = burin.constant dense<81985529216486895> : !burin.tensor<i64>
  %n = burin.constant dense<10> : !burin.tensor<i64>
  %x = burin.constant dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]> : !burin.tensor<i64[i 10]>
  %y = burin.shuffle %k, %n, %x : (!burin.tensor<i64>, !burin.tensor<i64>, !burin.tensor<i64[i 10]>) -> !burin.tensor<i64[i 10]>
  %expected = burin.constant dense<[1, 4, 0, 6, 8, 2, 7, 5, 3, 9]> : !burin.tensor<i64[i 10]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i64[i 10]>
  task.return
}

// Every place is taken once: counted by adding ones there.
task.task @bijection(%seed: !burin.tensor<i64>) {
  %k = burin.constant dense<7> : !burin.tensor<i64>
  %n = burin.constant dense<1000> : !burin.tensor<i64>
  %iota = burin.iota : !burin.tensor<!burin.index<i 1000>[i 1000]>
  %x = burin.cast %iota : (!burin.tensor<!burin.index<i 1000>[i 1000]>) -> !burin.tensor<i64[i 1000]>
  %y = burin.shuffle %k, %n, %x : (!burin.tensor<i64>, !burin.tensor<i64>, !burin.tensor<i64[i 1000]>) -> !burin.tensor<i64[i 1000]>
  %place = burin.cast %y : (!burin.tensor<i64[i 1000]>) -> !burin.tensor<!burin.index<j 1000>[i 1000]>
  %one = burin.constant dense<1> : !burin.tensor<i64[i 1000]>
  %count = burin.scatter_add %one[%place] at ["j"] : (!burin.tensor<i64[i 1000]>, !burin.tensor<!burin.index<j 1000>[i 1000]>) -> !burin.tensor<i64[j 1000]>
  %expected = burin.constant dense<1> : !burin.tensor<i64[j 1000]>
  task.expect %count, %expected tolerance 0.0 : !burin.tensor<i64[j 1000]>
  task.return
}

// -----

func.func private @element_rule(%a: !burin.tensor<i32>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.shuffle %a, %a, %a : (!burin.tensor<i32>, !burin.tensor<i32>, !burin.tensor<i32>) -> !burin.tensor<i32>
  return
}

// -----

func.func private @operands(%a: !burin.tensor<i64>) {
  // expected-error @below {{takes}}
  %y = burin.shuffle %a, %a : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
  return
}
