"""IREE: the step that lower_jax.py wrote, compiled ahead. A step's results are the next one's arguments and never leave the device."""
import sys
import time

import iree.runtime as iree
import numpy
import work

given = work.Work(sys.argv[1], int(sys.argv[2]))
config = iree.Config("local-sync")
with open(sys.argv[3], "rb") as file:
    module = iree.VmModule.copy_buffer(config.vm_instance, file.read())
context = iree.SystemContext(vm_modules=[module], config=config)
function = module.lookup_function("main")


def on_device(array):
    return config.device.allocator.allocate_buffer_copy(
        memory_type=iree.MemoryType.DEVICE_LOCAL,
        allowed_usage=iree.BufferUsage.DEFAULT,
        device=config.device,
        buffer=array,
        element_type=iree.HalElementType.FLOAT_32 if array.dtype == numpy.float32 else iree.HalElementType.SINT_32,
    )


weights = [array for layer in given.start for array in layer]
moments = [numpy.zeros_like(array) for array in weights]
state = [on_device(array) for array in (*weights, *moments, *moments, numpy.zeros((), numpy.float32))]
images, labels = on_device(given.images), on_device(given.labels)

losses = []
begin = time.perf_counter()
for step, rows in enumerate(given.order):
    if step == given.warm_up:
        begin = time.perf_counter()
    arguments, results = iree.VmVariantList(len(state) + 3), iree.VmVariantList(len(state) + 1)
    for value in (*state, images, labels, on_device(rows)):
        arguments.push_ref(value)
    context.vm_context.invoke(function, arguments, results)
    state = [results.get_variant(i) for i in range(len(state))]
    losses.append(results.get_as_object(len(state), iree.HalBufferView))
seconds = time.perf_counter() - begin
as_float = lambda view: iree.DeviceArray(config.device, view, implicit_host_transfer=True).to_host()
given.report(seconds, [as_float(loss) for loss in losses])
