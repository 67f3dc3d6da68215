/** Weight decay of a group leaves out what is exempt from it, and is refused where nothing else is in the group. */
import { expect, it } from "vitest";
import { compile, dense, input, prelu, sequential, sgd } from "../../src/index.ts";
import { rowsOf } from "../given/models.ts";

const compiled = (groups: object) =>
  compile(sequential(input(2), dense(3), prelu(), dense(1)), {
    loss: "meanSquaredError",
    optimizer: sgd({ learningRate: 1, groups: groups as Record<string, object> }),
    seed: 1,
  });

it("weight decay of a group of exempt parameters is refused, which would have had no effect", async () => {
  await expect(compiled({ prelu: { weightDecay: 0.5 } })).rejects.toThrow(
    'compile: sgd: group "prelu" has weightDecay 0.5, but its parameters (prelu/slope) take none',
  );
  await expect(compiled({ prelu: { weightDecay: 0, learningRateScale: 0.1 } })).resolves.toBeDefined();
});

it("a wider group decays the others, as w − rate · decay · w beside the same gradient", async () => {
  const x = rowsOf(8, 2);
  const data = { x, y: x.map(([a = 0]) => [a]) };
  const [plain, decayed] = [await compiled({}), await compiled({ "*": { weightDecay: 0.25 } })];
  const before = plain.weights();
  await plain.fit(data, { batchSize: 8 });
  await decayed.fit(data, { batchSize: 8 });
  const [without, having] = [plain.weights(), decayed.weights()];
  for (const [name, { data: found }] of Object.entries(having)) {
    const decay = name.startsWith("prelu") ? 0 : 0.25;
    found.forEach((value, i) =>
      expect(value).toBeCloseTo(without[name]!.data[i]! - decay * before[name]!.data[i]!, 5),
    );
  }
});
