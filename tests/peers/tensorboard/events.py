"""What TensorBoard reads of the event file in events.json, which tests/plot/events.test.ts makes anew.

    pip install tensorboard                       # 2.21.0
    UPDATE_GIVEN=1 npx vitest run --config tools/vitest.config.ts tests/plot/events.test.ts   # writes the bytes
    python3 tests/peers/tensorboard/events.py     # writes what was read of them
"""

import base64
import dataclasses
import json
import math
import os
import tempfile

from tensorboard import version
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

path = os.path.join(os.path.dirname(__file__), "events.json")
with open(path) as file:
    given = json.load(file)

# JSON has no word for what is not finite.
def number(value):
    return value if math.isfinite(value) else str(value)


with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "events.out.tfevents.wasmgrad"), "wb") as file:
        file.write(base64.b64decode(given["base64"]))
    # 0: all of them.
    read = EventAccumulator(folder, size_guidance={"tensors": 0, "histograms": 0, "scalars": 0})
    read.Reload()
    tags = read.Tags()
    given["tensorboard"] = version.VERSION
    given["read"] = {
        "fileVersion": read.file_version,
        "scalars": {
            tag: [[one.wall_time, one.step, number(one.value)] for one in read.Scalars(tag)] for tag in tags["scalars"]
        },
        "histograms": {
            tag: [{"step": one.step, **dataclasses.asdict(one.histogram_value)} for one in read.Histograms(tag)]
            for tag in tags["histograms"]
        },
        "texts": {
            tag: {
                "plugin": read.SummaryMetadata(tag).plugin_data.plugin_name,
                "strings": [one.decode() for one in read.Tensors(tag)[0].tensor_proto.string_val],
            }
            for tag in tags["tensors"]
        },
    }

with open(path, "w") as file:
    json.dump(given, file, indent=1, ensure_ascii=False)
    file.write("\n")
