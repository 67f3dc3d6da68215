// An edge worker that goes on training where the last request stopped: it restores a snapshot, takes some steps on the
// rows that it is sent, answers with the loss, and saves.
//
//     POST /  { "x": [[5.1, 3.5, 1.4, 0.2], …], "y": [0, …], "steps": 50 }
//
// Clocks stand still in an edge worker while it computes, so the work of a request is bounded by steps, not by time.
// `env.SNAPSHOTS` is a key-value store, such as Workers KV.
import { createModel, KEY } from "./network.mjs";

const MOST_STEPS = 500;

export default {
  async fetch(request, env) {
    if (request.method !== "POST") return new Response("POST rows to train on.", { status: 405 });
    try {
      const { x, y, steps = 50 } = await request.json();
      const model = await createModel();
      const saved = await env.SNAPSHOTS.get(KEY, "arrayBuffer");
      if (saved !== null) model.restore(saved);
      const batchSize = Math.min(16, x.length);
      const before = saved === null ? null : await model.evaluate({ x, y });
      await model.fit({ x, y }, { epochs: MOST_STEPS, batchSize, maxSteps: Math.min(steps, MOST_STEPS) });
      const after = await model.evaluate({ x, y });
      await env.SNAPSHOTS.put(KEY, model.snapshot());
      return Response.json({ before, after, memory: model.memory.total });
    } catch (error) {
      // Errors say who, what was got, what is needed and how to mend it: fit for whoever sent the rows.
      return Response.json({ error: `${error.name}: ${error.message}` }, { status: 400 });
    }
  },
};
