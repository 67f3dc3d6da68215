/** What is saved with a model comes back with it. */
import { describe, expect, it } from "vitest";
import { labelEncoder, loadEncoder, standardScaler } from "../../../src/data/index.ts";
import { compile, dense, input, sequential } from "../../../src/index.ts";
import { rowsOf, weightBits } from "../../given/models.ts";
import { refusal } from "../refusal.ts";

const model = () => compile(sequential(input(3), dense(2)), { loss: "meanSquaredError", seed: 3 });
const rows = rowsOf(20, 3);
const data = { x: rows, y: rowsOf(20, 2, 2) };

describe("attachments of a snapshot", () => {
  it("come back as JSON gives them, beside the weights", async () => {
    const trained = await model();
    await trained.fit(data, { epochs: 2 });
    const scaler = standardScaler().fit(rows);
    const species = labelEncoder().fit(["setosa", "virginica"]);
    const notes = {
      text: "über ∑ 漢",
      numbers: [0.1, -0, 1e300],
      nothing: null,
      inner: { yes: true, no: undefined },
    };
    const bytes = trained.snapshot({ attachments: { scaler, species, notes } });
    const other = await model();
    const { attachments } = other.restore(bytes);
    expect(weightBits(other)).toEqual(weightBits(trained));
    expect(attachments).toEqual(JSON.parse(JSON.stringify({ scaler, species, notes })));
    expect(loadEncoder(attachments.scaler, "standardScaler").transform(rows)).toEqual(scaler.transform(rows));
    expect(loadEncoder(attachments.species, "labelEncoder").classes).toEqual(["setosa", "virginica"]);
  });

  it("are empty where there were none, and change nothing of what a snapshot was before", async () => {
    const one = await model();
    const bytes = one.snapshot();
    expect(new TextDecoder().decode(bytes)).not.toContain("attachments");
    expect((await model()).restore(bytes)).toEqual({ attachments: {} });
    expect(one.snapshot({})).toEqual(bytes);
    expect((await model()).restore(one.snapshot({ attachments: {} }))).toEqual({ attachments: {} });
  });

  it("of every length leave the weights aligned", async () => {
    const one = await model();
    for (let length = 0; length < 8; length++) {
      const other = await model();
      const text = "é".repeat(length);
      expect(other.restore(one.snapshot({ attachments: { text } })).attachments).toEqual({ text });
      expect(weightBits(other)).toEqual(weightBits(one));
    }
  });

  it("are refused where JSON would lose them, with their place", async () => {
    const one = await model();
    const refuse = (attachments: unknown) =>
      refusal(() => one.snapshot({ attachments: attachments as never }));
    expect(refuse({ means: new Float32Array(3) })).toBe(
      "OptionError: snapshot: attachments.means is an object (Float32Array); needs what JSON holds: finite numbers, " +
        "strings, true, false, null, arrays and plain objects of these, or an object with toJSON. Give Array.from(…) of it.",
    );
    expect(refuse({ list: [1, Number.NaN] })).toContain("attachments.list[1] is NaN");
    expect(refuse({ list: [undefined] })).toContain("attachments.list[0] is undefined");
    expect(refuse({ act: () => 1 })).toContain("attachments.act is a function");
    expect(refuse({ big: 1n })).toContain("attachments.big is 1n, a BigInt");
    expect(refuse({ map: new Map() })).toContain("attachments.map is an object (Map)");
    expect(refuse({ symbol: Symbol("s") })).toContain("attachments.symbol is Symbol(s)");
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(refuse({ circle })).toContain("attachments.circle.self holds itself");
    expect(refuse([])).toContain("options are an array of 0; needs an object");
    expect(refusal(() => one.snapshot({ attachment: {} } as never))).toContain('Did you mean "attachments"?');
    // A value that comes twice is no circle.
    const shared = { a: 1 };
    expect(() => one.snapshot({ attachments: { one: shared, two: shared } })).not.toThrow();
  });
});
