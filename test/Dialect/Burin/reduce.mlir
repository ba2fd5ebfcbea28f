// burin.reduce over named axes, in 16 lanes and then a tree: the order is part of the meaning.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.reduce "sum" %{{.*}} over ["k"] : (!burin.tensor<f32[i 2, k 37]>) -> !burin.tensor<f32[i 2]>
task.task @sum(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[0.630999982, 1.54799998, 0.00999999978, -1.46200001, 1.94700003, 1.09300005, -1.05900002, 1.37600005, 0.0320000015, -1.81400001, -0.419999987, -0.509000003, 1.59099996, -0.791999996, -0.254000008, -0.27700001, -0.379000008, -0.913999975, 0.218999997, 1.07700002, 0.624000013, -0.926999986, -1.14999998, 0.119000003, -0.707000017, -0.629999995, -1.67999995, 1.95000005, 0.916999996, -0.973999977, 0.907999992, 1.34200001, -2.3900001, -0.549000025, -0.388000011, 0.648000002, -0.120999999], [-0.230000004, -0.0579999983, 1.85300004, 2.16000009, -0.524999976, -0.925999999, 2.69300008, -0.980000019, -0.573000014, 0.0370000005, 0.48300001, 1.02900004, 0.391000003, -0.871999979, 0.505999982, 0.25, 1.87699997, -0.0149999997, -1.33700001, -1.04499996, 1.45000005, -0.540000021, -2.10400009, -0.58099997, 0.0, 1.18900001, -1.01400006, 0.666999996, 0.795000017, -0.699000001, -0.187999994, 1.76900005, 1.72000003, 0.856000006, 0.331999987, 1.13800001, -0.141000003]]> : !burin.tensor<f32[i 2, k 37]>
  %y = burin.reduce "sum" %x over ["k"] : (!burin.tensor<f32[i 2, k 37]>) -> !burin.tensor<f32[i 2]>
  %expected = burin.constant dense<[-1.36399961, 9.36700058]> : !burin.tensor<f32[i 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 2]>
  task.return
}

// The last listed axis is dealt out to the lanes, the others are chained in the order listed.
task.task @order(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[0.630999982, 1.54799998, 0.00999999978, -1.46200001, 1.94700003, 1.09300005, -1.05900002, 1.37600005, 0.0320000015, -1.81400001, -0.419999987, -0.509000003, 1.59099996, -0.791999996, -0.254000008, -0.27700001, -0.379000008, -0.913999975, 0.218999997, 1.07700002, 0.624000013, -0.926999986, -1.14999998, 0.119000003, -0.707000017, -0.629999995, -1.67999995, 1.95000005, 0.916999996, -0.973999977, 0.907999992, 1.34200001, -2.3900001, -0.549000025, -0.388000011, 0.648000002, -0.120999999], [-0.230000004, -0.0579999983, 1.85300004, 2.16000009, -0.524999976, -0.925999999, 2.69300008, -0.980000019, -0.573000014, 0.0370000005, 0.48300001, 1.02900004, 0.391000003, -0.871999979, 0.505999982, 0.25, 1.87699997, -0.0149999997, -1.33700001, -1.04499996, 1.45000005, -0.540000021, -2.10400009, -0.58099997, 0.0, 1.18900001, -1.01400006, 0.666999996, 0.795000017, -0.699000001, -0.187999994, 1.76900005, 1.72000003, 0.856000006, 0.331999987, 1.13800001, -0.141000003]]> : !burin.tensor<f32[i 2, k 37]>
  %y = burin.reduce "sum" %x over ["i", "k"] : (!burin.tensor<f32[i 2, k 37]>) -> !burin.tensor<f32>
  %expected = burin.constant dense<8.00300026> : !burin.tensor<f32>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32>
  %z = burin.reduce "sum" %x over ["k", "i"] : (!burin.tensor<f32[i 2, k 37]>) -> !burin.tensor<f32>
  %other = burin.constant dense<8.00300121> : !burin.tensor<f32>
  task.expect %z, %other tolerance 0.0 : !burin.tensor<f32>
  task.return
}

task.task @kinds(%seed: !burin.tensor<i64>) {
  %x_prod = burin.constant dense<[1.5, -2.0, 4.0]> : !burin.tensor<f32[k 3]>
  %y_prod = burin.reduce "prod" %x_prod over ["k"] : (!burin.tensor<f32[k 3]>) -> !burin.tensor<f32>
  %e_prod = burin.constant dense<-12.0> : !burin.tensor<f32>
  task.expect %y_prod, %e_prod tolerance 0.0 : !burin.tensor<f32>
  %x_max = burin.constant dense<[1.5, 2.0, -4.0]> : !burin.tensor<f32[k 3]>
  %y_max = burin.reduce "max" %x_max over ["k"] : (!burin.tensor<f32[k 3]>) -> !burin.tensor<f32>
  %e_max = burin.constant dense<2.0> : !burin.tensor<f32>
  task.expect %y_max, %e_max tolerance 0.0 : !burin.tensor<f32>
  %x_min = burin.constant dense<[1.5, 2.0, -4.0]> : !burin.tensor<f32[k 3]>
  %y_min = burin.reduce "min" %x_min over ["k"] : (!burin.tensor<f32[k 3]>) -> !burin.tensor<f32>
  %e_min = burin.constant dense<-4.0> : !burin.tensor<f32>
  task.expect %y_min, %e_min tolerance 0.0 : !burin.tensor<f32>
  %x_any = burin.constant dense<[false, true, false]> : !burin.tensor<i1[k 3]>
  %y_any = burin.reduce "any" %x_any over ["k"] : (!burin.tensor<i1[k 3]>) -> !burin.tensor<i1>
  %e_any = burin.constant dense<true> : !burin.tensor<i1>
  task.expect %y_any, %e_any tolerance 0.0 : !burin.tensor<i1>
  %x_all = burin.constant dense<[true, true, false]> : !burin.tensor<i1[k 3]>
  %y_all = burin.reduce "all" %x_all over ["k"] : (!burin.tensor<i1[k 3]>) -> !burin.tensor<i1>
  %e_all = burin.constant dense<false> : !burin.tensor<i1>
  task.expect %y_all, %e_all tolerance 0.0 : !burin.tensor<i1>
  task.return
}

// NaN wins.
task.task @nan(%seed: !burin.tensor<i64>) {
  %x_max = burin.constant dense<[1.5, 0x7FC00000, -4.0]> : !burin.tensor<f32[k 3]>
  %y_max = burin.reduce "max" %x_max over ["k"] : (!burin.tensor<f32[k 3]>) -> !burin.tensor<f32>
  %e_max = burin.constant dense<0x7FC00000> : !burin.tensor<f32>
  task.expect %y_max, %e_max tolerance 0.0 : !burin.tensor<f32>
  %x_min = burin.constant dense<[1.5, 0x7FC00000, -4.0]> : !burin.tensor<f32[k 3]>
  %y_min = burin.reduce "min" %x_min over ["k"] : (!burin.tensor<f32[k 3]>) -> !burin.tensor<f32>
  %e_min = burin.constant dense<0x7FC00000> : !burin.tensor<f32>
  task.expect %y_min, %e_min tolerance 0.0 : !burin.tensor<f32>
  task.return
}

task.task @integers(%seed: !burin.tensor<i64>) {
  %x_sum = burin.constant dense<[2147483647, 1, 1]> : !burin.tensor<i32[k 3]>
  %y_sum = burin.reduce "sum" %x_sum over ["k"] : (!burin.tensor<i32[k 3]>) -> !burin.tensor<i32>
  %e_sum = burin.constant dense<-2147483647> : !burin.tensor<i32>
  task.expect %y_sum, %e_sum tolerance 0.0 : !burin.tensor<i32>
  %x_prod = burin.constant dense<[3, -5, 7]> : !burin.tensor<i64[k 3]>
  %y_prod = burin.reduce "prod" %x_prod over ["k"] : (!burin.tensor<i64[k 3]>) -> !burin.tensor<i64>
  %e_prod = burin.constant dense<-105> : !burin.tensor<i64>
  task.expect %y_prod, %e_prod tolerance 0.0 : !burin.tensor<i64>
  %x_max = burin.constant dense<[-3, -5, -7]> : !burin.tensor<i64[k 3]>
  %y_max = burin.reduce "max" %x_max over ["k"] : (!burin.tensor<i64[k 3]>) -> !burin.tensor<i64>
  %e_max = burin.constant dense<-3> : !burin.tensor<i64>
  task.expect %y_max, %e_max tolerance 0.0 : !burin.tensor<i64>
  %x_min = burin.constant dense<[3, 5, 7]> : !burin.tensor<i32[k 3]>
  %y_min = burin.reduce "min" %x_min over ["k"] : (!burin.tensor<i32[k 3]>) -> !burin.tensor<i32>
  %e_min = burin.constant dense<3> : !burin.tensor<i32>
  task.expect %y_min, %e_min tolerance 0.0 : !burin.tensor<i32>
  task.return
}

// A sum of negative zeros is one; an axis of nothing gives the identity.
task.task @zeros(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[-0.0, -0.0]> : !burin.tensor<f32[k 2]>
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  %y = burin.reduce "sum" %x over ["k"] : (!burin.tensor<f32[k 2]>) -> !burin.tensor<f32>
  %z = burin.div %one, %y : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  %expected = burin.constant dense<0xFF800000> : !burin.tensor<f32>
  task.expect %z, %expected tolerance 0.0 : !burin.tensor<f32>
  task.return
}

task.task @gradient_sum(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[0.630999982, 1.54799998, 0.00999999978, -1.46200001, 1.94700003, 1.09300005, -1.05900002, 1.37600005, 0.0320000015, -1.81400001, -0.419999987, -0.509000003, 1.59099996, -0.791999996, -0.254000008, -0.27700001, -0.379000008, -0.913999975, 0.218999997, 1.07700002, 0.624000013, -0.926999986, -1.14999998, 0.119000003, -0.707000017, -0.629999995, -1.67999995, 1.95000005, 0.916999996, -0.973999977, 0.907999992, 1.34200001, -2.3900001, -0.549000025, -0.388000011, 0.648000002, -0.120999999], [-0.230000004, -0.0579999983, 1.85300004, 2.16000009, -0.524999976, -0.925999999, 2.69300008, -0.980000019, -0.573000014, 0.0370000005, 0.48300001, 1.02900004, 0.391000003, -0.871999979, 0.505999982, 0.25, 1.87699997, -0.0149999997, -1.33700001, -1.04499996, 1.45000005, -0.540000021, -2.10400009, -0.58099997, 0.0, 1.18900001, -1.01400006, 0.666999996, 0.795000017, -0.699000001, -0.187999994, 1.76900005, 1.72000003, 0.856000006, 0.331999987, 1.13800001, -0.141000003]]> : !burin.tensor<f32[i 2, k 37]>
  %w = burin.constant dense<[2.0, -3.0]> : !burin.tensor<f32[i 2]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[i 2, k 37]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 2, k 37]>) {
    %y = burin.reduce "sum" %px over ["k"] : (!burin.tensor<f32[i 2, k 37]>) -> !burin.tensor<f32[i 2]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[i 2]>) -> !burin.tensor<f32[i 2]>
    %s = burin.reduce "sum" %z over ["i"] : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[[2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0], [-3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0]]> : !burin.tensor<f32[i 2, k 37]>
  task.expect %dx, %expected tolerance 0.0 : !burin.tensor<f32[i 2, k 37]>
  task.return
}

// The product of the others, with no zero, one and two.
task.task @gradient_prod(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-0.186000004, 1.16900003, -2.17700005, 0.0949999988], [-0.0949999988, 0.0, 0.00600000005, -0.0820000023], [0.0, -0.193000004, 1.27100003, 0.0]]> : !burin.tensor<f32[i 3, k 4]>
  %w = burin.constant dense<[2.0, -3.0, 4.0]> : !burin.tensor<f32[i 3]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[i 3, k 4]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 3, k 4]>) {
    %y = burin.reduce "prod" %px over ["k"] : (!burin.tensor<f32[i 3, k 4]>) -> !burin.tensor<f32[i 3]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %s = burin.reduce "sum" %z over ["i"] : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[[-0.483533486, 0.0769351825, -0.0413124615, 0.946707702], [0.0, -0.000140220003, -0.0, 0.0], [-0.0, 0.0, -0.0, -0.0]]> : !burin.tensor<f32[i 3, k 4]>
  task.expect %dx, %expected tolerance 1.0e-05 : !burin.tensor<f32[i 3, k 4]>
  task.return
}

// A tie counts once: the first takes the cotangent.
task.task @gradient_max(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[1.0, 3.0, 3.0, 2.0], [-1.0, -1.0, -5.0, -2.0]]> : !burin.tensor<f32[i 2, k 4]>
  %w = burin.constant dense<[2.0, -3.0]> : !burin.tensor<f32[i 2]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[i 2, k 4]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 2, k 4]>) {
    %y = burin.reduce "max" %px over ["k"] : (!burin.tensor<f32[i 2, k 4]>) -> !burin.tensor<f32[i 2]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[i 2]>) -> !burin.tensor<f32[i 2]>
    %s = burin.reduce "sum" %z over ["i"] : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[[0.0, 2.0, 0.0, 0.0], [-3.0, 0.0, 0.0, 0.0]]> : !burin.tensor<f32[i 2, k 4]>
  task.expect %dx, %expected tolerance 0.0 : !burin.tensor<f32[i 2, k 4]>
  task.return
}

task.task @gradient_min(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.0, -3.0, -3.0, -2.0], [1.0, 1.0, 5.0, 2.0]]> : !burin.tensor<f32[i 2, k 4]>
  %w = burin.constant dense<[2.0, -3.0]> : !burin.tensor<f32[i 2]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[i 2, k 4]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 2, k 4]>) {
    %y = burin.reduce "min" %px over ["k"] : (!burin.tensor<f32[i 2, k 4]>) -> !burin.tensor<f32[i 2]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[i 2]>) -> !burin.tensor<f32[i 2]>
    %s = burin.reduce "sum" %z over ["i"] : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[[0.0, 2.0, 0.0, 0.0], [-3.0, 0.0, 0.0, 0.0]]> : !burin.tensor<f32[i 2, k 4]>
  task.expect %dx, %expected tolerance 0.0 : !burin.tensor<f32[i 2, k 4]>
  task.return
}

// Over two axes too.
task.task @gradient_max_two(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[1.0, 3.0, 3.0, 2.0], [-1.0, 3.0, -5.0, -2.0]]> : !burin.tensor<f32[i 2, k 4]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[i 2, k 4]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 2, k 4]>) {
    %s = burin.reduce "max" %px over ["i", "k"] : (!burin.tensor<f32[i 2, k 4]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]> : !burin.tensor<f32[i 2, k 4]>
  task.expect %dx, %expected tolerance 0.0 : !burin.tensor<f32[i 2, k 4]>
  task.return
}

// -----

func.func private @reduce_kind(%x: !burin.tensor<f32[k 2]>) {
  // expected-error @below {{[reduce_kind]}}
  %y = burin.reduce "mean" %x over ["k"] : (!burin.tensor<f32[k 2]>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @reduce_kind(%x: !burin.tensor<f32[k 2]>) {
  // expected-error @below {{[reduce_kind]}}
  %y = burin.reduce "any" %x over ["k"] : (!burin.tensor<f32[k 2]>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @reduced_axes(%x: !burin.tensor<f32[k 2]>) {
  // expected-error @below {{[reduced_axes]}}
  %y = burin.reduce "sum" %x over ["j"] : (!burin.tensor<f32[k 2]>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @reduced_axes(%x: !burin.tensor<f32[k 2]>) {
  // expected-error @below {{twice [reduced_axes]}}
  %y = burin.reduce "sum" %x over ["k", "k"] : (!burin.tensor<f32[k 2]>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @element_rule(%x: !burin.tensor<f32[k 2]>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.reduce "sum" %x over ["k"] : (!burin.tensor<f32[k 2]>) -> !burin.tensor<f64>
  return
}

// -----

func.func private @result_axes(%x: !burin.tensor<f32[k 2]>) {
  // expected-error @below {{[result_axes]}}
  %y = burin.reduce "sum" %x over ["k"] : (!burin.tensor<f32[k 2]>) -> !burin.tensor<f32[k 2]>
  return
}

// -----

func.func private @wide_sums(%x: !burin.tensor<f16[k 2]>) {
  %most = burin.reduce "max" %x over ["k"] : (!burin.tensor<f16[k 2]>) -> !burin.tensor<f16>
  // expected-error @below {{[wide_sums]}}
  %y = burin.reduce "sum" %x over ["k"] : (!burin.tensor<f16[k 2]>) -> !burin.tensor<f16>
  return
}
