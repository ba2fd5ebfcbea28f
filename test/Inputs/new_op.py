"""`./x new-op NAME`: what an operation still needs; begins its test file where there is none."""
import sys

import operation_needs as needs

SKELETON = """// burin.{name}: what it computes, at its edges too.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.{name} OPERANDS
task.task @values(%seed: !burin.tensor<i64>) {{
  %x = burin.constant dense<OPERAND> : !burin.tensor<f32[i 4]>
  %y = burin.{name} %x : (!burin.tensor<f32[i 4]>) -> !burin.tensor<f32[i 4]>
  %expected = burin.constant dense<VALUES_FROM_ELSEWHERE> : !burin.tensor<f32[i 4]>
  task.expect %y, %expected tolerance 1.0e-06 : !burin.tensor<f32[i 4]>
  task.return
}}
"""


def main(name):
    table = needs.records()
    record = needs.operations(table).get(name)
    if not record:
        sys.exit(
            f"There is no record of burin.{name} yet. Write it in its family's file in dialects/Burin/ (Pointwise.td, Reduce.td, …),\n"
            f"a pointwise operation being one record: elements, scalar body, partial derivatives. Then run this again."
        )
    test = needs.TESTS / f"{name}.mlir"
    if not test.exists():
        test.write_text(SKELETON.format(name=name))
        print(f"began {test.relative_to(needs.ROOT)}: it fails until the words in capitals are replaced")
    lacks = needs.missing(table, name, record)
    print("\n".join(f"burin.{name} lacks {lack}" for lack in lacks) or f"burin.{name} has all it needs")


if __name__ == "__main__":
    main(*sys.argv[1:])
