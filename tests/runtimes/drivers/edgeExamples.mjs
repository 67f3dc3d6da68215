// The workers of examples/edge, bundled and served as an edge serves them: request by request they train on and answer.
import { cp } from "node:fs/promises";
import { join, resolve } from "node:path";

const examples = resolve(import.meta.dirname, "../../../examples/edge");

/** An isolate has this much. */
const ISOLATE_BYTES = 128 * 2 ** 20;

export const copyEdgeExamples = (folder) => cp(examples, join(folder, "edgeExamples"), { recursive: true });

const x = Array.from({ length: 60 }, (_, i) => [i % 3, ((i * 7) % 5) / 5, (i % 3) * 2, 1]);
const y = x.map(([kind]) => kind);

/** @param fetchOnceUp fetches from a server that is starting up */
export async function askEdgeExamples(url, fetchOnceUp) {
  const failures = [];
  let passed = 0;
  const check = (what, holds) => {
    if (holds) passed++;
    else failures.push(what);
  };
  const post = async (path, body) => {
    const response = await fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body) });
    return { status: response.status, ...(await response.json()) };
  };
  await fetchOnceUp(url);
  check("nothing is served before anything was learned", (await post("/predict", { x })).status === 404);
  const first = await post("/train", { x, y, steps: 40 });
  const second = await post("/train", { x, y, steps: 160 });
  check("training goes on where it stopped", JSON.stringify(second.before) === JSON.stringify(first.after));
  check("the loss falls", second.after?.loss < first.after?.loss);
  check("an isolate has room for it", second.memory < ISOLATE_BYTES);
  const served = await post("/predict", { x: x.slice(0, 6) });
  check("what was learned is served", served.classes?.join() === "0,1,2,0,1,2");
  const refused = await post("/train", { x: [[1, 2]], y: [0] });
  check("bad rows are refused", refused.status === 400 && refused.error?.includes("needs rows of 4 numbers"));
  return { passed, failures };
}
