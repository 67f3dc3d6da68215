"""Arrays of NumPy, and numbers of 16 bits: what tests/io/numpy and tests/io/tensors compare with.

    UPDATE_GIVEN=1 npx vitest run --config tools/vitest.config.ts tests/io/tensors/peers.test.ts
    /usr/bin/python3 tests/peers/numpy/tensors.py build/exchange > tests/peers/numpy/tensors.json

The first line writes the files that this reads; then it writes files of its own.
"""

import base64
import io
import json
import sys
import zlib
from pathlib import Path

import numpy
import torch

folder = Path(sys.argv[1])


def listed(array):
    """Numbers as text, so that those of 64 bits keep all their digits."""
    return {"dtype": str(array.dtype), "shape": list(array.shape), "values": [str(one) for one in array.ravel().tolist()]}


def read(path):
    found = numpy.load(path, allow_pickle=False)
    arrays = {"": found} if isinstance(found, numpy.ndarray) else {name: found[name] for name in found.files}
    return {name: listed(one) for name, one in arrays.items()}


def crc(path):
    return zlib.crc32(path.read_bytes())


names = ["stored.npz", "deflated.npz", "f64.npy", "f16.npy", "bool.npy", "u64.npy", "scalar.npy"]
# What is deflated depends on the runtime's zlib: of that the arrays count, not the bytes.
fromHere = {name: {"crc": None if name == "deflated.npz" else crc(folder / name), "arrays": read(folder / name)} for name in names}


def text(data):
    return base64.b64encode(data).decode()


def npy(array, version=None):
    buffer = io.BytesIO()
    numpy.lib.format.write_array(buffer, array, version=version, allow_pickle=array.dtype == object)
    return text(buffer.getvalue())


def npz(save, **arrays):
    buffer = io.BytesIO()
    save(buffer, **arrays)
    return text(buffer.getvalue())


cube = numpy.arange(24).reshape(2, 3, 4)
types = ["<f4", ">f4", "<f8", ">f8", "<f2", ">f2", "|i1", "|u1", "<i2", ">i2", "<u2", "<i4", ">i4", "<u4", "<i8", ">i8", "<u8", "|b1"]
arrays = {kind: (cube % 2 if kind == "|b1" else cube).astype(kind) for kind in types}
fromThere = {
    "arrays": {kind: {"file": npy(one), **listed(one)} for kind, one in arrays.items()},
    "fortran": {"file": npy(numpy.asfortranarray(cube.astype("<f4"))), **listed(cube.astype("<f4"))},
    "bigFortran": {"file": npy(numpy.asfortranarray(cube.astype(">i2"))), **listed(cube.astype(">i2"))},
    "version1": {"file": npy(cube.astype("<f4"), (1, 0)), **listed(cube.astype("<f4"))},
    "version2": {"file": npy(cube.astype("<f4"), (2, 0)), **listed(cube.astype("<f4"))},
    "version3": {"file": npy(cube.astype("<f4"), (3, 0)), **listed(cube.astype("<f4"))},
    "scalar": {"file": npy(numpy.float32(7)), **listed(numpy.array(7, "<f4"))},
    "empty": {"file": npy(numpy.zeros((0, 3), "<f8")), **listed(numpy.zeros((0, 3), "<f8"))},
}
refused = {
    "complex": npy(numpy.zeros(3, "<c8")),
    "text": npy(numpy.array(["a", "bc"])),
    "objects": npy(numpy.array([{}, 1], dtype=object)),
    "structured": npy(numpy.zeros(2, [("ä", "<f4"), ("b", "<i4")])),
    "date": npy(numpy.array(["2020-01-01"], "datetime64[D]")),
    "long": npy(numpy.zeros(2, "longdouble")),
}
weights = {"layer/kernel": cube.astype("<f4"), "bias": numpy.arange(3.0), "words": numpy.array(["a", "bc"]), "large": numpy.zeros(200_000, "<f4")}
archives = {"stored": npz(numpy.savez, **{**weights, "large": weights["large"][:10]}), "deflated": npz(numpy.savez_compressed, **weights)}

# Every pattern of binary16 as f32, and f64 near the middle between two of them, and of bfloat16, to the nearest.
halves = numpy.arange(65536, dtype=numpy.uint16)
generator = numpy.random.default_rng(1)
some = generator.integers(0, 0x7C00, 500).astype(numpy.uint16).view(numpy.float16).astype(numpy.float64)
above = numpy.nextafter(some.astype(numpy.float16), numpy.float16(numpy.inf)).astype(numpy.float64)
middle = (some + numpy.where(numpy.isfinite(above), above, 65536.0)) / 2
near = numpy.concatenate([middle, numpy.nextafter(middle, 0), numpy.nextafter(middle, numpy.inf), -middle,
                          [65519.999, 65520.0, 1e300, 2.0**-25, 2.0**-25 * 1.0001, 5e-324, -0.0, numpy.inf]])
with numpy.errstate(over="ignore"):
    rounded = near.astype(numpy.float16).view(numpy.uint16)
singles = generator.integers(0, 2**32, 500, dtype=numpy.uint32).view(numpy.float32)
singles = singles[numpy.isfinite(singles)]
bfloats = torch.tensor(singles).to(torch.bfloat16).view(torch.int16).numpy().view(numpy.uint16)

json.dump({
    "numpy": numpy.__version__,
    "torch": torch.__version__,
    "fromHere": fromHere,
    "fromThere": fromThere,
    "refused": refused,
    "archives": archives,
    "halves": {"crc": zlib.crc32(halves.view(numpy.float16).astype(numpy.float32).tobytes()),
               "near": text(near.astype("<f8").tobytes()), "rounded": text(rounded.astype("<u2").tobytes())},
    "bfloats": {"singles": text(singles.astype("<f4").tobytes()), "rounded": text(bfloats.astype("<u2").tobytes())},
}, sys.stdout, indent=1)
print()
