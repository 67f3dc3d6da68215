/** The edge workers of examples/edge, one request after the other, as a store of snapshots sees them. */
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";

interface EdgeWorker {
  fetch(request: Request, env: unknown): Promise<Response>;
}

beforeAll(() => {
  if (!existsSync("dist/index.js")) throw new Error("dist/index.js is missing; run `npm run build` first.");
});

const load = async (name: string): Promise<EdgeWorker> =>
  (await import(new URL(`../../examples/edge/${name}.mjs`, import.meta.url).href)).default;

/** A key-value store in memory. */
function storeOf() {
  const kept = new Map<string, ArrayBuffer>();
  return {
    get: async (key: string) => kept.get(key) ?? null,
    put: async (key: string, bytes: Uint8Array<ArrayBuffer>) => void kept.set(key, bytes.slice().buffer),
  };
}

interface Scores {
  readonly loss: number;
  readonly accuracy: number;
}

/** What either worker answers: what it does not say is not there. */
interface Answer {
  readonly before: Scores;
  readonly after: Scores;
  readonly memory: number;
  readonly classes: readonly number[];
  readonly error: string;
}

/** Three classes that a line through two of four features does not part. */
const x = Array.from({ length: 60 }, (_, i) => [i % 3, ((i * 7) % 5) / 5, (i % 3) * 2, 1]);
const y = x.map(([kind]) => kind);

describe("edge workers", () => {
  it("train on, request by request, to the same loss as in one go, and serve what was learned", async () => {
    const [train, predict] = [await load("train"), await load("predict")];
    const post = async (worker: EdgeWorker, env: unknown, body: unknown) => {
      const response = await worker.fetch(
        new Request("http://edge/", { method: "POST", body: JSON.stringify(body) }),
        env,
      );
      const answer = (await response.json()) as Answer;
      return { ...answer, status: response.status };
    };
    const env = { SNAPSHOTS: storeOf() };
    expect((await post(predict, env, { x })).status).toBe(404);
    const first = await post(train, env, { x, y, steps: 40 });
    const second = await post(train, env, { x, y, steps: 40 });
    expect(second.before).toEqual(first.after);
    expect(second.after.loss).toBeLessThan(first.after.loss);
    const third = await post(train, env, { x, y, steps: 120 });
    expect(third.after.accuracy).toBe(1);
    expect(third.memory).toBeLessThanOrEqual(16 * 2 ** 20);
    const served = await post(predict, env, { x: x.slice(0, 6) });
    expect(served.classes).toEqual([0, 1, 2, 0, 1, 2]);
    const refused = await post(train, env, { x: [[1, 2]], y: [0] });
    expect(refused.status).toBe(400);
    expect(refused.error).toContain("row 0 has 2 numbers; needs rows of 4 numbers");
  });
});
