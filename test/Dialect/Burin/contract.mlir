// burin.contract: sums of products over named axes; other axes that both have are aligned. Every element is one chain of fused multiply-adds.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.contract %{{.*}}, %{{.*}} over ["k"] : (!burin.tensor<f32[b 2, i 3, k 4]>, !burin.tensor<f32[k 4, b 2, j 5]>) -> !burin.tensor<f32[b 2, i 3, j 5]>
task.task @values(%seed: !burin.tensor<i64>) {
  %a = burin.constant dense<[[[-0.801999986, -1.324, -0.247999996, 0.419999987], [1.13600004, 0.109999999, -0.552999973, -0.785000026], [0.749000013, 1.63499999, 0.273000002, -1.23300004]], [[-0.958000004, 1.60000002, 0.202999994, -1.73199999], [-0.0839999989, -1.16299999, -0.629000008, -0.488000005], [-0.713, 0.552999973, -0.063000001, -0.588999987]]]> : !burin.tensor<f32[b 2, i 3, k 4]>
  %b = burin.constant dense<[[[0.409999996, 0.829999983, -1.64300001, -0.256999999, -0.981000006], [-0.172999993, -1.28900003, 0.0209999997, -0.0379999988, -0.30399999]], [[-1.04799998, -0.395999998, -1.09099996, -1.35500002, 0.224999994], [-1.10899997, 1.16999996, 0.717000008, -1.99800003, 0.272000015]], [[-1.102, 0.0329999998, 0.0439999998, -1.98800004, -0.232999995], [-0.256000012, 0.962000012, -1.18099999, 0.737999976, -1.09899998]], [[-0.331, -0.839999974, 1.449, 0.568000019, 2.43199992], [0.64200002, 0.845000029, 0.841000021, -0.606999993, -0.0700000003]]]> : !burin.tensor<f32[k 4, b 2, j 5]>
  %y = burin.contract %a, %b over ["k"] : (!burin.tensor<f32[b 2, i 3, k 4]>, !burin.tensor<f32[k 4, b 2, j 5]>) -> !burin.tensor<f32[b 2, i 3, j 5]>
  %expected = burin.constant dense<[[[1.19300807, -0.502339959, 3.35983777, 2.73171806, 1.56808591], [1.21972108, 1.54047108, -3.14825511, 0.212481946, -2.86993694], [-1.29911292, 1.01893902, -4.78899717, -3.65098619, -3.42915916]], [[-2.772578, 1.83860803, -0.569273055, -1.9592582, 0.624575078], [1.15202701, -2.26989198, -0.503194034, 2.15887976, 0.43463099], [-0.85193795, 1.00775599, -0.0394180231, -0.766770959, 0.477634966]]]> : !burin.tensor<f32[b 2, i 3, j 5]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[b 2, i 3, j 5]>
  task.return
}

// The products are not rounded by themselves: in two roundings the second would be 2^-11.
task.task @fused(%seed: !burin.tensor<i64>) {
  %a = burin.constant dense<[1.0, 1.00024414]> : !burin.tensor<f32[k 2]>
  %b = burin.constant dense<[[-1.0, 1.00024414], [-1.0, 1.0]]> : !burin.tensor<f32[j 2, k 2]>
  %y = burin.contract %a, %b over ["k"] : (!burin.tensor<f32[k 2]>, !burin.tensor<f32[j 2, k 2]>) -> !burin.tensor<f32[j 2]>
  %expected = burin.constant dense<[0.000488340855, 0.000244140625]> : !burin.tensor<f32[j 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[j 2]>
  task.return
}

// A chain goes on from `from`.
// CHECK: burin.contract %{{.*}}, %{{.*}} from %{{.*}} over ["k"] : (!burin.tensor<f32[b 2, i 3, k 4]>, !burin.tensor<f32[k 4, b 2, j 5]>, !burin.tensor<f32[b 2, i 3, j 5]>) -> !burin.tensor<f32[b 2, i 3, j 5]>
task.task @from(%seed: !burin.tensor<i64>) {
  %a = burin.constant dense<[[[-0.801999986, -1.324, -0.247999996, 0.419999987], [1.13600004, 0.109999999, -0.552999973, -0.785000026], [0.749000013, 1.63499999, 0.273000002, -1.23300004]], [[-0.958000004, 1.60000002, 0.202999994, -1.73199999], [-0.0839999989, -1.16299999, -0.629000008, -0.488000005], [-0.713, 0.552999973, -0.063000001, -0.588999987]]]> : !burin.tensor<f32[b 2, i 3, k 4]>
  %b = burin.constant dense<[[[0.409999996, 0.829999983, -1.64300001, -0.256999999, -0.981000006], [-0.172999993, -1.28900003, 0.0209999997, -0.0379999988, -0.30399999]], [[-1.04799998, -0.395999998, -1.09099996, -1.35500002, 0.224999994], [-1.10899997, 1.16999996, 0.717000008, -1.99800003, 0.272000015]], [[-1.102, 0.0329999998, 0.0439999998, -1.98800004, -0.232999995], [-0.256000012, 0.962000012, -1.18099999, 0.737999976, -1.09899998]], [[-0.331, -0.839999974, 1.449, 0.568000019, 2.43199992], [0.64200002, 0.845000029, 0.841000021, -0.606999993, -0.0700000003]]]> : !burin.tensor<f32[k 4, b 2, j 5]>
  %acc = burin.constant dense<[[[-1.83700001, -0.204999998, -0.351999998, 0.264999986, -0.463999987], [-0.479000002, -0.721000016, -0.519999981, 0.159999996, -0.379999995], [0.100000001, 1.90100002, 0.479000002, -1.57599998, 1.73399997]], [[0.34799999, -0.940999985, 0.907000005, 0.0179999992, -0.61500001], [-0.634000003, -0.992999971, 0.0480000004, 1.06900001, -0.324999988], [0.421000004, 1.87600005, -1.21500003, 0.257999986, -0.305999994]]]> : !burin.tensor<f32[b 2, i 3, j 5]>
  %y = burin.contract %a, %b from %acc over ["k"] : (!burin.tensor<f32[b 2, i 3, k 4]>, !burin.tensor<f32[k 4, b 2, j 5]>, !burin.tensor<f32[b 2, i 3, j 5]>) -> !burin.tensor<f32[b 2, i 3, j 5]>
  %expected = burin.constant dense<[[[-0.643992126, -0.707339883, 3.00783777, 2.99671817, 1.10408592], [0.740720987, 0.819471002, -3.66825509, 0.372481912, -3.24993706], [-1.19911289, 2.91993904, -4.30999708, -5.22698593, -1.69515908]], [[-2.42457795, 0.897608101, 0.337726921, -1.94125807, 0.00957501959], [0.518026948, -3.26289177, -0.455194026, 3.22788, 0.109630972], [-0.430937946, 2.88375592, -1.25441813, -0.508771002, 0.171634987]]]> : !burin.tensor<f32[b 2, i 3, j 5]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[b 2, i 3, j 5]>
  task.return
}

// Of several axes the last listed is innermost.
task.task @order(%seed: !burin.tensor<i64>) {
  %a = burin.constant dense<[[-1.05900002, -1.02600002, -0.0149999997], [0.433999985, -0.532000005, 0.0540000014]]> : !burin.tensor<f32[m 2, n 3]>
  %b = burin.constant dense<[[[0.722000003, 0.296999991], [0.869000018, 0.460999995]], [[0.488000005, 1.82700002], [0.623000026, 0.128999993]], [[0.709999979, -0.91900003], [-0.338, 0.792999983]]]> : !burin.tensor<f32[n 3, m 2, j 2]>
  %y = burin.contract %a, %b over ["m", "n"] : (!burin.tensor<f32[m 2, n 3]>, !burin.tensor<f32[n 3, m 2, j 2]>) -> !burin.tensor<f32[j 2]>
  %expected = burin.constant dense<[-1.24847817, -2.00097251]> : !burin.tensor<f32[j 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[j 2]>
  %z = burin.contract %a, %b over ["n", "m"] : (!burin.tensor<f32[m 2, n 3]>, !burin.tensor<f32[n 3, m 2, j 2]>) -> !burin.tensor<f32[j 2]>
  %other = burin.constant dense<[-1.24847806, -2.00097227]> : !burin.tensor<f32[j 2]>
  task.expect %z, %other tolerance 0.0 : !burin.tensor<f32[j 2]>
  task.return
}

task.task @gradient(%seed: !burin.tensor<i64>) {
  %a = burin.constant dense<[[[-0.801999986, -1.324, -0.247999996, 0.419999987], [1.13600004, 0.109999999, -0.552999973, -0.785000026], [0.749000013, 1.63499999, 0.273000002, -1.23300004]], [[-0.958000004, 1.60000002, 0.202999994, -1.73199999], [-0.0839999989, -1.16299999, -0.629000008, -0.488000005], [-0.713, 0.552999973, -0.063000001, -0.588999987]]]> : !burin.tensor<f32[b 2, i 3, k 4]>
  %b = burin.constant dense<[[[0.409999996, 0.829999983, -1.64300001, -0.256999999, -0.981000006], [-0.172999993, -1.28900003, 0.0209999997, -0.0379999988, -0.30399999]], [[-1.04799998, -0.395999998, -1.09099996, -1.35500002, 0.224999994], [-1.10899997, 1.16999996, 0.717000008, -1.99800003, 0.272000015]], [[-1.102, 0.0329999998, 0.0439999998, -1.98800004, -0.232999995], [-0.256000012, 0.962000012, -1.18099999, 0.737999976, -1.09899998]], [[-0.331, -0.839999974, 1.449, 0.568000019, 2.43199992], [0.64200002, 0.845000029, 0.841000021, -0.606999993, -0.0700000003]]]> : !burin.tensor<f32[k 4, b 2, j 5]>
  %acc = burin.constant dense<[[[-1.83700001, -0.204999998, -0.351999998, 0.264999986, -0.463999987], [-0.479000002, -0.721000016, -0.519999981, 0.159999996, -0.379999995], [0.100000001, 1.90100002, 0.479000002, -1.57599998, 1.73399997]], [[0.34799999, -0.940999985, 0.907000005, 0.0179999992, -0.61500001], [-0.634000003, -0.992999971, 0.0480000004, 1.06900001, -0.324999988], [0.421000004, 1.87600005, -1.21500003, 0.257999986, -0.305999994]]]> : !burin.tensor<f32[b 2, i 3, j 5]>
  %w = burin.constant dense<[[[1.35000002, -0.397000015, 0.188999996, -0.0209999997, 0.609000027], [-0.36500001, -0.151999995, 0.241999999, 0.103, -0.86500001], [0.896000028, -1.29799998, -1.20099998, -1.28199995, 0.967000008]], [[-0.361000001, -0.971000016, -1.13600004, 0.421000004, -1.05499995], [-1.27199996, 0.614000022, -1.19700003, -0.321999997, -0.00700000022], [-0.444999993, -0.0540000014, 1.33899999, -0.51700002, -1.25899994]]]> : !burin.tensor<f32[b 2, i 3, j 5]>
  %l, %da, %db, %dacc = burin.grad (%pa = %a, %pb = %b, %pacc = %acc) : !burin.tensor<f32[b 2, i 3, k 4]>, !burin.tensor<f32[k 4, b 2, j 5]>, !burin.tensor<f32[b 2, i 3, j 5]> -> (!burin.tensor<f32>, !burin.tensor<f32[b 2, i 3, k 4]>, !burin.tensor<f32[k 4, b 2, j 5]>, !burin.tensor<f32[b 2, i 3, j 5]>) {
    %y = burin.contract %pa, %pb from %pacc over ["k"] : (!burin.tensor<f32[b 2, i 3, k 4]>, !burin.tensor<f32[k 4, b 2, j 5]>, !burin.tensor<f32[b 2, i 3, j 5]>) -> !burin.tensor<f32[b 2, i 3, j 5]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[b 2, i 3, j 5]>, !burin.tensor<f32[b 2, i 3, j 5]>) -> !burin.tensor<f32[b 2, i 3, j 5]>
    %s = burin.reduce "sum" %z over ["b", "i", "j"] : (!burin.tensor<f32[b 2, i 3, j 5]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %ea = burin.constant dense<[[[-0.678569078, -1.29830706, -1.59263396, 1.62965107], [0.148678005, -0.155499995, 0.404642999, -1.44602299], [0.644109964, 2.83997583, 1.24023485, 0.677062988]], [[1.59493804, -2.67835093, 1.97007298, -2.1893301], [-0.582163036, 1.91223085, 2.10001421, -1.10852695], [0.577091992, 2.08090591, -0.517292142, 1.19672799]]]> : !burin.tensor<f32[b 2, i 3, k 4]>
  task.expect %da, %ea tolerance 1.0e-05 : !burin.tensor<f32[b 2, i 3, k 4]>
  %eb = burin.constant dense<[[[-0.826236069, -0.826480031, -0.776215017, -0.826367974, -0.746774971], [0.769971013, 0.917144001, 0.234129131, -0.00764900446, 1.90894496]], [[-0.362590075, -1.61332202, -2.18725109, -2.05693579, 0.67957902], [0.655650914, -2.297544, 0.314977884, 0.762185037, -2.37608576]], [[0.111653, -0.171842009, -0.508570969, -0.401736975, 0.591303945], [0.754839957, -0.579917014, 0.437948018, 0.320572019, -0.130445004]], [[-0.251243055, 1.55301404, 1.37024307, 1.49103105, -0.257506013], [1.508093, 1.41394591, 1.76301718, -0.267523021, 2.57222676]]]> : !burin.tensor<f32[k 4, b 2, j 5]>
  task.expect %db, %eb tolerance 1.0e-05 : !burin.tensor<f32[k 4, b 2, j 5]>
  task.expect %dacc, %w tolerance 0.0 : !burin.tensor<f32[b 2, i 3, j 5]>
  task.return
}

// An outer product sums nothing; what both operands share is squared.
task.task @square(%seed: !burin.tensor<i64>) {
  %a = burin.constant dense<[1.5, -2.0, 3.0]> : !burin.tensor<f32[k 3]>
  %l, %da = burin.grad (%pa = %a) : !burin.tensor<f32[k 3]> -> (!burin.tensor<f32>, !burin.tensor<f32[k 3]>) {
    %s = burin.contract %pa, %pa over ["k"] : (!burin.tensor<f32[k 3]>, !burin.tensor<f32[k 3]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[3.0, -4.0, 6.0]> : !burin.tensor<f32[k 3]>
  task.expect %da, %expected tolerance 0.0 : !burin.tensor<f32[k 3]>
  task.return
}

// -----

func.func private @element_rule(%a: !burin.tensor<i32[k 2]>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.contract %a, %a over ["k"] : (!burin.tensor<i32[k 2]>, !burin.tensor<i32[k 2]>) -> !burin.tensor<i32>
  return
}

// -----

func.func private @summed_in_both(%a: !burin.tensor<f32[k 2]>, %b: !burin.tensor<f32[j 2]>) {
  // expected-error @below {{[summed_in_both]}}
  %y = burin.contract %a, %b over ["k"] : (!burin.tensor<f32[k 2]>, !burin.tensor<f32[j 2]>) -> !burin.tensor<f32[j 2]>
  return
}

// -----

func.func private @equal_extents(%a: !burin.tensor<f32[k 2]>, %b: !burin.tensor<f32[k 3]>) {
  // expected-error @below {{[equal_extents]}}
  %y = burin.contract %a, %b over ["k"] : (!burin.tensor<f32[k 2]>, !burin.tensor<f32[k 3]>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @result_axes(%a: !burin.tensor<f32[k 2, i 3]>) {
  // expected-error @below {{[result_axes]}}
  %y = burin.contract %a, %a over ["k"] : (!burin.tensor<f32[k 2, i 3]>, !burin.tensor<f32[k 2, i 3]>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @acc_type(%a: !burin.tensor<f32[k 2]>, %c: !burin.tensor<f32[i 3]>) {
  // expected-error @below {{[acc_type]}}
  %y = burin.contract %a, %a from %c over ["k"] : (!burin.tensor<f32[k 2]>, !burin.tensor<f32[k 2]>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @wide_sums(%a: !burin.tensor<bf16[k 2]>) {
  // expected-error @below {{[wide_sums]}}
  %y = burin.contract %a, %a over ["k"] : (!burin.tensor<bf16[k 2]>, !burin.tensor<bf16[k 2]>) -> !burin.tensor<bf16>
  return
}
