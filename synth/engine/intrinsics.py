"""Machine operations that numba does not offer: atomics, calls by address, pointers, modes."""
# numba's intrinsic protocol passes a typing context that none of these need
# mypy: disable-error-code="no-untyped-def,untyped-decorator"

import platform
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

FAST = {"reassoc", "contract", "nsz", "arcp"}
"""Floating-point freedoms that allow vector sums but keep not-a-number and infinity honest."""


@intrinsic
def as_pointer(typingctx: Any, address: Any):  # noqa: ANN201
    """Turn an integer address into a pointer that `carray` accepts."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], cgutils.voidptr_t)

    return types.voidptr(types.uint64), codegen


def _element_pointer(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:
    view = context.make_array(array_type)(context, builder, array)
    return builder.gep(view.data, [index])


@intrinsic
def load_acquire(typingctx: Any, array: Any, index: Any):  # noqa: ANN201
    """Read array[index] so that everything its writer stored before is visible."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = _element_pointer(context, builder, signature.args[0], *args)
        return builder.load_atomic(pointer, "acquire", 8)

    return array.dtype(array, types.intp), codegen


@intrinsic
def store_release(typingctx: Any, array: Any, index: Any, value: Any):  # noqa: ANN201
    """Write array[index] after everything this thread stored before."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = _element_pointer(context, builder, signature.args[0], args[0], args[1])
        builder.store_atomic(args[2], pointer, "release", 8)
        return context.get_dummy_value()

    return types.void(array, types.intp, array.dtype), codegen


@intrinsic
def fence(typingctx: Any):  # noqa: ANN201
    """Order every load and store before against every one after."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.fence("seq_cst")
        return context.get_dummy_value()

    return types.void(), codegen


@intrinsic
def call_map(typingctx: Any, address: Any, touch: Any, memory: Any, blob: Any, trajectory: Any):  # noqa: ANN201
    """Call the mapping at `address` with four float32 pointers given as integer addresses."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t] * 4)
        function = builder.inttoptr(args[0], kind.as_pointer())
        builder.call(function, [builder.inttoptr(a, cgutils.voidptr_t) for a in args[1:]])
        return context.get_dummy_value()

    return types.void(*[types.uint64] * 5), codegen


@intrinsic
def call_render(typingctx: Any, address: Any, root: Any, output: Any, n_frames: Any):  # noqa: ANN201
    """Call `callback.render_frames` at `address`."""
    parameters = (types.voidptr, types.voidptr, types.int64)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kinds = [context.get_value_type(parameter) for parameter in parameters]
        kind = ir.FunctionType(ir.VoidType(), kinds)
        builder.call(builder.inttoptr(args[0], kind.as_pointer()), args[1:])
        return context.get_dummy_value()

    return types.void(types.uint64, *parameters), codegen


@intrinsic
def _call_clock_gettime(typingctx: Any, address: Any, clock: Any):
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        i64 = ir.IntType(64)
        timespec = cgutils.alloca_once(builder, ir.ArrayType(i64, 2))
        kind = ir.FunctionType(ir.IntType(32), [ir.IntType(32), cgutils.voidptr_t])
        function = builder.inttoptr(args[0], kind.as_pointer())
        builder.call(function, [args[1], builder.bitcast(timespec, cgutils.voidptr_t)])
        seconds = builder.load(cgutils.gep_inbounds(builder, timespec, 0, 0))
        nanoseconds = builder.load(cgutils.gep_inbounds(builder, timespec, 0, 1))
        return builder.add(builder.mul(seconds, i64(1_000_000_000)), nanoseconds)

    return types.int64(types.uint64, types.int32), codegen


@njit(cache=True, error_model="numpy", inline="always")
def monotonic_ns(address: int, clock: int) -> int:
    """Read the clock of `time.perf_counter_ns` through clock_gettime, which needs no system call.

    The kernel maps clock_gettime into the process (vDSO, commpage). Returns 0 where there is no
    such function (address 0), as on Windows.
    """
    if address == 0:
        return 0
    return _call_clock_gettime(address, clock)


@intrinsic
def bits_as_float32(typingctx: Any, bits: Any):  # noqa: ANN201
    """Read 32 bits as a float."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.FloatType())

    return types.float32(types.int32), codegen


MACHINE = platform.machine().lower()
_X86 = MACHINE in ("x86_64", "amd64")
_ARM = MACHINE in ("aarch64", "arm64")
_MXCSR_FLUSH = 0x8040
"""Bits of the x86 control register: results that are denormal become 0, and so do operands."""
_FPCR_FLUSH = 1 << 24
"""The same in Arm's."""


def _intrinsic_function(builder: Any, name: str, result: Any, arguments: list[Any]) -> Any:
    kind = ir.FunctionType(result, arguments)
    return cgutils.get_or_insert_function(builder.module, kind, name)


def _read_mode(builder: Any) -> Any:
    i32, i64, pointer = ir.IntType(32), ir.IntType(64), cgutils.voidptr_t
    if _X86:
        slot = cgutils.alloca_once(builder, i32)
        read = _intrinsic_function(builder, "llvm.x86.sse.stmxcsr", ir.VoidType(), [pointer])
        builder.call(read, [builder.bitcast(slot, pointer)])
        return builder.zext(builder.load(slot), i64)
    if _ARM:
        return builder.call(_intrinsic_function(builder, "llvm.aarch64.get.fpcr", i64, []), [])
    return i64(0)


def _write_mode(builder: Any, mode: Any) -> None:
    i32, i64, pointer = ir.IntType(32), ir.IntType(64), cgutils.voidptr_t
    if _X86:
        slot = cgutils.alloca_once(builder, i32)
        builder.store(builder.trunc(mode, i32), slot)
        write = _intrinsic_function(builder, "llvm.x86.sse.ldmxcsr", ir.VoidType(), [pointer])
        builder.call(write, [builder.bitcast(slot, pointer)])
    elif _ARM:
        write = _intrinsic_function(builder, "llvm.aarch64.set.fpcr", ir.VoidType(), [i64])
        builder.call(write, [mode])


@intrinsic
def flush_denormals(typingctx: Any):  # noqa: ANN201
    """Let this thread round numbers too small for full precision to 0; return its mode before.

    Such numbers cost many times the time of others on some processors. Elsewhere than on x86-64
    and 64-bit Arm this does nothing.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        mode = _read_mode(builder)
        _write_mode(builder, builder.or_(mode, mode.type(_MXCSR_FLUSH if _X86 else _FPCR_FLUSH)))
        return mode

    return types.int64(), codegen


@intrinsic
def restore_mode(typingctx: Any, mode: Any):  # noqa: ANN201
    """Put this thread's arithmetic back into the mode that `flush_denormals` returned."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        _write_mode(builder, args[0])
        return context.get_dummy_value()

    return types.void(types.int64), codegen
