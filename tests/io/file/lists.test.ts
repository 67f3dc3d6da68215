/** Long lists of encoders as tensors of a model file: vocabularies and sums. */
import { describe, expect, it } from "vitest";
import { labelEncoder, standardScaler } from "../../../src/data/index.ts";
import { compile, dense, input, sequential } from "../../../src/index.ts";
import { inspect, load, save } from "../../../src/io/index.ts";
import { rejectionOf, rowsOf } from "../../given/models.ts";
import {
  type Anything,
  headerOf,
  partsOf,
  put,
  sealed,
  stateOf,
  withHeader,
  withState,
} from "../snapshot/file.ts";

const words = Array.from({ length: 9000 }, (_, i) => `wörd ${i}`);
const wide = standardScaler().fit(rowsOf(3, 4000));

const model = () => compile(sequential(input(3), dense(9000)));

describe("a long list of an encoder", () => {
  it("of texts is a tensor, and comes back as it was", async () => {
    const labels = labelEncoder().fit(words);
    const bytes = await save(await model(), { labels });
    expect(stateOf(bytes)).toMatchObject({
      format: 2,
      labels: { "": { fitted: { classes: { tensor: "/labels//fitted/classes" } } } },
    });
    const { tensors } = await inspect(bytes);
    expect(tensors.at(-1)).toMatchObject({ name: "/labels//fitted/classes", dtype: "U8" });
    const loaded = await load(bytes);
    expect(JSON.stringify(loaded.labels[""])).toBe(JSON.stringify(labels));
    expect(await save(loaded.model, { labels })).toEqual(bytes);
  });

  it("of numbers is one of f64, to the bit", async () => {
    const bytes = await save(await model(), { encoders: wide, metadata: { long: words } });
    const names = Object.keys(headerOf(bytes)).filter((name) => name.startsWith("/"));
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) expect(headerOf(bytes)[name]).toMatchObject({ dtype: "F64", shape: [4000] });
    const loaded = await load(bytes);
    expect(JSON.stringify(loaded.encoders[""])).toBe(JSON.stringify(wide));
    expect(loaded.metadata).toEqual({ long: words });
  });

  it("that is short stays in the text, of format 1", async () => {
    const bytes = await save(await model(), { encoders: standardScaler().fit(rowsOf(3, 3)) });
    expect(stateOf(bytes).format).toBe(1);
    expect(Object.keys(headerOf(bytes)).filter((name) => name.startsWith("/"))).toEqual([]);
  });

  it("stood in the text of older files, which are read", async () => {
    const labels = labelEncoder().fit(words);
    const bytes = await save(await model());
    const old = withState(bytes, put("labels", { "": JSON.parse(JSON.stringify(labels)) }));
    expect(stateOf(old).format).toBe(1);
    expect(JSON.stringify((await load(old)).labels[""])).toBe(JSON.stringify(labels));
  });
});

describe("a file is refused whose list", () => {
  const good = async () => save(await model(), { labels: labelEncoder().fit(words) });
  const name = "/labels//fitted/classes";
  const cases: Readonly<Record<string, readonly [change: (bytes: Uint8Array) => Uint8Array, says: string]>> =
    {
      "is missing": [
        (bytes) =>
          withState(bytes, (state: Anything) => {
            state.labels[""].fitted.classes = { tensor: "/other" };
          }),
        '"/other" is missing',
      ],
      "is used by none": [
        (bytes) => withState(bytes, put("labels", {})),
        `"${name}" is of no encoder of the file`,
      ],
      "is of another type": [
        (bytes) =>
          withHeader(bytes, (header: Anything) => {
            header[name].dtype = "I8";
          }),
        `"${name}" is I8 of 1 axes`,
      ],
      "is no JSON": [
        (bytes) => {
          const { text, data } = partsOf(bytes);
          data[headerOf(bytes)[name].data_offsets[0]] = 0x7d;
          return sealed({ text, data });
        },
        `the tensor "${name}" cannot be read`,
      ],
      "is not of texts": [
        (bytes) => {
          const { text, data } = partsOf(bytes);
          const [begin, end] = headerOf(bytes)[name].data_offsets;
          data.fill(0x20, begin, end);
          data.set([0x5b, 0x31, 0x5d], begin);
          return sealed({ text, data });
        },
        `"${name}" is U8 of 1 axes`,
      ],
      "stands in a file of format 1": [(bytes) => withState(bytes, put("format", 1)), "is of no parameter"],
    };

  it.each(Object.keys(cases))("%s", async (title) => {
    const [change, says] = cases[title]!;
    const bytes = change(await good());
    const error = (await rejectionOf(load(bytes))) as Error;
    expect(error.name, error.message).toBe("FormatError");
    expect(error.message).toContain(says);
  });
});
