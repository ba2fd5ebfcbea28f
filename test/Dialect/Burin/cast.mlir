// burin.cast: floats to integers truncate toward 0, saturate, and NaN gives 0; a bool is 0 or 1, or whether it is not 0.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.cast %{{.*}} : (!burin.tensor<f32[i 7]>) -> !burin.tensor<i32[i 7]>
task.task @saturates(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.9, -1.9, 3000000000.0, -3000000000.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : !burin.tensor<f32[i 7]>
  %y = burin.cast %x : (!burin.tensor<f32[i 7]>) -> !burin.tensor<i32[i 7]>
  %expected = burin.constant dense<[1, -1, 2147483647, -2147483648, 2147483647, -2147483648, 0]> : !burin.tensor<i32[i 7]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i32[i 7]>
  task.return
}

task.task @wide(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.9, -1.0e+30, 1.0e+30, 0x7FF8000000000000]> : !burin.tensor<f64[i 4]>
  %y = burin.cast %x : (!burin.tensor<f64[i 4]>) -> !burin.tensor<i64[i 4]>
  %expected = burin.constant dense<[1, -9223372036854775808, 9223372036854775807, 0]> : !burin.tensor<i64[i 4]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i64[i 4]>
  task.return
}

task.task @narrower(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0.1, 1.0e+300, -1.0e+300]> : !burin.tensor<f64[i 3]>
  %y = burin.cast %x : (!burin.tensor<f64[i 3]>) -> !burin.tensor<f32[i 3]>
  %expected = burin.constant dense<[0.100000001, 0x7F800000, 0xFF800000]> : !burin.tensor<f32[i 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.return
}

task.task @wider(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0.100000001, 2.0]> : !burin.tensor<f32[i 2]>
  %y = burin.cast %x : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f64[i 2]>
  %expected = burin.constant dense<[0.10000000149011612, 2.0]> : !burin.tensor<f64[i 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f64[i 2]>
  task.return
}

// Narrow floats round once, to nearest, ties to even: 1 + 2^-8 + 2^-40 is above the border between two numbers of bf16,
// 1 + 2^-8 is on it.
task.task @to_bf16(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.00390625, 1.00390625000091, 1.01171875, 3.4e+38, 1.0e-39, 0x7FF8000000000000]> : !burin.tensor<f64[i 6]>
  %y = burin.cast %x : (!burin.tensor<f64[i 6]>) -> !burin.tensor<bf16[i 6]>
  %expected = burin.constant dense<[1.0, 1.0078125, 1.015625, 0x7F80, 0.0, 0x7FC0]> : !burin.tensor<bf16[i 6]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<bf16[i 6]>
  task.return
}

task.task @to_f16(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[65519.99, 65520.0, 2.98e-08, 2.99e-08, 0.1, -6.1e-05]> : !burin.tensor<f32[i 6]>
  %y = burin.cast %x : (!burin.tensor<f32[i 6]>) -> !burin.tensor<f16[i 6]>
  %z = burin.cast %y : (!burin.tensor<f16[i 6]>) -> !burin.tensor<f32[i 6]>
  %expected = burin.constant dense<[65504.0, 0x7F800000, 0.0, 5.9604644775390625e-08, 0.0999755859375, -6.09755516052246e-05]> : !burin.tensor<f32[i 6]>
  task.expect %z, %expected tolerance 0.0 : !burin.tensor<f32[i 6]>
  task.return
}

task.task @whole_to_bf16(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[4629700416936869888, 4629700416936869889, -257, 259]> : !burin.tensor<i64[i 4]>
  %y = burin.cast %x : (!burin.tensor<i64[i 4]>) -> !burin.tensor<bf16[i 4]>
  %expected = burin.constant dense<[4611686018427387904.0, 4647714815446351872.0, -256.0, 260.0]> : !burin.tensor<bf16[i 4]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<bf16[i 4]>
  task.return
}

task.task @number(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[16777217, -3]> : !burin.tensor<i32[i 2]>
  %y = burin.cast %x : (!burin.tensor<i32[i 2]>) -> !burin.tensor<f32[i 2]>
  %expected = burin.constant dense<[16777216.0, -3.0]> : !burin.tensor<f32[i 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 2]>
  task.return
}

task.task @rounds_once(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[9007199791611905]> : !burin.tensor<i64[i 1]>
  %y = burin.cast %x : (!burin.tensor<i64[i 1]>) -> !burin.tensor<f32[i 1]>
  %expected = burin.constant dense<[9007200330000000.0]> : !burin.tensor<f32[i 1]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 1]>
  task.return
}

task.task @cuts(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[4294967297, -1]> : !burin.tensor<i64[i 2]>
  %y = burin.cast %x : (!burin.tensor<i64[i 2]>) -> !burin.tensor<i32[i 2]>
  %expected = burin.constant dense<[1, -1]> : !burin.tensor<i32[i 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i32[i 2]>
  task.return
}

task.task @extends(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[-5, 7]> : !burin.tensor<i32[i 2]>
  %y = burin.cast %x : (!burin.tensor<i32[i 2]>) -> !burin.tensor<i64[i 2]>
  %expected = burin.constant dense<[-5, 7]> : !burin.tensor<i64[i 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i64[i 2]>
  task.return
}

task.task @truth(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[true, false]> : !burin.tensor<i1[i 2]>
  %y = burin.cast %x : (!burin.tensor<i1[i 2]>) -> !burin.tensor<f32[i 2]>
  %expected = burin.constant dense<[1.0, 0.0]> : !burin.tensor<f32[i 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 2]>
  task.return
}

task.task @is_not_zero(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0.0, 0.5, -2.0]> : !burin.tensor<f32[i 3]>
  %y = burin.cast %x : (!burin.tensor<f32[i 3]>) -> !burin.tensor<i1[i 3]>
  %expected = burin.constant dense<[false, true, true]> : !burin.tensor<i1[i 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i1[i 3]>
  task.return
}

task.task @is_not_zero_integer(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0, 2]> : !burin.tensor<i32[i 2]>
  %y = burin.cast %x : (!burin.tensor<i32[i 2]>) -> !burin.tensor<i1[i 2]>
  %expected = burin.constant dense<[false, true]> : !burin.tensor<i1[i 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i1[i 2]>
  task.return
}

task.task @bytes(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0, 128, 255]> : !burin.tensor<ui8[i 3]>
  %y = burin.cast %x : (!burin.tensor<ui8[i 3]>) -> !burin.tensor<f32[i 3]>
  %expected = burin.constant dense<[0.0, 128.0, 255.0]> : !burin.tensor<f32[i 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.return
}

// Also within a kernel a byte is one: floats saturate, integers wrap.
task.task @to_bytes(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[-3.5, 300.0, 255.9, 0x7FC00000]> : !burin.tensor<f32[i 4]>
  %a = burin.cast %x : (!burin.tensor<f32[i 4]>) -> !burin.tensor<ui8[i 4]>
  %a_ = burin.cast %a : (!burin.tensor<ui8[i 4]>) -> !burin.tensor<i32[i 4]>
  %saturated = burin.constant dense<[0, 255, 255, 0]> : !burin.tensor<i32[i 4]>
  task.expect %a_, %saturated tolerance 0.0 : !burin.tensor<i32[i 4]>
  %n = burin.constant dense<[-1, 256, 300, 7]> : !burin.tensor<i32[i 4]>
  %b = burin.cast %n : (!burin.tensor<i32[i 4]>) -> !burin.tensor<ui8[i 4]>
  %c = burin.add %b, %b : (!burin.tensor<ui8[i 4]>, !burin.tensor<ui8[i 4]>) -> !burin.tensor<ui8[i 4]>
  %c_ = burin.cast %c : (!burin.tensor<ui8[i 4]>) -> !burin.tensor<i32[i 4]>
  %wrapped = burin.constant dense<[254, 0, 88, 14]> : !burin.tensor<i32[i 4]>
  task.expect %c_, %wrapped tolerance 0.0 : !burin.tensor<i32[i 4]>
  task.return
}

// CHECK: burin.cast %{{.*}} : (!burin.tensor<!burin.index<d 3>[d 3]>) -> !burin.tensor<i64[d 3]>
task.task @indices(%seed: !burin.tensor<i64>) {
  %x = burin.iota : !burin.tensor<!burin.index<d 3>[d 3]>
  %y = burin.cast %x : (!burin.tensor<!burin.index<d 3>[d 3]>) -> !burin.tensor<i64[d 3]>
  %expected = burin.constant dense<[0, 1, 2]> : !burin.tensor<i64[d 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i64[d 3]>
  task.return
}

// Between floats the derivative passes, through an integer it is 0.
task.task @gradient(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.5, -2.5]> : !burin.tensor<f64[i 2]>
  %l, %dx = burin.grad (%p = %x) : !burin.tensor<f64[i 2]> -> (!burin.tensor<f32>, !burin.tensor<f64[i 2]>) {
    %a = burin.cast %p : (!burin.tensor<f64[i 2]>) -> !burin.tensor<f32[i 2]>
    %b = burin.mul %a, %a : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[i 2]>) -> !burin.tensor<f32[i 2]>
    %n = burin.cast %p : (!burin.tensor<f64[i 2]>) -> !burin.tensor<i32[i 2]>
    %m = burin.cast %n : (!burin.tensor<i32[i 2]>) -> !burin.tensor<f32[i 2]>
    %c = burin.add %b, %m : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[i 2]>) -> !burin.tensor<f32[i 2]>
    %s = burin.reduce "sum" %c over ["i"] : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[3.0, -5.0]> : !burin.tensor<f64[i 2]>
  task.expect %dx, %expected tolerance 1.0e-06 : !burin.tensor<f64[i 2]>
  task.return
}

// -----

func.func private @operands(%a: !burin.tensor<f32>) {
  // expected-error @below {{takes}}
  %y = burin.cast %a, %a : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f64>
  return
}

// -----

func.func private @result_is_union(%a: !burin.tensor<f32[i 2]>) {
  // expected-error @below {{[result_is_union]}}
  %y = burin.cast %a : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f64>
  return
}
