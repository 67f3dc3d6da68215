import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CYCLES, momentOf } from "../../../src/data/encoders/calendar.ts";
import { booleanEncoder, columns, type DateEncoderOptions, dateEncoder } from "../../../src/data/index.ts";
import { refusal } from "../refusal.ts";

describe("dates", () => {
  it("are read as the runtime reads them, and have its months, days and hours", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        (date) => {
          const text = date.toISOString();
          expect(momentOf(text)).toBe(date.getTime());
          expect(momentOf(date)).toBe(date.getTime());
          const moment = date.getTime();
          const year = date.getUTCFullYear();
          const startOf = (one: number) => new Date(0).setUTCFullYear(one, 0, 1);
          expect(CYCLES.month(moment) * 12).toBeCloseTo(date.getUTCMonth(), 9);
          expect(CYCLES.dayOfMonth(moment) * 31).toBeCloseTo(date.getUTCDate() - 1, 9);
          expect(CYCLES.dayOfWeek(moment) * 7).toBeCloseTo((date.getUTCDay() + 6) % 7, 9);
          expect(CYCLES.hour(moment) * 24).toBeCloseTo(date.getUTCHours(), 9);
          expect(CYCLES.minute(moment) * 60).toBeCloseTo(date.getUTCMinutes(), 9);
          const days = (startOf(year + 1) - startOf(year)) / 864e5;
          expect(CYCLES.dayOfYear(moment) * days).toBeCloseTo(
            Math.floor((moment - startOf(year)) / 864e5),
            9,
          );
        },
      ),
    );
  });

  it("have zones, and days that there are", () => {
    expect(momentOf("2024-02-29T12:30+02:00")).toBe(Date.parse("2024-02-29T10:30Z"));
    expect(momentOf("2024-02-29 12:30:01.5-0130")).toBe(Date.parse("2024-02-29T14:00:01.500Z"));
    for (const text of [
      "2023-02-29",
      "2024-13-01",
      "2024-1-1",
      "29.2.2024",
      "2024-02-29T24:00Z",
      "",
      "soon",
    ]) {
      expect(momentOf(text), text).toBeUndefined();
    }
    expect(momentOf(new Date("soon"))).toBeUndefined();
  });

  it("become places on circles, and a share of the time between the first and the last", () => {
    const encoder = dateEncoder({ parts: ["elapsed", "weekend", "month"] });
    const encoded = encoder.fitTransform(["2024-01-06", "2024-04-08", "2024-07-10"]);
    const expected = [0, 1, 0, 1, 93 / 186, 0, 1, 0, 1, 0, 0, -1];
    expected.forEach((value, i) => expect(encoded[i]).toBeCloseTo(value, 6));
    expect(encoder.featureNames(["day"])).toEqual([
      "day_elapsed",
      "day_weekend",
      "day_month_sine",
      "day_month_cosine",
    ]);
    const flat = dateEncoder({ parts: ["hour"], cyclic: false });
    expect([...flat.fitTransform([Date.UTC(2000, 1, 1, 18)])]).toEqual([0.75]);
  });

  it("are refused where they are none, or their parts are not known", () => {
    expect(refusal(() => columns({ day: dateEncoder() }).fit([{ day: "yesterday" }]))).toContain(
      'columns: "day": dateEncoder: fit: row 0, column 0 is "yesterday"; needs a date, milliseconds since 1970',
    );
    const odd = (options: object) => refusal(() => dateEncoder(options as DateEncoderOptions));
    expect(odd({ parts: ["month", "century"] })).toContain(
      'parts is ["month", "century"]; needs different ones of elapsed, weekend, month',
    );
    expect(odd({ parts: [] })).toContain("parts is []");
    expect(refusal(() => dateEncoder().fit(["2024-01-01"]).inverse([0, 0, 0, 0, 0]))).toContain(
      "there is none: parts of a date do not tell it",
    );
  });
});

describe("booleanEncoder", () => {
  it("makes 1 of yes and 0 of no, whatever stands for them", () => {
    const encoder = booleanEncoder();
    expect([...encoder.fitTransform([true, false, 1, 0])]).toEqual([1, 0, 1, 0]);
    expect(encoder.inverse([0.7, 0.2])).toEqual([[true], [false]]);
    const named = booleanEncoder({ yes: "Y", no: "N" });
    expect([...columns({ smokes: named }).fitTransform([{ smokes: "N" }, { smokes: "Y" }])]).toEqual([0, 1]);
  });

  it("refuses what is neither, and one value for both", () => {
    expect(refusal(() => booleanEncoder().fit([true]).transform(["true"]))).toBe(
      'DataError: booleanEncoder: transform: row 0, column 0 is "true"; needs true or false. Other values are named by ' +
        "{ yes, no }.",
    );
    expect(refusal(() => booleanEncoder({ yes: "a", no: "a" }))).toContain('yes and no are both "a"');
    expect(refusal(() => booleanEncoder({ yes: Number.NaN }))).toContain("yes is NaN");
  });
});
